<?cs set:T.title = Msg.lists.members ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<p class="back"><a href="<?cs var:List.path ?>"><?cs var:List.address ?></a></p>
<h1><?cs var:Msg.lists.members ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.accounts.failed) ?><?cs
if:?Lists.away ?>
<p class="box bad" role="alert"><?cs var:Msg.lists.away ?></p><?cs
/if ?>
<form method="post" action="<?cs var:List.path ?>/members"><?cs call:csrf() ?>
<fieldset class="card"><legend><?cs var:Msg.lists.members_add ?></legend><?cs
call:lines("members", Msg.lists.members_new, Msg.lists.members_hint, "5") ?><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs var:Msg.lists.members_button ?></button></div>
</fieldset>
</form><?cs
if:!?Lists.away ?>
<?cs call:searchbox(List.path + "/members", Msg.lists.members_search) ?>
<button type="submit" class="second"><?cs var:Msg.admin.search_button ?></button>
</form>
<p><?cs var:Msg.lists.members_count ?> <b><?cs var:Count.members ?></b> <a href="<?cs var:List.path ?>/members.txt"><?cs var:Msg.lists.members_export ?></a></p><?cs
if:?List.empty ?>
<div class="card empty"><p><?cs if:List.empty == "search" ?><?cs var:Msg.lists.members_no_hit ?><?cs else ?><?cs var:Msg.lists.members_none ?><?cs /if ?></p></div><?cs
else ?>
<form method="post" action="<?cs var:List.path ?>/members"><?cs call:csrf() ?>
<fieldset class="card" id="pick" tabindex="-1"><legend><?cs var:Msg.lists.members_now ?></legend><?cs
  each:m = Member ?>
<div class="pick"><input type="checkbox" id="m-<?cs var:m.address ?>" name="m-<?cs var:m.address ?>" value="on"><label for="m-<?cs var:m.address ?>"><?cs var:m.address ?></label></div><?cs
  /each ?>
<p class="acts"><button type="submit" class="second danger" name="action" value="remove"><?cs var:Msg.lists.members_remove ?></button></p>
</fieldset>
</form><?cs
/if ?>
<?cs call:pager(Msg.lists.end) ?><?cs
/if ?>
<?cs include:"foot.cs" ?>
