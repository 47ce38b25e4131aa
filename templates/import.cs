<?cs set:T.title = Msg.admin.import ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs

def:left_out(n) ?><?cs
  if:string.length(n) > #0 ?>
<p class="hint"><?cs var:Msg.import.more ?> <?cs var:n ?></p><?cs
  /if ?><?cs
/def ?><?cs
def:apply_form() ?>
<form method="post" action="<?cs var:Domain.path ?>/import" class="narrow" id="apply"><?cs call:csrf() ?>
<input type="hidden" name="mode" value="apply">
<input type="hidden" name="upload" value="1">
<input type="hidden" name="mark" value="<?cs var:Plan.mark ?>"><?cs
  if:Plan.new != "0" ?>
<fieldset class="card"><legend><?cs var:Msg.import.answer ?></legend><?cs
    if:?Plan.csv_only ?>
<p><?cs var:Msg.import.csv_only ?></p>
<input type="hidden" name="answer" value="csv"><?cs
    else ?>
<div class="pick"><input type="radio" id="answer" name="answer" value="notices" checked><label for="answer"><?cs var:Msg.import.notices ?></label></div>
<div class="pick"><input type="radio" id="answer-csv" name="answer" value="csv"><label for="answer-csv"><?cs var:Msg.import.csv ?></label></div><?cs
    /if ?>
<p class="hint"><?cs var:Msg.import.once ?></p>
</fieldset><?cs
  /if ?><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs var:Msg.import.apply ?></button> <a href="<?cs var:Domain.path ?>/import"><?cs var:Msg.accounts.cancel ?></a></div>
</form><?cs
/def ?><?cs
def:good_lines() ?><?cs
  if:subcount(New) > #0 ?>
<table class="log new">
<caption><?cs var:Msg.import.new ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.import.line ?></th><th scope="col"><?cs var:Msg.accounts.col_account ?></th><th scope="col"><?cs var:Msg.label.real_name ?></th><th scope="col"><?cs var:Msg.label.routing ?></th></tr>
</thead>
<tbody><?cs
    each:r = New ?>
<tr><td data-label="<?cs var:Msg.import.line ?>"><?cs var:r.line ?></td><th scope="row" data-label="<?cs var:Msg.accounts.col_account ?>"><?cs var:r.account ?></th><td data-label="<?cs var:Msg.label.real_name ?>"><?cs var:r.real_name ?></td><td data-label="<?cs var:Msg.label.routing ?>"><?cs var:r.routing ?></td></tr><?cs
    /each ?>
</tbody>
</table><?cs call:left_out(Plan.new_more) ?><?cs
  /if ?><?cs
  if:subcount(Changed) > #0 ?>
<table class="log changed">
<caption><?cs var:Msg.import.changed ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.import.line ?></th><th scope="col"><?cs var:Msg.accounts.col_account ?></th><th scope="col"><?cs var:Msg.import.column ?></th><th scope="col"><?cs var:Msg.history.col_old ?></th><th scope="col"><?cs var:Msg.history.col_new ?></th></tr>
</thead>
<tbody><?cs
    each:r = Changed ?>
<tr><td data-label="<?cs var:Msg.import.line ?>"><?cs var:r.line ?></td><th scope="row" data-label="<?cs var:Msg.accounts.col_account ?>"><?cs var:r.account ?></th><td data-label="<?cs var:Msg.import.column ?>"><code><?cs var:r.column ?></code></td><td data-label="<?cs var:Msg.history.col_old ?>"><?cs
      if:r.secret ?>–<?cs elif:string.length(r.old) > #0 ?><?cs var:r.old ?><?cs else ?><?cs var:Msg.none ?><?cs /if ?></td><td data-label="<?cs var:Msg.history.col_new ?>"><?cs
      if:r.secret ?><?cs var:Msg.import.secret ?><?cs elif:string.length(r.new) > #0 ?><?cs var:r.new ?><?cs else ?><?cs var:Msg.none ?><?cs /if ?></td></tr><?cs
    /each ?>
</tbody>
</table><?cs call:left_out(Plan.changed_more) ?><?cs
  /if ?><?cs
/def ?><?cs
def:plan() ?>
<section class="card" aria-labelledby="h-plan">
<h2 id="h-plan"><?cs var:Msg.import.plan ?></h2><?cs
  if:string.length(Plan.name) > #0 ?>
<p class="hint"><?cs var:Plan.name ?></p><?cs
  /if ?>
<dl class="counts">
<div><dt><?cs var:Msg.import.new ?></dt><dd><?cs var:Plan.new ?></dd></div>
<div><dt><?cs var:Msg.import.changed ?></dt><dd><?cs var:Plan.changed ?></dd></div>
<div><dt><?cs var:Msg.import.same ?></dt><dd><?cs var:Plan.same ?></dd></div>
<div<?cs if:Plan.refused != "0" ?> class="bad"<?cs /if ?>><dt><?cs var:Msg.import.refused ?></dt><dd><?cs var:Plan.refused ?></dd></div>
</dl><?cs
  if:?Plan.can_apply ?>
<p><a href="#apply"><?cs var:Msg.import.to_apply ?></a></p><?cs
  /if ?>
</section><?cs
  if:subcount(Refused) > #0 ?>
