<?cs set:T.title = Msg.admin.forwards ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.admin.forwards ?></h1>
<?cs call:notice() ?>
<p><?cs var:Msg.forwards.lead ?></p>
<p class="acts"><a class="main" href="<?cs var:Domain.path ?>/forwards/new"><?cs var:Msg.forwards.new ?></a></p>
<?cs call:searchbox(Domain.path + "/forwards", Msg.forwards.search) ?>
<button type="submit" class="second"><?cs var:Msg.admin.search_button ?></button>
</form>
<p><?cs var:Msg.forwards.count ?> <b><?cs var:List.count ?></b></p><?cs
if:?List.empty ?>
<div class="card empty"><p><?cs
  if:List.empty == "search" ?><?cs var:Msg.forwards.no_hit ?><?cs else ?><?cs var:Msg.forwards.none ?><?cs /if ?></p><?cs
  if:List.empty == "search" ?>
<p><a href="<?cs var:Domain.path ?>/forwards"><?cs var:Msg.forwards.show_all ?></a></p><?cs
  /if ?></div><?cs
else ?>
<table class="log forwards">
<caption class="vh"><?cs var:Msg.admin.forwards ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.forwards.title ?></th><th scope="col"><?cs var:Msg.forwards.targets ?></th></tr>
</thead>
<tbody><?cs
  each:r = Row ?>
<tr><th scope="row" class="name"><a href="<?cs var:r.href ?>"><?cs var:r.address ?></a></th><td data-label="<?cs var:Msg.forwards.targets ?>"><span><?cs var:r.targets ?><?cs if:?r.more ?> … <b>+<?cs var:r.more ?></b><?cs /if ?></span></td></tr><?cs
  /each ?>
</tbody>
</table><?cs
/if ?>
<?cs call:pager(Msg.forwards.end) ?>
<?cs include:"foot.cs" ?>
