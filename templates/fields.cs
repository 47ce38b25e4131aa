<?cs # Inputs of the administrators' forms, with their label, hint and errors. ?><?cs
def:described(id, hint) ?><?cs
  if:Bad[id] ?> aria-invalid="true" aria-describedby="<?cs if:string.length(hint) > #0 ?><?cs var:id ?>-hint <?cs /if ?><?cs var:id ?>-error"<?cs
  elif:string.length(hint) > #0 ?> aria-describedby="<?cs var:id ?>-hint"<?cs
  /if ?><?cs
/def ?><?cs
def:above(id, label, hint) ?>
<label for="<?cs var:id ?>"><?cs var:label ?></label><?cs
  if:string.length(hint) > #0 ?>
<p class="hint" id="<?cs var:id ?>-hint"><?cs var:hint ?></p><?cs
  /if ?><?cs
  if:Bad[id] ?><?cs call:errors(id) ?><?cs /if ?><?cs
/def ?><?cs
def:text(id, label, hint) ?>
<div class="field"><?cs call:above(id, label, hint) ?>
<input id="<?cs var:id ?>" name="<?cs var:id ?>" type="text" value="<?cs var:Field[id].value ?>" autocomplete="off" autocapitalize="none" spellcheck="false"<?cs call:described(id, hint) ?>>
</div><?cs
/def ?><?cs
def:number(id, label, hint) ?>
<div class="field short"><?cs call:above(id, label, hint) ?>
<input id="<?cs var:id ?>" name="<?cs var:id ?>" type="text" inputmode="numeric" value="<?cs var:Field[id].value ?>" autocomplete="off"<?cs call:described(id, hint) ?>>
</div><?cs
/def ?><?cs
def:lines(id, label, hint, rows) ?>
<div class="field"><?cs call:above(id, label, hint) ?>
<textarea id="<?cs var:id ?>" name="<?cs var:id ?>" rows="<?cs var:rows ?>" autocomplete="off" autocapitalize="none" spellcheck="false"<?cs call:described(id, hint) ?>>
<?cs var:Field[id].value ?></textarea>
</div><?cs
/def ?><?cs
def:secret(id, label, hint) ?>
<div class="field"><?cs call:above(id, label, hint) ?>
<input id="<?cs var:id ?>" name="<?cs var:id ?>" type="password" autocomplete="new-password"<?cs call:described(id, hint) ?>>
</div><?cs
/def ?><?cs
def:local(id, label, hint) ?>
<div class="field"><?cs call:above(id, label, hint) ?>
<div class="local"><input id="<?cs var:id ?>" name="<?cs var:id ?>" type="text" value="<?cs var:Field[id].value ?>" autocomplete="off" autocapitalize="none" spellcheck="false" aria-required="true"<?cs call:described(id, hint) ?>> <span class="addr">@<?cs var:Domain.name ?></span></div>
</div><?cs
/def ?><?cs
def:csrf() ?>
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>"><?cs
/def ?><?cs
# Begins a form, which the page ends. ?><?cs
def:searchbox(path, label) ?>
<form method="get" action="<?cs var:path ?>" class="search" role="search">
<div class="field"><label for="q"><?cs var:label ?></label>
<input id="q" name="q" type="text" value="<?cs var:Query.q ?>" autocomplete="off" autocapitalize="none" spellcheck="false"></div><?cs
/def ?><?cs
def:confirm(text, what, label) ?>
<fieldset class="card"><legend><?cs var:Msg.accounts.confirm_legend ?></legend>
<p id="confirm-text"><?cs var:text ?> <b class="copy"><?cs var:what ?></b></p>
<div class="field short"><label for="confirm"><?cs var:label ?></label>
<?cs if:Bad.confirm ?><?cs call:errors("confirm") ?><?cs /if ?>
<input id="confirm" name="confirm" type="text" value="<?cs var:Field.confirm.value ?>" autocomplete="off" autocapitalize="none" spellcheck="false"<?cs if:Bad.confirm ?> aria-invalid="true" aria-describedby="confirm-text confirm-error"<?cs else ?> aria-describedby="confirm-text"<?cs /if ?>>
</div>
</fieldset><?cs
/def ?><?cs
def:pager(end) ?>
<nav class="pager" aria-label="<?cs var:Msg.admin.pages ?>"><?cs
  if:?List.first ?><a href="<?cs var:List.first ?>"><?cs var:Msg.admin.first ?></a> <?cs /if ?><?cs
  if:?List.prev ?><a href="<?cs var:List.prev ?>" rel="prev"><?cs var:Msg.admin.prev ?></a> <?cs /if ?><?cs
  if:?List.next ?><a href="<?cs var:List.next ?>" rel="next"><?cs var:Msg.admin.next ?></a><?cs
  elif:?List.more ?><a href="<?cs var:List.more ?>" rel="next"><?cs var:Msg.admin.more ?></a><?cs
  elif:!?List.empty ?><span class="hint"><?cs var:end ?></span><?cs
  /if ?></nav><?cs
/def ?><?cs
def:deletion(title, text, address, name, path) ?>
<h1><?cs var:title ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<section class="card" aria-labelledby="h-who">
<h2 id="h-who" class="addr"><?cs var:address ?></h2>
<p class="box warn"><?cs var:text ?></p>
</section>
<form method="post" action="<?cs var:path ?>/delete"><?cs call:csrf() ?><?cs
call:confirm(Msg.accounts.confirm_text, name, Msg.accounts.confirm) ?><?cs
call:reauth() ?>
<div class="go"><button type="submit" class="danger"><?cs var:Msg.accounts.delete_button ?></button> <a href="<?cs var:path ?>"><?cs var:Msg.accounts.cancel ?></a></div>
</form><?cs
/def ?>