<table class="log refused">
<caption><?cs var:Msg.import.refused_caption ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.import.line ?></th><th scope="col"><?cs var:Msg.import.column ?></th><th scope="col"><?cs var:Msg.import.why ?></th></tr>
</thead>
<tbody><?cs
    each:r = Refused ?>
<tr><th scope="row" data-label="<?cs var:Msg.import.line ?>"><?cs var:r.line ?></th><td data-label="<?cs var:Msg.import.column ?>"><code><?cs var:r.column ?></code></td><td data-label="<?cs var:Msg.import.why ?>"><?cs var:r.text ?></td></tr><?cs
    /each ?>
</tbody>
</table><?cs call:left_out(Plan.refused_more) ?><?cs
  /if ?><?cs
  if:subcount(Refused) > #0 && (subcount(New) > #0 || subcount(Changed) > #0) ?>
<details>
<summary><?cs var:Msg.import.others ?></summary><?cs call:good_lines() ?>
</details><?cs
  else ?><?cs call:good_lines() ?><?cs
  /if ?><?cs
/def ?>
<h1><?cs var:Msg.admin.import ?></h1>
<?cs call:summary(Msg.import.failed) ?><?cs
if:?Plan ?><?cs
  if:?Plan.can_apply ?><?cs
    if:subcount(Errors) == #0 ?>
<p class="box good" role="status" tabindex="-1" autofocus><b><?cs var:Msg.import.ready ?></b> <?cs var:Msg.import.not_yet ?></p><?cs
    /if ?><?cs
  elif:Plan.refused != "0" ?>
<p class="box bad" role="alert" tabindex="-1"<?cs if:subcount(Errors) == #0 ?> autofocus<?cs /if ?>><b><?cs var:Msg.import.failed ?></b> <?cs var:Msg.import.refused_text ?></p><?cs
  elif:subcount(Errors) == #0 ?>
<p class="box good" role="status" tabindex="-1" autofocus><?cs var:Msg.import.nothing ?></p><?cs
  /if ?><?cs
  call:plan() ?><?cs
  if:?Plan.can_apply ?><?cs call:apply_form() ?><?cs /if ?><?cs
/if ?>
<form method="post" action="<?cs var:Domain.path ?>/import" enctype="multipart/form-data" class="narrow"><?cs call:csrf() ?>
<input type="hidden" name="mode" value="preview">
<fieldset class="card"><legend><?cs if:?Plan ?><?cs var:Msg.import.another ?><?cs else ?><?cs var:Msg.import.legend ?><?cs /if ?></legend><?cs
if:!?Plan ?>
<p><?cs var:Msg.import.lead ?></p><?cs
/if ?>
<div class="field"><?cs call:above("file", Msg.import.file, Msg.import.file_hint) ?>
<input id="file" name="file" type="file" accept=".csv,.txt,text/csv,text/plain"<?cs call:described("file", Msg.import.file_hint) ?>>
</div>
<button type="submit"<?cs if:?Plan.can_apply ?> class="second"<?cs /if ?>><?cs var:Msg.import.preview ?></button>
</fieldset>
</form>
<details class="card narrow"<?cs if:!?Plan ?> open<?cs /if ?>>
<summary><?cs var:Msg.import.format ?></summary>
<p><?cs var:Msg.import.format_text ?></p>
<p id="sample-text"><?cs var:Msg.import.sample ?></p>
<pre class="sample" aria-describedby="sample-text" tabindex="0" role="region" aria-label="CSV">account,real_name,quota_mb,routing,forward_to,keep_copy
s26001,Taro Yamada,,,,
s26002,Hanako Sato,2048,,,
s26003,Jiro Suzuki,,forward,jiro@lab.example.jp,on</pre>
<table class="log columns">
<caption class="vh"><?cs var:Msg.import.columns ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.import.column ?></th><th scope="col"><?cs var:Msg.import.meaning ?></th></tr>
</thead>
<tbody>
<tr><th scope="row"><code>account</code></th><td><?cs var:Msg.import.f_account ?></td></tr>
<tr><th scope="row"><code>real_name</code></th><td><?cs var:Msg.import.f_real_name ?></td></tr>
<tr><th scope="row"><code>password</code></th><td><?cs var:Msg.import.f_password ?></td></tr>
<tr><th scope="row"><code>password_hash</code></th><td><?cs var:Msg.import.f_password_hash ?></td></tr>
<tr><th scope="row"><code>quota_mb</code></th><td><?cs var:Msg.import.f_quota_mb ?></td></tr>
<tr><th scope="row"><code>routing</code></th><td><?cs var:Msg.import.f_routing ?></td></tr>
<tr><th scope="row"><code>forward_to</code></th><td><?cs var:Msg.import.f_forward_to ?></td></tr>
<tr><th scope="row"><code>keep_copy</code></th><td><?cs var:Msg.import.f_keep_copy ?></td></tr>
</tbody>
</table>
</details>
<section class="card narrow" aria-labelledby="h-export">
<h2 id="h-export"><?cs var:Msg.import.export ?></h2>
<p><?cs var:Msg.import.export_text ?></p>
<p><a class="more" href="<?cs var:Domain.path ?>/export.csv"><?cs var:Msg.import.export_button ?></a></p>
</section>
<?cs include:"foot.cs" ?>
