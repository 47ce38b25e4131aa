<?cs set:T.title = Msg.login.title ?><?cs set:T.nav = "login" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Msg.login.title ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.login.failed) ?>
<form method="post" action="/login" class="card">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<div class="field">
<label for="account"><?cs var:Msg.login.account ?></label>
<p class="hint" id="account-hint"><?cs var:Msg.login.account_hint ?></p>
<?cs if:Bad.account ?><?cs call:errors("account") ?><?cs /if ?>
<input id="account" name="account" type="text" value="<?cs var:Field.account.value ?>" autocomplete="username" autocapitalize="none" spellcheck="false" inputmode="email" aria-required="true"<?cs if:Bad.account ?> aria-invalid="true" aria-describedby="account-hint account-error"<?cs else ?> aria-describedby="account-hint"<?cs /if ?>>
</div>
<div class="field">
<label for="domain"><?cs var:Msg.login.domain ?></label>
<p class="hint" id="domain-hint"><?cs var:Msg.login.domain_hint ?></p>
<?cs if:Bad.domain ?><?cs call:errors("domain") ?><?cs /if ?>
<input id="domain" name="domain" type="text" value="<?cs var:Field.domain.value ?>" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="url"<?cs if:Bad.domain ?> aria-invalid="true" aria-describedby="domain-hint domain-error"<?cs else ?> aria-describedby="domain-hint"<?cs /if ?>>
</div>
<div class="field">
<label for="password"><?cs var:Msg.login.password ?></label>
<?cs if:Bad.password ?><?cs call:errors("password") ?><?cs /if ?>
<input id="password" name="password" type="password" autocomplete="current-password" aria-required="true"<?cs if:Bad.password ?> aria-invalid="true" aria-describedby="password-error"<?cs /if ?>>
</div>
<button type="submit"><?cs var:Msg.login.button ?></button>
<p class="hint after"><?cs var:Msg.login.forgotten ?></p>
<p class="hint after"><?cs var:Msg.login.cookies ?></p>
</form>
<?cs include:"foot.cs" ?>
