<?cs set:T.title = Msg.slip.title ?><?cs set:T.nav = "notice" ?><?cs
include:"head.cs" ?>
<div class="screen">
<h1><?cs var:Msg.slip.title ?></h1>
<div class="box warn" role="status" tabindex="-1" autofocus>
<p><b><?cs var:Msg.slip.once ?></b></p>
<p><?cs var:Msg.slip.print ?></p>
</div>
<p><?cs var:Msg.slip.count ?> <b><?cs var:Count.n ?></b></p>
</div><?cs
each:s = Slip ?>
<article class="slip">
<header><?cs if:string.length(s.real_name) > #0 ?>
<p class="person"><?cs var:s.real_name ?></p><?cs /if ?>
<h2><span lang="ja"><?cs var:Ja.slip.heading ?></span> <span lang="en"><?cs var:En.slip.heading ?></span></h2>
</header>
<dl class="sheet">
<div><dt><span lang="ja"><?cs var:Ja.slip.account ?></span> <span lang="en"><?cs var:En.slip.account ?></span></dt><dd class="copy"><?cs var:s.address ?></dd></div>
<div><dt><span lang="ja"><?cs var:Ja.slip.password ?></span> <span lang="en"><?cs var:En.slip.password ?></span></dt><dd><b class="copy secret"><?cs var:s.password ?></b>
<p class="hint" lang="ja"><?cs var:Ja.slip.letters ?></p>
<p class="hint" lang="en"><?cs var:En.slip.letters ?></p></dd></div>
<div><dt><span lang="ja"><?cs var:Ja.slip.web ?></span> <span lang="en"><?cs var:En.slip.web ?></span></dt><dd class="copy"><?cs var:Client.web ?></dd></div>
</dl>
<div class="two">
<section lang="ja">
<h3><?cs var:Ja.slip.first ?></h3>
<ol><li><?cs var:Ja.slip.step1 ?></li><li><?cs var:Ja.slip.step2 ?></li><li><?cs var:Ja.slip.step3 ?></li></ol>
</section>
<section lang="en">
<h3><?cs var:En.slip.first ?></h3>
<ol><li><?cs var:En.slip.step1 ?></li><li><?cs var:En.slip.step2 ?></li><li><?cs var:En.slip.step3 ?></li></ol>
</section>
</div>
<table>
<caption><span lang="ja"><?cs var:Ja.settings.title ?></span> <span lang="en"><?cs var:En.settings.title ?></span></caption>
<thead>
<tr><td></td><th scope="col"><span lang="ja"><?cs var:Ja.settings.pop_title ?></span> <span lang="en"><?cs var:En.settings.pop_title ?></span></th><th scope="col"><span lang="ja"><?cs var:Ja.settings.smtp_title ?></span> <span lang="en"><?cs var:En.settings.smtp_title ?></span></th></tr>
</thead>
<tbody>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.slip.server ?></span> <span lang="en"><?cs var:En.slip.server ?></span></th><td><?cs if:?s.pop_host ?><?cs var:s.pop_host ?><?cs else ?><span lang="ja"><?cs var:Ja.settings.pop_unknown ?></span> <span lang="en"><?cs var:En.settings.pop_unknown ?></span><?cs /if ?></td><td><?cs var:Client.submission_host ?></td></tr>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.settings.port ?></span> <span lang="en"><?cs var:En.settings.port ?></span></th><td><?cs var:Client.pop_port ?></td><td><?cs var:Client.submission_port ?></td></tr>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.settings.security ?></span> <span lang="en"><?cs var:En.settings.security ?></span></th><td>SSL/TLS</td><td>STARTTLS</td></tr>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.settings.user ?></span> <span lang="en"><?cs var:En.settings.user ?></span></th><td><?cs var:s.address ?></td><td><span lang="ja"><?cs var:Ja.slip.smtp_user ?></span> <span lang="en"><?cs var:En.slip.smtp_user ?></span></td></tr>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.settings.password ?></span> <span lang="en"><?cs var:En.settings.password ?></span></th><td><span lang="ja"><?cs var:Ja.slip.pop_password ?></span> <span lang="en"><?cs var:En.slip.pop_password ?></span></td><td><span lang="ja"><?cs var:Ja.settings.smtp_password ?></span> <span lang="en"><?cs var:En.settings.smtp_password ?></span></td></tr>
<tr><th scope="row"><span lang="ja"><?cs var:Ja.settings.timeout ?></span> <span lang="en"><?cs var:En.settings.timeout ?></span></th><td>–</td><td><?cs var:Client.timeout ?> <span lang="ja"><?cs var:Ja.settings.seconds ?></span> <span lang="en"><?cs var:En.settings.seconds ?></span></td></tr>
</tbody>
</table>
<p lang="ja"><?cs var:Ja.settings.leave_hint ?></p>
<p lang="en"><?cs var:En.settings.leave_hint ?></p>
</article><?cs
/each ?>
<p class="screen acts"><a class="more" href="<?cs var:Back ?>"><?cs var:Msg.slip.back ?></a></p>
<?cs include:"foot.cs" ?>
