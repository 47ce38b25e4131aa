<?cs if:?New ?><?cs set:T.title = Msg.forwards.new ?><?cs else ?><?cs set:T.title = Forward.address ?><?cs /if ?><?cs
set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs
include:"parts.cs" ?>
<p class="back"><a href="<?cs var:Domain.path ?>/forwards"><?cs var:Msg.forwards.back ?></a></p>
<h1><?cs var:T.title ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.accounts.failed) ?><?cs call:part_conflict() ?>
<form method="post" action="<?cs if:?New ?><?cs var:Domain.path ?>/forwards/new<?cs else ?><?cs var:Forward.path ?><?cs /if ?>"><?cs call:csrf() ?>
<fieldset class="card"><legend><?cs var:Msg.forwards.title ?></legend><?cs
if:?New ?><?cs
call:local("name", Msg.forwards.name, Msg.forwards.name_hint) ?><?cs
else ?>
<input type="hidden" name="version" value="<?cs var:Forward.version ?>"><?cs
/if ?><?cs
call:lines("targets", Msg.forwards.targets, Msg.forwards.targets_hint, "8") ?>
</fieldset><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs if:?New ?><?cs var:Msg.accounts.new_button ?><?cs else ?><?cs var:Msg.accounts.save ?><?cs /if ?></button> <a href="<?cs var:Domain.path ?>/forwards"><?cs var:Msg.accounts.cancel ?></a></div>
</form><?cs
if:!?New ?>
<p class="acts"><a class="more danger" href="<?cs var:Forward.path ?>/delete"><?cs var:Msg.forwards.delete ?></a></p><?cs
/if ?>
<?cs include:"foot.cs" ?>
