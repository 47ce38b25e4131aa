</main>
<footer class="in"><?cs
if:?User.address ?>
<form method="post" action="/logout" class="logout">
<input type="hidden" name="csrf" value="<?cs var:Csrf ?>">
<button type="submit" class="second"><?cs var:Msg.ui.logout ?></button>
</form><?cs
/if ?>
<p class="mark"><?cs var:Msg.ui.footer ?></p>
</footer>
</body>
</html>
