<?cs set:T.title = Error.title ?><?cs set:T.nav = "error" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Error.title ?></h1>
<div class="card">
<p class="lead"><?cs var:Error.text ?></p><?cs
if:?Error.hint ?>
<p><?cs var:Error.hint ?></p><?cs
/if ?>
<p><a class="more" href="/"><?cs if:?Error.hint ?><?cs var:Msg.error.again ?><?cs else ?><?cs var:Msg.error.home ?><?cs /if ?></a></p>
</div>
<section class="ask" aria-labelledby="h-ask">
<h2 id="h-ask"><?cs var:Msg.error.ask ?></h2>
<p class="hint"><?cs var:Msg.error.ask_text ?></p>
<dl class="facts"><?cs
if:?Error.contact ?>
<div><dt><?cs var:Msg.error.contact ?></dt><dd><a href="mailto:<?cs var:Error.contact ?>"><?cs var:Error.contact ?></a></dd></div><?cs
/if ?>
<div><dt><?cs var:Msg.error.request_id ?></dt><dd class="copy"><?cs var:Error.request_id ?></dd></div>
<div><dt><?cs var:Msg.error.status ?></dt><dd><?cs var:Error.status ?></dd></div>
</dl>
</section>
<?cs include:"foot.cs" ?>
