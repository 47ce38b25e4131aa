<?cs set:T.title = Msg.admin.overview ?><?cs set:T.nav = "admin" ?><?cs
include:"head.cs" ?><?cs

def:count(label, are, max, pct) ?>
<tr><th scope="row"><?cs var:label ?></th><td class="num"><b><?cs var:are ?></b><?cs
  if:max == "0" ?></td><td class="hint"><?cs var:Msg.domain.none ?><?cs
  elif:string.length(max) > #0 ?> / <?cs var:max ?></td><td><svg class="bar <?cs if:pct >= #100 ?>full<?cs elif:pct >= #80 ?>warn<?cs else ?>ok<?cs /if ?>" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="<?cs var:pct ?> %"><rect class="bg" width="100" height="8"/><rect class="fg" width="<?cs var:pct ?>" height="8"/></svg><?cs
  else ?></td><td class="hint"><?cs var:Msg.domain.no_limit ?><?cs
  /if ?></td></tr><?cs
/def ?>
<h1><?cs var:Msg.admin.overview ?></h1>
<p class="acts"><a class="main" href="<?cs var:Domain.path ?>/accounts/new"><?cs var:Msg.accounts.new ?></a> <a class="more" href="<?cs var:Domain.path ?>/import"><?cs var:Msg.accounts.import ?></a> <a class="more" href="<?cs var:Domain.path ?>/accounts"><?cs var:Msg.accounts.list ?></a></p>
<div class="two">
<section class="card" aria-labelledby="h-limits">
<h2 id="h-limits"><?cs var:Msg.domain.limits ?></h2>
<table class="chart">
<caption class="vh"><?cs var:Msg.domain.limits ?></caption>
<tbody><?cs
call:count(Msg.admin.accounts, Count.accounts, Count.max_accounts, Count.pct_accounts) ?><?cs
call:count(Msg.admin.forwards, Count.forwards, Count.max_forwards, Count.pct_forwards) ?><?cs
call:count(Msg.admin.lists, Count.lists, Count.max_lists, Count.pct_lists) ?>
</tbody>
</table>
<p><?cs var:Msg.domain.default_quota ?> <b><?cs var:Count.default_quota ?></b></p>
<p class="hint"><?cs var:Msg.domain.limits_hint ?></p>
</section>
<section class="card" aria-labelledby="h-initial">
<h2 id="h-initial"><?cs var:Msg.domain.initial ?></h2>
<div class="pie">
<svg class="ring" viewBox="0 0 42 42" role="img" aria-label="<?cs var:Msg.domain.not_changed ?> <?cs var:Pie.initial ?> %"><circle class="done" cx="21" cy="21" r="16" pathLength="100"/><circle class="todo" cx="21" cy="21" r="16" pathLength="100" stroke-dasharray="<?cs var:Pie.initial ?> 100" transform="rotate(-90 21 21)"/><text x="21" y="24" text-anchor="middle" aria-hidden="true"><?cs var:Pie.initial ?>%</text></svg>
<dl class="facts">
<div><dt><svg class="key" viewBox="0 0 10 10" aria-hidden="true" focusable="false"><rect class="todo" width="10" height="10"/></svg><?cs var:Msg.domain.not_changed ?></dt><dd><b><?cs var:Count.initial ?></b></dd></div>
<div><dt><svg class="key" viewBox="0 0 10 10" aria-hidden="true" focusable="false"><rect class="done" width="10" height="10"/></svg><?cs var:Msg.domain.changed ?></dt><dd><?cs var:Count.changed ?></dd></div>
</dl>
</div><?cs
if:Count.initial != "0" ?>
<p><a href="<?cs var:Domain.path ?>/accounts?filter=initial"><?cs var:Msg.domain.list_initial ?></a></p><?cs
/if ?>
</section>
<section class="card" aria-labelledby="h-usage">
<h2 id="h-usage"><?cs var:Msg.domain.usage ?></h2><?cs
if:?Stat.known ?>
<p class="figure"><b><?cs var:Stat.used ?></b> / <?cs var:Stat.quota ?> <span class="pct"><?cs var:Stat.percent ?> %</span></p>
<svg class="bar ok" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="<?cs var:Msg.usage.bar ?> <?cs var:Stat.percent ?> %"><rect class="bg" width="100" height="8"/><rect class="fg" width="<?cs var:Stat.percent ?>" height="8"/></svg>
<table class="chart">
<caption><?cs var:Msg.domain.sizes ?></caption>
<tbody><?cs
  each:s = Size ?>
<tr><th scope="row"><?cs var:s.label ?></th><td><svg class="bar ok" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="bg" width="100" height="8"/><rect class="fg" width="<?cs var:s.width ?>" height="8"/></svg></td><td class="num"><?cs var:s.count ?></td></tr><?cs
  /each ?>
</tbody>
</table>
<p><a href="<?cs var:Domain.path ?>/accounts?filter=full"><?cs var:Msg.domain.list_full ?></a></p><?cs
else ?>
<p><?cs var:Msg.domain.usage_unknown ?></p><?cs
/if ?>
</section>
<section class="card" aria-labelledby="h-routing">
<h2 id="h-routing"><?cs var:Msg.label.routing ?></h2>
<dl class="facts">
<div><dt><?cs var:Msg.domain.keeping ?></dt><dd><?cs var:Count.keeping ?></dd></div>
<div><dt><?cs var:Msg.domain.forwarding ?></dt><dd><?cs var:Count.forwarding ?></dd></div>
<div><dt><?cs var:Msg.domain.discarding ?></dt><dd><?cs var:Count.discarding ?></dd></div>
</dl>
<p><a href="<?cs var:Domain.path ?>/accounts?filter=outside"><?cs var:Msg.domain.list_outside ?></a></p>
</section>
</div>
<?cs include:"foot.cs" ?>
