<?cs set:T.title = Msg.accounts.new ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs
include:"parts.cs" ?><?cs
include:"password.cs" ?>
<h1><?cs var:Msg.accounts.new ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<p><?cs var:Msg.accounts.new_lead ?> <a href="<?cs var:Domain.path ?>/import"><?cs var:Msg.accounts.import ?></a></p>
<form method="post" action="<?cs var:Domain.path ?>/accounts/new"><?cs call:csrf() ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.about ?></legend><?cs
call:local("account", Msg.accounts.new_account, Msg.accounts.new_account_hint) ?><?cs
call:text("real_name", Msg.label.real_name, Msg.account.name_hint) ?><?cs
call:number("quota_mb", Msg.label.quota, Msg.accounts.quota_default) ?>
<p class="hint"><?cs var:Msg.domain.default_quota ?> <b><?cs var:Quota.default ?></b></p>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.domain.initial ?></legend>
<p><?cs var:Msg.accounts.initial_text ?></p><?cs
call:own_password(Msg.accounts.initial_own) ?>
</fieldset><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs var:Msg.accounts.new_button ?></button> <a href="<?cs var:Domain.path ?>/accounts"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
