<?cs set:T.title = Msg.forwards.delete ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs
call:deletion(Msg.forwards.delete, Msg.forwards.delete_text, Forward.address, Forward.name, Forward.path) ?>
<?cs include:"foot.cs" ?>
