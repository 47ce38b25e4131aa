<?cs # The pieces that the owner's page and the administrators' pages share;
   # each is called where its place is. ?><?cs

def:advice() ?><p><?cs if:?Domain.name ?><?cs var:Msg.accounts.usage_advice ?><?cs else ?><?cs var:Msg.usage.advice ?><?cs /if ?></p><?cs
/def ?><?cs

def:part_mailbox() ?>
<section class="card" aria-labelledby="h-usage">
<h2 id="h-usage"><?cs var:Msg.usage.title ?></h2><?cs
  if:?Usage.known ?>
<p class="figure"><b><?cs var:Usage.used ?></b> / <?cs var:Usage.quota ?> <span class="pct"><?cs var:Usage.percent ?> %</span></p>
<svg class="bar <?cs var:Usage.level ?>" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="<?cs var:Msg.usage.bar ?> <?cs var:Usage.percent ?> %"><rect class="bg" width="100" height="8"/><rect class="fg" width="<?cs var:Usage.percent ?>" height="8"/></svg><?cs
    if:Usage.level == "full" ?><?cs
      if:How == "discard" ?>
<p class="box warn"><b><?cs var:Msg.usage.full_only ?></b></p><?cs
      elif:How == "forward" ?>
<div class="box warn"><p><b><?cs var:Msg.usage.full_only ?></b> <?cs var:Msg.usage.full_forward ?></p><?cs call:advice() ?></div><?cs
      else ?>
<div class="box bad"><p><b><?cs var:Msg.usage.full ?></b></p><?cs call:advice() ?></div><?cs
      /if ?><?cs
    elif:Usage.level == "warn" ?>
<div class="box warn"><p><b><?cs var:Msg.usage.warn ?></b></p><?cs if:How != "discard" ?><?cs call:advice() ?><?cs /if ?></div><?cs
    /if ?>
<dl class="facts">
<div><dt><?cs var:Msg.usage.messages ?></dt><dd><?cs var:Usage.messages ?></dd></div>
<div><dt><?cs var:Msg.usage.oldest ?></dt><dd><?cs if:?Usage.oldest ?><?cs var:Usage.oldest ?><?cs else ?><?cs var:Msg.none ?><?cs /if ?></dd></div>
<div><dt><?cs var:Msg.usage.last_login ?></dt><dd><?cs if:?Usage.last_login ?><?cs var:Usage.last_login ?><?cs else ?><?cs var:Msg.usage.never ?><?cs /if ?></dd></div>
</dl><?cs
  else ?>
<p><?cs var:Msg.usage.unknown ?></p><?cs
    if:?Usage.last_login ?>
<dl class="facts">
<div><dt><?cs var:Msg.usage.last_login ?></dt><dd><?cs var:Usage.last_login ?></dd></div>
</dl><?cs
    /if ?><?cs
  /if ?>
</section><?cs
/def ?><?cs

def:part_delivery() ?><?cs
  if:?Delivery ?>
<section class="<?cs if:How == "discard" ?>box warn<?cs else ?>card now<?cs /if ?>" aria-labelledby="h-now">
<h2 id="h-now"><?cs var:Msg.account.delivery ?></h2>
<p><?cs var:Delivery ?></p>
</section><?cs
  /if ?><?cs
/def ?><?cs

def:part_name() ?>
<fieldset class="card">
<legend><?cs if:?Domain.name ?><?cs var:Msg.accounts.about ?><?cs else ?><?cs var:Msg.account.name_legend ?><?cs /if ?></legend>
<div class="field">
<label for="real_name"><?cs var:Msg.label.real_name ?></label>
<p class="hint" id="real_name-hint"><?cs var:Msg.account.name_hint ?></p>
<?cs if:Bad.real_name ?><?cs call:errors("real_name") ?><?cs /if ?>
<input id="real_name" name="real_name" type="text" value="<?cs var:Field.real_name.value ?>" autocomplete="<?cs if:?Domain.name ?>off<?cs else ?>name<?cs /if ?>" spellcheck="false"<?cs if:Bad.real_name ?> aria-invalid="true" aria-describedby="real_name-hint real_name-error"<?cs else ?> aria-describedby="real_name-hint"<?cs /if ?>>
</div>
</fieldset><?cs
/def ?><?cs

