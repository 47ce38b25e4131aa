<?cs if:?New ?><?cs set:T.title = Msg.site.new ?><?cs else ?><?cs set:T.title = Site.name ?><?cs /if ?><?cs
set:T.nav = "site" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<p class="back"><a href="/site"><?cs var:Msg.site.back ?></a></p>
<h1><?cs var:T.title ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.accounts.failed) ?>
<form method="post" action="<?cs if:?New ?>/site/domains/new<?cs else ?><?cs var:Site.path ?><?cs /if ?>"><?cs call:csrf() ?><?cs if:!?New ?>
<input type="hidden" name="domain_version" value="<?cs var:Site.domain_version ?>"><?cs /if ?>
<fieldset class="card"><legend><?cs var:Msg.site.domain_title ?></legend><?cs
if:?New ?><?cs call:text("domain", Msg.site.domain, Msg.site.domain_hint) ?><?cs /if ?><?cs
call:text("pop_host", Msg.site.pop_host, Msg.site.pop_host_hint) ?>
<div class="choice">
<?cs if:Bad.enabled ?><?cs call:errors("enabled") ?><?cs /if ?>
<div class="pick"><input type="checkbox" id="enabled" name="enabled" value="on"<?cs if:Field.enabled.value ?> checked<?cs /if ?><?cs call:described("enabled", Msg.site.enabled_hint) ?>><label for="enabled"><?cs var:Msg.site.enable ?></label></div>
<p class="hint" id="enabled-hint"><?cs var:Msg.site.enabled_hint ?></p>
</div>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.domain.limits ?></legend>
<p class="hint"><?cs var:Msg.site.limits_hint ?></p><?cs
if:?Site.accounts ?>
<p><?cs var:Msg.site.now ?> <?cs var:Msg.admin.accounts ?> <b><?cs var:Site.accounts ?></b>, <?cs var:Msg.admin.forwards ?> <b><?cs var:Site.forwards ?></b>, <?cs var:Msg.admin.lists ?> <b><?cs var:Site.lists ?></b></p><?cs
/if ?><?cs
call:number("max_accounts", Msg.admin.accounts, "") ?><?cs
call:number("max_forwards", Msg.admin.forwards, "") ?><?cs
call:number("max_lists", Msg.admin.lists, "") ?><?cs
call:number("default_quota_mb", Msg.site.default_quota_mb, Msg.site.default_quota_hint) ?>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.site.administrators ?></legend><?cs
if:?New ?><?cs call:lines("administrators", Msg.site.administrators_new, Msg.site.administrators_new_hint, "3") ?><?cs
else ?><?cs call:lines("administrators", Msg.site.administrators_now, Msg.site.administrators_hint, "5") ?><?cs /if ?>
</fieldset><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs if:?New ?><?cs var:Msg.site.new_button ?><?cs else ?><?cs var:Msg.accounts.save ?><?cs /if ?></button> <a href="/site"><?cs var:Msg.accounts.cancel ?></a></div>
</form><?cs
if:!?New ?>
<form method="post" action="<?cs var:Site.path ?>/postmaster"><?cs call:csrf() ?>
<input type="hidden" name="version" value="<?cs var:Site.version ?>">
<section class="card" id="account" tabindex="-1" aria-labelledby="h-postmaster">
<h2 id="h-postmaster">postmaster@<?cs var:Site.name ?></h2>
<?cs if:Bad.account ?><?cs call:errors("account") ?><?cs /if ?>
<p><?cs var:Msg.site.postmaster_text ?></p><?cs
if:Reauth ?>
<div class="field"><label for="current_password_2"><?cs var:Msg.account.current ?></label>
<input id="current_password_2" name="current_password" type="password" autocomplete="current-password"<?cs if:Bad.current_password ?> aria-invalid="true" aria-describedby="current_password-error"<?cs /if ?>></div><?cs
/if ?>
<button type="submit" class="second"><?cs var:Msg.site.postmaster_button ?></button>
</section>
</form><?cs
/if ?>
<?cs include:"foot.cs" ?>
