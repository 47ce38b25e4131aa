<?cs set:T.title = Msg.admin.accounts ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs

def:order(key, label, href) ?>
<li><a href="<?cs var:href ?>"<?cs if:Sort.now == key ?> aria-current="true"<?cs /if ?>><?cs var:label ?><?cs
  if:Sort.now == key ?> <?cs if:Sort.down ?><span aria-hidden="true">▼</span><span class="vh"> <?cs var:Msg.accounts.down ?></span><?cs else ?><span aria-hidden="true">▲</span><span class="vh"> <?cs var:Msg.accounts.up ?></span><?cs /if ?><?cs
  /if ?></a></li><?cs
/def ?>
<h1><?cs var:Msg.admin.accounts ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.accounts.failed) ?>
<p class="acts"><a class="main" href="<?cs var:Domain.path ?>/accounts/new"><?cs var:Msg.accounts.new ?></a> <a class="more" href="<?cs var:Domain.path ?>/import"><?cs var:Msg.accounts.import ?></a></p><?cs
if:List.count == "1" && !?List.empty ?>
<p class="box good"><?cs var:Msg.accounts.first ?></p><?cs
/if ?>
<?cs call:searchbox(Domain.path + "/accounts", Msg.accounts.search) ?>
<div class="field"><label for="filter"><?cs var:Msg.accounts.filter ?></label>
<select id="filter" name="filter"><?cs
each:f = Filter ?>
<option value="<?cs var:f.value ?>"<?cs if:f.selected ?> selected<?cs /if ?>><?cs var:f.label ?></option><?cs
/each ?>
</select></div><?cs
if:string.length(Query.sort) > #0 ?>
<input type="hidden" name="sort" value="<?cs var:Query.sort ?>"><?cs
/if ?>
<button type="submit" class="second"><?cs var:Msg.admin.search_button ?></button>
</form>
<div class="over">
<p><?cs var:Msg.accounts.in_domain ?> <b><?cs var:List.count ?></b></p><?cs
if:!?List.empty ?>
<nav class="order" aria-label="<?cs var:Msg.accounts.order ?>"><span aria-hidden="true"><?cs var:Msg.accounts.order ?></span>
<ul><?cs
call:order("account", Msg.accounts.by_account, Sort.account) ?><?cs
call:order("name", Msg.label.real_name, Sort.name) ?><?cs
call:order("created", Msg.accounts.by_created, Sort.created) ?>
</ul>
</nav><?cs
/if ?>
</div><?cs
if:?List.empty ?>
<div class="card empty"><p><?cs
if:?List.more ?><?cs var:Msg.accounts.unfinished ?><?cs
elif:List.empty == "search" ?><?cs var:Msg.accounts.no_hit ?><?cs
else ?><?cs var:Msg.accounts.none ?><?cs
/if ?></p><?cs
if:List.empty == "search" && !?List.more ?>
<p><a href="<?cs var:Domain.path ?>/accounts"><?cs var:Msg.accounts.show_all ?></a></p><?cs
/if ?></div><?cs
else ?>
<form method="post" action="<?cs var:Domain.path ?>/accounts"><?cs call:csrf() ?>
<?cs if:Bad.pick ?><?cs call:errors("pick") ?><?cs /if ?>
<table class="log rows" id="pick" tabindex="-1">
<caption class="vh"><?cs var:Msg.admin.accounts ?></caption>
<thead>
<tr><th scope="col"><span class="vh"><?cs var:Msg.accounts.pick ?></span></th><th scope="col"><?cs var:Msg.accounts.col_account ?></th><th scope="col"><?cs var:Msg.label.routing ?></th><th scope="col"><?cs var:Msg.accounts.col_usage ?></th><th scope="col"><?cs var:Msg.accounts.col_login ?></th><th scope="col"><?cs var:Msg.accounts.col_initial ?></th></tr>
</thead>
<tbody><?cs
  each:r = Row ?>
<tr>
<td class="tick"><label><input type="checkbox" name="id-<?cs var:r.id ?>" value="on"><span class="vh"><?cs var:Msg.accounts.pick ?> <?cs var:r.address ?></span></label></td>
<th scope="row" class="name"><a href="<?cs var:r.href ?>"><?cs var:r.address ?></a><?cs
    if:r.admin ?> <span class="tag"><?cs var:Msg.accounts.admin ?></span><?cs /if ?><?cs
    if:string.length(r.real_name) > #0 ?> <span class="real"><?cs var:r.real_name ?></span><?cs /if ?></th>
<td data-label="<?cs var:Msg.label.routing ?>"><?cs var:r.routing ?></td>
<td data-label="<?cs var:Msg.accounts.col_usage ?>"<?cs if:!r.usage_known ?> class="no"<?cs /if ?>><?cs
    if:r.usage_known ?><span class="level"><svg class="bar <?cs var:r.level ?>" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bg" width="100" height="8"/><rect class="fg" width="<?cs var:r.percent ?>" height="8"/></svg><b><?cs var:r.percent ?> %</b> <span class="hint"><?cs var:r.used ?> / <?cs var:r.quota ?></span></span><?cs
    else ?>–<?cs /if ?></td>
<td class="when" data-label="<?cs var:Msg.accounts.col_login ?>"><?cs if:r.last_login ?><?cs var:r.last_login ?><?cs else ?><?cs var:Msg.usage.never ?><?cs /if ?></td>
<td class="when<?cs if:!r.initial_since ?> no<?cs /if ?>" data-label="<?cs var:Msg.accounts.col_initial ?>"><?cs if:r.initial_since ?><b class="still"><?cs var:r.initial_since ?></b><?cs else ?><?cs var:Msg.accounts.is_changed ?><?cs /if ?></td>
</tr><?cs
  /each ?>
</tbody>
</table>
<fieldset class="card"><legend><?cs var:Msg.accounts.bulk ?></legend>
<p class="hint"><?cs var:Msg.accounts.bulk_hint ?></p>
<p class="acts"><button type="submit" class="second" name="action" value="reset"><?cs var:Msg.accounts.bulk_reset ?></button>
<button type="submit" class="second" name="action" value="quota"><?cs var:Msg.accounts.bulk_quota ?></button>
<button type="submit" class="second danger" name="action" value="delete"><?cs var:Msg.accounts.bulk_delete ?></button></p>
</fieldset>
</form><?cs
/if ?>
<?cs call:pager(Msg.accounts.end) ?>
<?cs include:"foot.cs" ?>
