<?cs if:?New ?><?cs set:T.title = Msg.lists.new ?><?cs else ?><?cs set:T.title = List.address ?><?cs /if ?><?cs
set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?>
<p class="back"><a href="<?cs var:Domain.path ?>/lists"><?cs var:Msg.lists.back ?></a></p>
<h1><?cs var:T.title ?></h1>
<?cs call:notice() ?><?cs call:summary(Msg.accounts.failed) ?><?cs
if:!?New ?>
<p class="acts"><a class="more" href="<?cs var:List.path ?>/members"><?cs var:Msg.lists.members_open ?></a></p><?cs
/if ?>
<form method="post" action="<?cs if:?New ?><?cs var:Domain.path ?>/lists/new<?cs else ?><?cs var:List.path ?><?cs /if ?>"><?cs call:csrf() ?>
<fieldset class="card"><legend><?cs var:Msg.lists.title ?></legend><?cs
if:?New ?><?cs
call:local("name", Msg.lists.name, Msg.forwards.name_hint) ?><?cs
else ?>
<input type="hidden" name="version" value="<?cs var:List.version ?>"><?cs
/if ?><?cs
call:text("description", Msg.lists.description, Msg.lists.description_hint) ?><?cs
call:text("owner", Msg.lists.owner, Msg.lists.owner_hint) ?>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.lists.posting_legend ?></legend><?cs
if:Bad.posting ?><?cs call:errors("posting") ?><?cs /if ?><?cs
each:p = Posting ?>
<div class="pick"><input type="radio" id="<?cs if:p.value == "anyone" ?>posting<?cs else ?>posting-<?cs var:p.value ?><?cs /if ?>" name="posting" value="<?cs var:p.value ?>"<?cs if:p.chosen ?> checked<?cs /if ?><?cs if:Bad.posting ?> aria-invalid="true" aria-describedby="posting-error"<?cs /if ?>><label for="<?cs if:p.value == "anyone" ?>posting<?cs else ?>posting-<?cs var:p.value ?><?cs /if ?>"><?cs var:p.label ?></label></div><?cs
/each ?><?cs
call:lines("moderators", Msg.lists.moderators, Msg.lists.moderators_hint, "3") ?>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.lists.subscription_legend ?></legend><?cs
if:Bad.subscription ?><?cs call:errors("subscription") ?><?cs /if ?><?cs
each:p = Subscription ?>
<div class="pick"><input type="radio" id="<?cs if:p.value == "closed" ?>subscription<?cs else ?>subscription-<?cs var:p.value ?><?cs /if ?>" name="subscription" value="<?cs var:p.value ?>"<?cs if:p.chosen ?> checked<?cs /if ?><?cs if:Bad.subscription ?> aria-invalid="true" aria-describedby="subscription-error"<?cs /if ?>><label for="<?cs if:p.value == "closed" ?>subscription<?cs else ?>subscription-<?cs var:p.value ?><?cs /if ?>"><?cs var:p.label ?></label></div><?cs
/each ?>
</fieldset>
<fieldset class="card"><legend><?cs var:Msg.lists.mail_legend ?></legend><?cs
if:Bad.reply_to ?><?cs call:errors("reply_to") ?><?cs /if ?>
<div class="pick"><input type="radio" id="reply_to" name="reply_to" value="list"<?cs if:Field.reply_to.value == "list" ?> checked<?cs /if ?><?cs if:Bad.reply_to ?> aria-invalid="true" aria-describedby="reply_to-error"<?cs /if ?>><label for="reply_to"><?cs var:Msg.lists.reply_to_list ?></label></div>
<div class="pick"><input type="radio" id="reply_to-sender" name="reply_to" value="sender"<?cs if:Field.reply_to.value == "sender" ?> checked<?cs /if ?><?cs if:Bad.reply_to ?> aria-invalid="true" aria-describedby="reply_to-error"<?cs /if ?>><label for="reply_to-sender"><?cs var:Msg.lists.reply_to_sender ?></label></div><?cs
call:text("prefix", Msg.lists.prefix, Msg.lists.prefix_hint) ?><?cs
call:lines("footer", Msg.lists.footer, Msg.lists.footer_hint, "3") ?>
<div class="pick"><input type="checkbox" id="archive" name="archive" value="on"<?cs if:Field.archive.value ?> checked<?cs /if ?>><label for="archive"><?cs var:Msg.lists.archive ?></label></div>
</fieldset><?cs call:reauth() ?>
<div class="go"><button type="submit"><?cs if:?New ?><?cs var:Msg.accounts.new_button ?><?cs else ?><?cs var:Msg.accounts.save ?><?cs /if ?></button> <a href="<?cs var:Domain.path ?>/lists"><?cs var:Msg.accounts.cancel ?></a></div>
</form><?cs
if:!?New ?>
<p class="acts"><a class="more danger" href="<?cs var:List.path ?>/delete"><?cs var:Msg.lists.delete ?></a></p><?cs
/if ?>
<?cs include:"foot.cs" ?>
