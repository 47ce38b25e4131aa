<?cs # An initial password that the administrator chooses; needs fields.cs and
   # parts.cs. ?><?cs
def:own_password(label) ?>
<?cs if:?Cleared ?><p class="box warn"><?cs var:Msg.account.pw_cleared ?></p><?cs /if ?>
<details<?cs if:?Cleared || Bad.new_password || Bad.new_password_again ?> open<?cs /if ?>>
<summary><?cs var:label ?></summary>
<p class="hint"><?cs var:Msg.accounts.initial_must ?></p>
<?cs call:pw_rules() ?><?cs
call:secret("new_password", Msg.accounts.initial_new, "") ?><?cs
call:secret("new_password_again", Msg.accounts.initial_again, "") ?>
</details><?cs
/def ?>
