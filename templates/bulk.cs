<?cs if:Action == "reset" ?><?cs set:T.title = Msg.accounts.bulk_reset ?><?cs
elif:Action == "quota" ?><?cs set:T.title = Msg.accounts.bulk_quota ?><?cs
else ?><?cs set:T.title = Msg.accounts.bulk_delete ?><?cs
/if ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:T.title ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<form method="post" action="<?cs var:Domain.path ?>/accounts"><?cs call:csrf() ?>
<input type="hidden" name="action" value="<?cs var:Action ?>">
<input type="hidden" name="sure" value="1">
<input type="hidden" name="version" value="<?cs var:Version ?>">
<section class="card" aria-labelledby="h-pick">
<h2 id="h-pick"><?cs var:Msg.accounts.picked ?> <?cs var:Count.n ?></h2>
<?cs if:Bad.pick ?><?cs call:errors("pick") ?><?cs /if ?>
<ul id="pick" tabindex="-1" class="picked"><?cs
each:p = Pick ?>
<li><span class="addr"><?cs var:p.address ?></span><?cs if:string.length(p.real_name) > #0 ?> <span class="real"><?cs var:p.real_name ?></span><?cs /if ?><input type="hidden" name="id-<?cs var:p.id ?>" value="on"></li><?cs
/each ?>
</ul><?cs
if:Action == "reset" ?>
<p><?cs var:Msg.accounts.reset_text ?></p>
<p><?cs var:Msg.accounts.bulk_reset_hint ?></p><?cs
elif:Action == "delete" ?>
<p class="box warn"><?cs var:Msg.accounts.delete_text ?></p><?cs
/if ?>
</section><?cs
if:Action == "quota" ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.quota ?></legend><?cs
call:number("quota_mb", Msg.label.quota, Msg.accounts.quota_hint) ?>
</fieldset><?cs
elif:Action == "delete" ?><?cs
call:confirm(Msg.accounts.confirm_count, Count.n, Msg.accounts.confirm_number) ?><?cs
/if ?><?cs call:reauth() ?>
<div class="go"><button type="submit"<?cs if:Action == "delete" ?> class="danger"<?cs /if ?>><?cs
if:Action == "reset" ?><?cs var:Msg.accounts.reset_button ?><?cs
elif:Action == "quota" ?><?cs var:Msg.accounts.save ?><?cs
else ?><?cs var:Msg.accounts.delete_button ?><?cs
/if ?></button> <a href="<?cs var:Domain.path ?>/accounts"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
