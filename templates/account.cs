<?cs set:T.title = Msg.account.title ?><?cs set:T.nav = "account" ?><?cs
include:"head.cs" ?><?cs

include:"parts.cs" ?><?cs

# A piece, so that somebody who still has the initial password sees it
# first and everything else after it. ?><?cs

def:part_password() ?>
<fieldset class="card">
<legend><?cs var:Msg.account.pw_legend ?></legend>
<p class="hint" id="pw-keep"><?cs if:User.initial ?><?cs var:Msg.account.pw_initial ?><?cs else ?><?cs var:Msg.account.pw_keep ?><?cs /if ?></p>
<?cs call:pw_rules() ?>
<?cs if:?Cleared ?><p class="box warn" id="pw-cleared"><?cs var:Msg.account.pw_cleared ?></p>
<?cs /if ?><div class="field">
<label for="new_password"><?cs var:Msg.account.pw_new ?></label>
<?cs if:Bad.new_password ?><?cs call:errors("new_password") ?><?cs /if ?>
<input id="new_password" name="new_password" type="password" autocomplete="new-password"<?cs if:User.initial ?> aria-required="true"<?cs /if ?><?cs if:Bad.new_password ?> aria-invalid="true" aria-describedby="pw-keep pw-rules<?cs if:?Cleared ?> pw-cleared<?cs /if ?> new_password-error"<?cs else ?> aria-describedby="pw-keep pw-rules<?cs if:?Cleared ?> pw-cleared<?cs /if ?>"<?cs /if ?>>
</div>
<div class="field">
<label for="new_password_again"><?cs var:Msg.account.pw_again ?></label>
<?cs if:Bad.new_password_again ?><?cs call:errors("new_password_again") ?><?cs /if ?>
<input id="new_password_again" name="new_password_again" type="password" autocomplete="new-password"<?cs if:User.initial ?> aria-required="true"<?cs /if ?><?cs if:Bad.new_password_again ?> aria-invalid="true" aria-describedby="pw-after new_password_again-error"<?cs else ?> aria-describedby="pw-after"<?cs /if ?>>
</div>
<p class="hint" id="pw-after"><?cs var:Msg.account.pw_after ?></p>
</fieldset><?cs
/def ?>
<h1><?cs var:Msg.account.title ?></h1>
<?cs if:!User.initial ?><?cs call:notice() ?><?cs /if ?><?cs call:summary(Msg.account.failed) ?><?cs call:part_conflict() ?><?cs
if:User.initial ?>
<section class="box warn" aria-labelledby="h-initial">
<h2 id="h-initial"><?cs var:Msg.initial.title ?></h2>
<p><?cs var:Msg.initial.text ?></p>
</section><?cs
else ?><?cs call:part_delivery() ?><?cs call:part_mailbox() ?><?cs
  if:subcount(List) > #0 ?>
<section class="card" aria-labelledby="h-lists"><h2 id="h-lists"><?cs var:Msg.lists.mine ?></h2>
<ul><?cs each:l = List ?>
<li class="addr"><?cs var:l.address ?></li><?cs /each ?>
</ul></section><?cs
  /if ?><?cs
/if ?>
<form method="post" action="/account">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<input type="hidden" name="version" value="<?cs var:Account.version ?>">
<input type="text" value="<?cs var:Account.address ?>" autocomplete="username" readonly hidden><?cs
if:User.initial ?><?cs call:part_password() ?>
<div class="go">
<button type="submit"><?cs var:Msg.account.button ?></button>
</div><?cs call:part_name() ?><?cs
else ?><?cs call:part_name() ?><?cs call:part_password() ?><?cs
/if ?><?cs call:part_routing() ?><?cs
call:reauth() ?>
<div class="go">
<button type="submit"><?cs var:Msg.account.button ?></button>
<p class="hint"><?cs var:Msg.account.button_hint ?></p>
</div>
</form><?cs
if:User.initial ?><?cs call:part_delivery() ?><?cs call:part_mailbox() ?><?cs
/if ?>
<?cs include:"foot.cs" ?>
