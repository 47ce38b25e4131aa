<?cs set:T.title = Msg.lists.delete ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.lists.delete ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<section class="card" aria-labelledby="h-who">
<h2 id="h-who" class="addr"><?cs var:List.address ?></h2>
<p class="box warn"><?cs var:Msg.lists.delete_text ?></p>
</section>
<form method="post" action="<?cs var:List.path ?>/delete"><?cs call:csrf() ?><?cs
call:confirm(Msg.accounts.confirm_text, List.name, Msg.accounts.confirm) ?><?cs
call:reauth() ?>
<div class="go"><button type="submit" class="danger"><?cs var:Msg.accounts.delete_button ?></button> <a href="<?cs var:List.path ?>"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
