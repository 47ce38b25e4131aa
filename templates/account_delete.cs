<?cs set:T.title = Msg.accounts.delete ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.accounts.delete ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<section class="card" aria-labelledby="h-who">
<h2 id="h-who"><span class="addr"><?cs var:Account.address ?></span><?cs if:string.length(Account.real_name) > #0 ?> <span class="real"><?cs var:Account.real_name ?></span><?cs /if ?></h2><?cs
if:?Usage.known ?>
<dl class="facts">
<div><dt><?cs var:Msg.usage.messages ?></dt><dd><?cs var:Usage.messages ?> (<?cs var:Usage.used ?>)</dd></div>
<div><dt><?cs var:Msg.usage.last_login ?></dt><dd><?cs if:?Usage.last_login ?><?cs var:Usage.last_login ?><?cs else ?><?cs var:Msg.usage.never ?><?cs /if ?></dd></div>
</dl><?cs
/if ?>
<p class="box warn"><?cs var:Msg.accounts.delete_text ?></p>
</section><?cs
if:subcount(Pointing) > #0 ?>
<section class="box warn" aria-labelledby="h-pointing">
<h2 id="h-pointing"><?cs var:Msg.accounts.pointing ?></h2>
<p><?cs var:Msg.accounts.pointing_text ?></p>
<ul><?cs each:p = Pointing ?>
<li class="addr"><?cs var:p.address ?></li><?cs /each ?>
</ul>
</section><?cs
/if ?>
<form method="post" action="<?cs var:Account.path ?>/delete"><?cs call:csrf() ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.leave_legend ?></legend><?cs
call:lines("leave_forward_to", Msg.accounts.leave, Msg.accounts.leave_hint, "3") ?>
</fieldset><?cs
call:confirm(Msg.accounts.confirm_text, Account.local_part, Msg.accounts.confirm) ?><?cs
call:reauth() ?>
<div class="go"><button type="submit" class="danger"><?cs var:Msg.accounts.delete_button ?></button> <a href="<?cs var:Account.path ?>"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
