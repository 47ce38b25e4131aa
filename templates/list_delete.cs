<?cs set:T.title = Msg.lists.delete ?><?cs set:T.nav = "admin" ?><?cs set:T.form = "1" ?><?cs
include:"head.cs" ?><?cs
include:"fields.cs" ?><?cs
call:deletion(Msg.lists.delete, Msg.lists.delete_text, List.address, List.name, List.path) ?>
<?cs include:"foot.cs" ?>
