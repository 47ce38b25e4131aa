<?cs set:T.title = Msg.settings.title ?><?cs set:T.nav = "settings" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Msg.settings.title ?></h1>
<?cs call:notice() ?>
<p><?cs var:Msg.settings.lead ?></p>
<?cs if:?Settings.discard ?><p class="box warn"><?cs var:Msg.settings.discard ?></p>
<?cs /if ?><section class="card" aria-labelledby="h-pop">
<h2 id="h-pop"><?cs var:Msg.settings.pop_title ?></h2>
<dl class="sheet">
<div><dt><?cs var:Msg.settings.protocol ?></dt><dd>POP3s</dd></div>
<div><dt><?cs var:Msg.settings.pop_host ?></dt><?cs if:?Settings.pop_host ?><dd class="copy"><?cs var:Settings.pop_host ?></dd><?cs else ?><dd><?cs var:Msg.settings.pop_unknown ?></dd><?cs /if ?></div>
<div><dt><?cs var:Msg.settings.port ?></dt><dd class="copy"><?cs var:Settings.pop_port ?></dd></div>
<div><dt><?cs var:Msg.settings.security ?></dt><dd>SSL/TLS</dd></div>
<div><dt><?cs var:Msg.settings.user ?></dt><dd class="copy"><?cs var:Settings.user ?></dd></div>
<div><dt><?cs var:Msg.settings.password ?></dt><dd><?cs var:Msg.settings.pop_password ?></dd></div>
</dl>
</section>
<section class="card" aria-labelledby="h-smtp">
<h2 id="h-smtp"><?cs var:Msg.settings.smtp_title ?></h2>
<dl class="sheet">
<div><dt><?cs var:Msg.settings.protocol ?></dt><dd>SMTP</dd></div>
<div><dt><?cs var:Msg.settings.smtp_host ?></dt><dd class="copy"><?cs var:Settings.submission_host ?></dd></div>
<div><dt><?cs var:Msg.settings.port ?></dt><dd class="copy"><?cs var:Settings.submission_port ?></dd></div>
<div><dt><?cs var:Msg.settings.security ?></dt><dd>STARTTLS</dd></div>
<div><dt><?cs var:Msg.settings.user ?></dt><dd><?cs var:Msg.settings.smtp_user ?></dd></div>
<div><dt><?cs var:Msg.settings.password ?></dt><dd><?cs var:Msg.settings.smtp_password ?></dd></div>
<div><dt><?cs var:Msg.settings.timeout ?></dt><dd><span class="copy"><?cs var:Settings.timeout ?></span> <?cs var:Msg.settings.seconds ?></dd></div>
</dl>
</section>
<p class="hint"><?cs var:Msg.settings.leave_hint ?></p>
<?cs include:"foot.cs" ?>
