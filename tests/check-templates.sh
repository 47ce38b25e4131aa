#!/bin/sh
# Everything that a template shows is escaped, and nothing of it can run.
cd "${CHECK_ROOT:-$(dirname "$0")/..}/templates" || exit 1
status=0
refuse() { # TEXT PATTERN
	if grep -nEi "$2" ./*.cs; then
		echo "^ $1"
		status=1
	fi
}
refuse "prints without escaping, or runs its value as a template" \
	'<\?cs[[:space:]]+(uvar|lvar|evar|linclude|name|alt|escape|content-type)[[:space:]:]'
refuse "an escape function inside var: the page does it already" \
	'(html_escape|url_escape|js_escape|css_escape)'
refuse "no scripts" '<script|javascript:'
refuse "no inline style (CSP)" '<style|[[:space:]]style[[:space:]]*='
refuse "no event handlers (CSP)" '[[:space:]]on[a-z]+[[:space:]]*='
refuse "nothing from other sites (CSP)" '(src|href|action)="(https?:)?//'
refuse "nothing that is embedded" '<(iframe|object|embed|base|applet)[[:space:]>]'
refuse "a form sends to this site" '<form[^>]*action="[^/<]'
# A search changes nothing, and its address can be kept.
if grep -nE '<form method="[^p]' ./*.cs | grep -v 'fields.cs.*role="search"'; then
	echo "^ forms are posts"
	status=1
fi

# var: as a URL: html escaping does not judge URLs.  Each that is allowed:
allowed='Page.path	head.cs: a path of the table of routes, set by page_begin
e.field	head.cs: "#field", a literal of C
Error.contact	error.cs: mailto:, from the configuration (is checked to be an address)
History.next	history.cs: made by page_history from a number
Account.path	made by page_path
Domain.path	made by page_path
Forward.path	made by page_path
Site.path	made by path_of in page_site.c
Back	notice.cs: made by page_path
List.first	made by page_path
List.path	made by page_path
r.members	made by page_path
List.more	made by page_path
List.newer	made by page_path
List.next	made by page_path
List.older	made by page_path
List.prev	made by page_path
d.href	site.cs: made by path_of in page_site.c
d.path	admin.cs: /admin/ and the name of a domain
r.href	made by page_path
href	an argument: Sort.*, or Domain.path and more
path	an argument: Domain.path and more'
for found in $(grep -ohE '(href|src|action|formaction|poster|data)="[^"]*<\?cs[[:space:]]+var:[[:space:]]*[A-Za-z0-9_.]+' \
	./*.cs | sed 's/.*var:[[:space:]]*//' | sort -u); do
	printf '%s\n' "$allowed" | grep -q "^$found	" || {
		echo "$found is used as a URL; see tests/check-templates.sh"
		status=1
	}
done
# ... in quotes, always: an attribute without them ends at a blank.
refuse "an attribute without quotes" '=<\?cs[[:space:]]+var:'
# Each form carries the token.
for f in ./*.cs; do
	[ "$f" != ./fields.cs ] || continue # has the macro csrf()
	forms=$(grep -c '<form' "$f")
	tokens=$(grep -cE 'name="csrf" value="<\?cs var:Csrf \?>"|call:csrf\(\)' "$f")
	[ "$forms" -eq "$tokens" ] || {
		echo "$f: $forms forms and $tokens tokens"
		status=1
	}
done
# Passwords are asked for and never shown.
if grep -nE 'type="password"[^>]*value=|Field\.[a-z_]*password[a-z_]*\.value' ./*.cs; then
	echo "^ a password is never in a page"
	status=1
fi
exit $status
