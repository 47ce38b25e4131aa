<?cs set:T.title = Msg.admin.title ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?>
<h1><?cs var:Msg.admin.title ?></h1>
<p><?cs var:Msg.admin.lead ?></p>
<ul class="links"><?cs
each:d = Domains ?>
<li class="card"><a href="<?cs var:d.path ?>"><b><?cs var:d.name ?></b></a>
<p class="hint"><?cs if:d.disabled ?><b class="tag off"><?cs var:Msg.admin.off ?></b> <?cs /if ?><?cs var:Msg.accounts.count ?> <?cs var:d.accounts ?></p></li><?cs
/each ?>
</ul>
<?cs include:"foot.cs" ?>
