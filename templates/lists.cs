<?cs set:T.title = Msg.admin.lists ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.admin.lists ?></h1>
<?cs call:notice() ?>
<p><?cs var:Msg.lists.lead ?></p><?cs
if:?Lists.off ?>
<p class="box warn"><?cs var:Msg.lists.off ?></p><?cs
/if ?>
<p class="acts"><a class="main" href="<?cs var:Domain.path ?>/lists/new"><?cs var:Msg.lists.new ?></a></p><?cs
if:subcount(Row) == #0 ?>
<div class="card empty"><p><?cs var:Msg.lists.none ?></p></div><?cs
else ?>
<table class="log forwards">
<caption class="vh"><?cs var:Msg.admin.lists ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.lists.title ?></th><th scope="col"><?cs var:Msg.lists.description ?></th><th scope="col"><?cs var:Msg.lists.posting_legend ?></th><th scope="col"><?cs var:Msg.lists.owner ?></th><th scope="col"><?cs var:Msg.lists.members ?></th></tr>
</thead>
<tbody><?cs
  each:r = Row ?>
<tr><th scope="row" class="name"><a href="<?cs var:r.href ?>"><?cs var:r.address ?></a></th><td data-label="<?cs var:Msg.lists.description ?>"<?cs if:string.length(r.description) == #0 ?> class="no"<?cs /if ?>><?cs var:r.description ?></td><td data-label="<?cs var:Msg.lists.posting_legend ?>"><?cs var:r.posting ?></td><td data-label="<?cs var:Msg.lists.owner ?>"><?cs var:r.owner ?></td><td data-label="<?cs var:Msg.lists.members ?>"><a href="<?cs var:r.members ?>"><?cs var:Msg.lists.members_open ?></a></td></tr><?cs
  /each ?>
</tbody>
</table><?cs
/if ?>
<?cs include:"foot.cs" ?>
