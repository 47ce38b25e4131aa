<?cs set:T.title = Msg.accounts.reset ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<h1><?cs var:Msg.accounts.reset ?></h1>
<?cs call:summary(Msg.accounts.failed) ?>
<form method="post" action="<?cs var:Account.path ?>/reset"><?cs call:csrf() ?>
<input type="hidden" name="version" value="<?cs var:Account.version ?>">
<section class="card" id="account" tabindex="-1" aria-labelledby="h-who">
<h2 id="h-who"><span class="addr"><?cs var:Account.address ?></span><?cs if:string.length(Account.real_name) > #0 ?> <span class="real"><?cs var:Account.real_name ?></span><?cs /if ?></h2>
<?cs if:Bad.account ?><?cs call:errors("account") ?><?cs /if ?>
<p><?cs var:Msg.accounts.reset_text ?></p>
<p><?cs var:Msg.accounts.reset_hint ?></p>
<p><?cs var:Msg.accounts.reset_mail ?></p><?cs
if:?Account.initial ?>
<p class="box warn"><?cs var:Msg.accounts.reset_initial ?></p><?cs
/if ?>
</section><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs var:Msg.accounts.reset_button ?></button> <a href="<?cs var:Account.path ?>"><?cs var:Msg.accounts.cancel ?></a></div>
</form>
<?cs include:"foot.cs" ?>
