<?cs set:T.title = Msg.history.title ?><?cs set:T.nav = "history" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Msg.history.title ?></h1>
<?cs call:notice() ?>
<p><?cs var:Msg.history.lead ?></p><?cs
if:?History.0.when ?>
<table class="log">
<caption><?cs var:Msg.history.zone ?> <?cs var:History.zone ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.history.col_when ?></th><th scope="col"><?cs var:Msg.history.col_what ?></th><th scope="col"><?cs var:Msg.history.col_old ?></th><th scope="col"><?cs var:Msg.history.col_new ?></th><th scope="col"><?cs var:Msg.history.col_who ?></th><th scope="col"><?cs var:Msg.history.col_from ?></th></tr>
</thead>
<tbody><?cs
  each:h = History ?><?cs if:?h.when ?>
<tr>
<td data-label="<?cs var:Msg.history.col_when ?>" class="when"><?cs var:h.when ?></td>
<td data-label="<?cs var:Msg.history.col_what ?>" class="what"><?cs var:h.what ?></td>
<td data-label="<?cs var:Msg.history.col_old ?>"<?cs if:string.length(h.old) == #0 ?> class="no"<?cs /if ?>><?cs if:string.length(h.old) > #0 ?><?cs var:h.old ?><?cs else ?>–<?cs /if ?></td>
<td data-label="<?cs var:Msg.history.col_new ?>"<?cs if:string.length(h.new) == #0 ?> class="no"<?cs /if ?>><?cs if:string.length(h.new) > #0 ?><?cs var:h.new ?><?cs else ?>–<?cs /if ?></td>
<td data-label="<?cs var:Msg.history.col_who ?>"><?cs var:h.who ?></td>
<td data-label="<?cs var:Msg.history.col_from ?>"<?cs if:string.length(h.from) == #0 ?> class="no"<?cs /if ?>><?cs if:string.length(h.from) > #0 ?><?cs var:h.from ?><?cs else ?>–<?cs /if ?></td>
</tr><?cs
  /if ?><?cs /each ?>
</tbody>
</table><?cs
else ?>
<p class="card empty"><?cs var:Msg.history.empty ?></p><?cs
/if ?><?cs
if:?History.next ?>
<p><a class="more" href="<?cs var:History.next ?>" rel="next"><?cs var:Msg.history.older ?></a></p><?cs
/if ?>
<?cs include:"foot.cs" ?>
