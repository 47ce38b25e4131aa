<?cs set:T.title = Msg.admin.log_title ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs

def:value(label, text) ?>
<td data-label="<?cs var:label ?>"<?cs if:string.length(text) == #0 ?> class="no"<?cs /if ?>><?cs if:string.length(text) > #0 ?><?cs var:text ?><?cs else ?>–<?cs /if ?></td><?cs
/def ?>
<h1><?cs var:Msg.admin.log_title ?></h1>
<p><?cs var:Msg.admin.log_lead ?></p>
<?cs call:searchbox(Domain.path + "/log", Msg.admin.log_search) ?>
<button type="submit" class="second"><?cs var:Msg.admin.search_button ?></button>
</form><?cs
if:?List.empty ?>
<div class="card empty"><p><?cs
  if:?List.more ?><?cs var:Msg.accounts.unfinished ?><?cs
  elif:List.empty == "search" ?><?cs var:Msg.admin.log_no_hit ?><?cs
  else ?><?cs var:Msg.admin.log_none ?><?cs
  /if ?></p><?cs
  if:List.empty == "search" && !?List.more ?>
<p><a href="<?cs var:Domain.path ?>/log"><?cs var:Msg.admin.log_all ?></a></p><?cs
  /if ?></div><?cs
else ?>
<table class="log changes">
<caption><?cs var:Msg.history.zone ?> <?cs var:History.zone ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.history.col_when ?></th><th scope="col"><?cs var:Msg.admin.log_subject ?></th><th scope="col"><?cs var:Msg.history.col_what ?></th><th scope="col"><?cs var:Msg.history.col_old ?></th><th scope="col"><?cs var:Msg.history.col_new ?></th><th scope="col"><?cs var:Msg.history.col_who ?></th><th scope="col"><?cs var:Msg.history.col_from ?></th></tr>
</thead>
<tbody><?cs
  each:h = History ?><?cs if:?h.when ?>
<tr>
<td data-label="<?cs var:Msg.history.col_when ?>" class="when"><?cs var:h.when ?></td>
<td data-label="<?cs var:Msg.admin.log_subject ?>"><?cs var:h.subject ?></td>
<td data-label="<?cs var:Msg.history.col_what ?>" class="what"><?cs var:h.what ?></td><?cs
call:value(Msg.history.col_old, h.old) ?><?cs
call:value(Msg.history.col_new, h.new) ?>
<td data-label="<?cs var:Msg.history.col_who ?>"><?cs var:h.who ?></td><?cs
call:value(Msg.history.col_from, h.from) ?>
</tr><?cs
  /if ?><?cs /each ?>
</tbody>
</table><?cs
/if ?>
<nav class="pager" aria-label="<?cs var:Msg.admin.pages ?>"><?cs
if:?List.newer ?><a href="<?cs var:List.newer ?>" rel="prev"><?cs var:Msg.admin.newer ?></a> <?cs /if ?><?cs
if:?List.older ?><a href="<?cs var:List.older ?>" rel="next"><?cs var:Msg.history.older ?></a><?cs
elif:?List.more ?><a href="<?cs var:List.more ?>" rel="next"><?cs var:Msg.admin.more ?></a><?cs
elif:!?List.empty ?><span class="hint"><?cs var:Msg.admin.log_end ?></span><?cs
/if ?></nav>
<?cs include:"foot.cs" ?>
