<?cs # Top of every page; the page sets T.title and T.nav before it.
   # errors(): the texts beside a field, called where Bad.FIELD says so.
   # No uvar, lvar, evar, alt or name here or anywhere: they do not escape. ?><?cs
def:errors(field) ?><div class="err" id="<?cs var:field ?>-error"><?cs
  each:text = Field[field].error ?><p><span class="vh"><?cs var:Msg.ui.error_prefix ?> </span><?cs var:text ?></p><?cs
  /each ?></div><?cs
/def ?><?cs
def:summary(lead) ?><?cs
  if:subcount(Errors) > #0 ?><div class="box bad" role="alert" tabindex="-1" autofocus>
<h2><?cs var:lead ?></h2>
<ul><?cs
    each:e = Errors ?>
<li><?cs if:e.field ?><a href="#<?cs var:e.field ?>"><?cs var:e.text ?></a><?cs
      else ?><?cs var:e.text ?><?cs /if ?></li><?cs
    /each ?>
</ul>
</div><?cs
  /if ?><?cs
/def ?><?cs
def:notice() ?><?cs
  if:?Notice ?><p class="box good" role="status" tabindex="-1" autofocus><?cs var:Notice ?></p><?cs
  /if ?><?cs
/def ?><?cs
def:reauth() ?><?cs
  if:Reauth ?>
<fieldset class="card">
<legend><?cs var:Msg.account.reauth_legend ?></legend>
<div class="field">
<label for="current_password"><?cs var:Msg.account.current ?></label>
<p class="hint" id="current_password-hint"><?cs if:T.nav == "account" ?><?cs var:Msg.account.current_hint ?><?cs else ?><?cs var:Msg.admin.current_hint ?><?cs /if ?></p>
<?cs if:Bad.current_password ?><?cs call:errors("current_password") ?><?cs /if ?>
<input id="current_password" name="current_password" type="password" autocomplete="current-password"<?cs if:Bad.current_password ?> aria-invalid="true" aria-describedby="current_password-hint current_password-error"<?cs else ?> aria-describedby="current_password-hint"<?cs /if ?>>
</div>
</fieldset><?cs
  /if ?><?cs
/def ?><!DOCTYPE html>
<html lang="<?cs var:Lang ?>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<meta name="robots" content="noindex">
<title><?cs if:subcount(Errors) > #0 || subcount(Conflict) > #0 ?><?cs var:Msg.ui.error_prefix ?> <?cs /if
  ?><?cs var:T.title ?> – <?cs var:Msg.ui.product ?></title>
<link rel="stylesheet" href="/style.css">
</head>
<body class="page-<?cs var:T.nav ?>">
<a class="skip" href="#main"><?cs var:Msg.ui.skip ?></a>
<header class="top">
<div class="in">
<a class="brand" href="/"><svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
<path class="m1" d="M3 12h26v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/><path class="m1" d="M2 6a2 2 0 0 1 2-2h24a2 2 0 0 1 2 2v4H2z"/>
<path class="m2" d="M14.5 4h3v24h-3z"/><circle class="m2" cx="16" cy="13" r="4.5"/><circle class="m3" cx="16" cy="13" r="1.6"/></svg>
<span><b lang="ja">文箱</b> <span lang="en">Fumibako</span></span></a>
<?cs if:T.nav != "notice" ?><nav class="lang" aria-label="<?cs var:Msg.ui.language ?>">
<ul>
<li><a href="<?cs var:Page.path ?>?lang=ja" lang="ja" hreflang="ja"<?cs if:Lang == "ja" ?> aria-current="true"<?cs /if ?>>日本語</a></li>
<li><a href="<?cs var:Page.path ?>?lang=en" lang="en" hreflang="en"<?cs if:Lang == "en" ?> aria-current="true"<?cs /if ?>>English</a></li>
</ul>
</nav>
<?cs /if ?></div><?cs
if:?User.address ?>
<div class="in who"><?cs var:Msg.ui.logged_in ?> <b class="addr"><?cs var:User.address ?></b></div><?cs
/if ?><?cs
# What a page with passwords shows is gone after a click: no links there. ?><?cs
if:?User.address && T.nav != "notice" ?>
<nav class="tabs" aria-label="<?cs var:Msg.ui.nav ?>">
<ul class="in">
<li><a href="/account"<?cs if:T.nav == "account" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.nav.account ?></a></li><?cs
  if:!User.initial ?>
<li><a href="/account/settings"<?cs if:T.nav == "settings" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.nav.settings ?></a></li>
<li><a href="/account/log"<?cs if:T.nav == "history" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.nav.history ?></a></li><?cs
    if:User.domain_admin ?>
<li><a href="/admin"<?cs if:T.nav == "admin" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.nav.admin ?></a></li><?cs
    /if ?><?cs
    if:User.site_admin ?>
<li><a href="/site"<?cs if:T.nav == "site" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.nav.site ?></a></li><?cs
    /if ?><?cs
  /if ?>
</ul>
</nav><?cs
/if ?><?cs
if:?Domain.name ?>
<nav class="tabs subs" aria-label="<?cs var:Msg.admin.menu ?>">
<div class="in where"><b class="addr"><?cs var:Domain.name ?></b><?cs if:?Domain.other ?> <a href="/admin"><?cs var:Msg.admin.other ?></a><?cs /if ?></div>
<ul class="in">
<li><a href="<?cs var:Domain.path ?>"<?cs if:Sub == "overview" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.overview ?></a></li>
<li><a href="<?cs var:Domain.path ?>/accounts"<?cs if:Sub == "accounts" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.accounts ?></a></li>
<li><a href="<?cs var:Domain.path ?>/forwards"<?cs if:Sub == "forwards" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.forwards ?></a></li>
<li><a href="<?cs var:Domain.path ?>/lists"<?cs if:Sub == "lists" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.lists ?></a></li>
<li><a href="<?cs var:Domain.path ?>/import"<?cs if:Sub == "import" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.import ?></a></li>
<li><a href="<?cs var:Domain.path ?>/log"<?cs if:Sub == "log" ?> aria-current="page"<?cs /if ?>><?cs var:Msg.admin.log ?></a></li>
</ul>
</nav><?cs
/if ?>
</header>
<main id="main" class="in<?cs if:?T.form ?> form<?cs /if ?>" tabindex="-1"><?cs
if:?Domain.disabled ?>
<p class="box warn"><?cs var:Msg.admin.disabled ?></p><?cs
/if ?>
