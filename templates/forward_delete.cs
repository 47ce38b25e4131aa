<?cs set:T.title = Msg.forwards.delete ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.forwards.delete ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<section class="card" aria-labelledby="h-who">
<h2 id="h-who" class="addr"><?cs var:Forward.address ?></h2>
<p class="box warn"><?cs var:Msg.forwards.delete_text ?></p>
</section>
<form method="post" action="<?cs var:Forward.path ?>/delete"><?cs call:csrf() ?><?cs
call:confirm(Msg.accounts.confirm_text, Forward.name, Msg.accounts.confirm) ?><?cs
call:reauth() ?>
<div class="go"><button type="submit" class="danger"><?cs var:Msg.accounts.delete_button ?></button> <a href="<?cs var:Forward.path ?>"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
