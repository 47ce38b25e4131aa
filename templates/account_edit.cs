<?cs set:T.title = Account.address ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs
include:"parts.cs" ?><?cs
include:"password.cs" ?>
<p class="back"><a href="<?cs var:Domain.path ?>/accounts"><?cs var:Msg.accounts.back ?></a></p>
<h1><?cs var:Account.address ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.account.failed) ?><?cs call:part_conflict() ?>
<section class="card" aria-labelledby="h-state">
<h2 id="h-state"><?cs var:Msg.accounts.state ?></h2>
<dl class="facts">
<div><dt><?cs var:Msg.accounts.password ?></dt><dd><?cs if:?Account.initial ?><b class="still"><?cs var:Msg.accounts.is_initial ?></b><?cs else ?><?cs var:Msg.accounts.is_own ?><?cs /if ?></dd></div>
<div><dt><?cs var:Msg.accounts.password_at ?></dt><dd><?cs var:Account.password_at ?></dd></div>
<div><dt><?cs var:Msg.accounts.created ?></dt><dd><?cs var:Account.created ?></dd></div><?cs
if:?Account.admin ?>
<div><dt><?cs var:Msg.accounts.rights ?></dt><dd><?cs var:Msg.accounts.admin ?></dd></div><?cs
/if ?>
</dl>
<p class="acts"><a class="more" href="<?cs var:Account.path ?>/reset"><?cs var:Msg.accounts.reset ?></a><?cs
if:!?Account.postmaster ?> <a class="more danger" href="<?cs var:Account.path ?>/delete"><?cs var:Msg.accounts.delete ?></a><?cs
/if ?></p>
</section><?cs
call:part_delivery() ?><?cs call:part_mailbox() ?>
<form method="post" action="<?cs var:Account.path ?>"><?cs call:csrf() ?>
<input type="hidden" name="version" value="<?cs var:Account.version ?>"><?cs
call:part_name() ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.quota ?></legend><?cs
call:number("quota_mb", Msg.label.quota, Msg.accounts.quota_hint) ?>
</fieldset><?cs
call:part_routing() ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.password ?></legend>
<p><?cs var:Msg.accounts.edit_password ?></p><?cs
call:own_password(Msg.accounts.initial_set) ?>
</fieldset><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs var:Msg.accounts.save ?></button></div>
</form>
<?cs include:"foot.cs" ?>
