<?cs set:T.title = Msg.site.title ?><?cs set:T.nav = "site" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Msg.site.title ?></h1>
<p class="acts"><a class="main" href="/site/domains/new"><?cs var:Msg.site.new ?></a></p><?cs
if:subcount(Domains) == #0 ?>
<p class="card empty"><?cs var:Msg.site.none ?></p><?cs
else ?>
<table class="log domains">
<caption><?cs var:Msg.site.domains ?></caption>
<thead>
<tr><th scope="col"><?cs var:Msg.site.domain ?></th><th scope="col"><?cs var:Msg.site.col_state ?></th><th scope="col"><?cs var:Msg.site.col_accounts ?></th><th scope="col"><?cs var:Msg.site.col_host ?></th><th scope="col"><?cs var:Msg.site.administrators ?></th></tr>
</thead>
<tbody><?cs
  each:d = Domains ?>
<tr>
<th scope="row" class="name"><a href="<?cs var:d.href ?>"><?cs var:d.name ?></a></th>
<td data-label="<?cs var:Msg.site.col_state ?>"><?cs if:d.enabled ?><?cs var:Msg.site.enabled ?><?cs else ?><b class="tag off"><?cs var:Msg.admin.off ?></b><?cs /if ?></td>
<td data-label="<?cs var:Msg.site.col_accounts ?>"><span><?cs var:d.accounts ?> / <?cs if:?d.max_accounts ?><?cs var:d.max_accounts ?><?cs else ?><?cs var:Msg.domain.no_limit ?><?cs /if ?></span></td>
<td data-label="<?cs var:Msg.site.col_host ?>"<?cs if:string.length(d.pop_host) == #0 ?> class="no"<?cs /if ?>><?cs if:string.length(d.pop_host) > #0 ?><?cs var:d.pop_host ?><?cs else ?>–<?cs /if ?></td>
<td data-label="<?cs var:Msg.site.administrators ?>"><?cs var:d.admins ?></td>
</tr><?cs
  /each ?>
</tbody>
</table><?cs
/if ?>
<?cs include:"foot.cs" ?>