def:part_routing() ?>
<fieldset class="card">
<legend><?cs var:Msg.label.routing ?></legend>
<p class="hint" id="routing-hint"><?cs var:Msg.account.routing_hint ?></p>
<?cs if:Bad.routing ?><?cs call:errors("routing") ?><?cs /if ?>
<div class="choice">
<div class="pick"><input id="routing" name="routing" type="radio" value="mailbox"<?cs if:Field.routing.value == "mailbox" ?> checked<?cs /if ?><?cs if:Bad.routing ?> aria-invalid="true" aria-describedby="routing-mailbox-hint routing-error"<?cs else ?> aria-describedby="routing-mailbox-hint"<?cs /if ?>><label for="routing"><?cs var:Msg.routing.mailbox ?></label></div>
<p class="hint" id="routing-mailbox-hint"><?cs var:Msg.account.mailbox_hint ?></p>
</div>
<div class="choice">
<div class="pick"><input id="routing-discard" name="routing" type="radio" value="discard"<?cs if:Field.routing.value == "discard" ?> checked<?cs /if ?><?cs if:Bad.routing ?> aria-invalid="true" aria-describedby="routing-discard-hint routing-error"<?cs else ?> aria-describedby="routing-discard-hint"<?cs /if ?>><label for="routing-discard"><?cs var:Msg.routing.discard ?></label></div>
<p class="hint" id="routing-discard-hint"><?cs var:Msg.account.discard_hint ?></p>
<div class="sub">
<?cs if:Bad.confirm_discard ?><?cs call:errors("confirm_discard") ?><?cs /if ?>
<div class="pick"><input id="confirm_discard" name="confirm_discard" type="checkbox" value="on"<?cs if:Field.confirm_discard.value ?> checked<?cs /if ?><?cs if:Bad.confirm_discard ?> aria-invalid="true" aria-describedby="confirm_discard-error"<?cs /if ?>><label for="confirm_discard"><?cs var:Msg.account.confirm_discard ?></label></div>
</div>
</div>
<div class="choice">
<div class="pick"><input id="routing-forward" name="routing" type="radio" value="forward"<?cs if:Field.routing.value == "forward" ?> checked<?cs /if ?><?cs if:Bad.routing ?> aria-invalid="true" aria-describedby="routing-forward-hint routing-error"<?cs else ?> aria-describedby="routing-forward-hint"<?cs /if ?>><label for="routing-forward"><?cs var:Msg.routing.forward ?></label></div>
<p class="hint" id="routing-forward-hint"><?cs var:Msg.account.forward_hint ?></p>
<div class="sub">
<div class="field">
<label for="forward_to"><?cs var:Msg.account.forward_to ?></label>
<p class="hint" id="forward_to-hint"><?cs var:Msg.account.forward_to_hint ?></p>
<?cs if:Bad.forward_to ?><?cs call:errors("forward_to") ?><?cs /if ?>
<textarea id="forward_to" name="forward_to" rows="3" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="email"<?cs if:Bad.forward_to ?> aria-invalid="true" aria-describedby="forward_to-hint forward_to-error"<?cs else ?> aria-describedby="forward_to-hint"<?cs /if ?>>
<?cs var:Field.forward_to.value ?></textarea>
</div>
<?cs if:Bad.keep_copy ?><?cs call:errors("keep_copy") ?><?cs /if ?>
<div class="pick"><input id="keep_copy" name="keep_copy" type="checkbox" value="on"<?cs if:Field.keep_copy.value ?> checked<?cs /if ?><?cs if:Bad.keep_copy ?> aria-invalid="true" aria-describedby="keep_copy-hint keep_copy-error"<?cs else ?> aria-describedby="keep_copy-hint"<?cs /if ?>><label for="keep_copy"><?cs var:Msg.routing.keep_copy ?></label></div>
<p class="hint" id="keep_copy-hint"><?cs var:Msg.account.keep_copy_hint ?></p>
</div>
</div>
<div class="choice off">
<div class="pick"><input id="routing-vacation" name="routing" type="radio" value="vacation" disabled aria-describedby="routing-vacation-hint"><label for="routing-vacation"><?cs var:Msg.account.vacation ?></label></div>
<p class="hint" id="routing-vacation-hint"><?cs var:Msg.account.vacation_hint ?></p>
</div>
</fieldset><?cs
/def ?><?cs

def:pw_rules() ?><div class="rules" id="pw-rules">
<p><?cs var:Msg.account.pw_rules ?></p>
<ul>
<li><?cs var:Msg.account.pw_rule1 ?></li>
<li><?cs var:Msg.account.pw_rule2 ?></li>
<li><?cs var:Msg.account.pw_rule3 ?></li>
<li><?cs var:Msg.account.pw_rule4 ?></li>
</ul>
</div><?cs
/def ?><?cs

def:part_conflict() ?><?cs
if:subcount(Conflict) > #0 ?>
<section class="box warn" role="alert" tabindex="-1" autofocus aria-labelledby="h-conflict">
<h2 id="h-conflict"><?cs var:Msg.conflict.title ?></h2>
<p><?cs var:Conflict.text ?></p>
<p><?cs var:Msg.conflict.now ?></p>
<dl class="facts"><?cs
  each:c = Conflict ?><?cs if:?c.label ?>
<div><dt><?cs var:c.label ?></dt><dd><?cs if:string.length(c.value) > #0 ?><?cs var:c.value ?><?cs else ?><?cs var:Msg.none ?><?cs /if ?></dd></div><?cs
  /if ?><?cs /each ?>
</dl>
</section><?cs
/if ?><?cs
/def ?>
