/* The form of a list, as typed, and what is wrong in it. */
#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "core/mlist.h"
#include "core/routing.h"

#define DESCRIPTION_MAX 200

static bool
has_only(const char *s, bool newlines, bool ascii)
{
	for (; *s != '\0'; s++) {
		const unsigned char c = (unsigned char)*s;

		if (c == '\n' && newlines)
			continue;
		if (c < 0x20 || c == 0x7f || (ascii && c >= 0x80))
			return false;
	}
	return true;
}

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Text without CR, which browsers put into the lines of a text area. */
static void
without_cr(const char *s, char *out, size_t size)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < size; s++)
		if (*s != '\r')
			out[n++] = *s;
	out[n] = '\0';
}

static void
read_texts(const struct mlist_form *form, struct mlist *l,
    struct findings *f)
{
	if (form->description != NULL) {
		if (!has_only(form->description, false, false) ||
		    characters(form->description) > DESCRIPTION_MAX)
			finding_add(f, "description", FAULT_LIST_TEXT, "200",
			    NULL);
		else
			snprintf(l->description, sizeof(l->description), "%s",
			    form->description);
	}
	if (form->prefix != NULL) {
		if (!has_only(form->prefix, false, true) ||
		    strlen(form->prefix) >= sizeof(l->prefix))
			finding_add(
			    f, "prefix", FAULT_LIST_ASCII, "40", NULL);
		else
			snprintf(l->prefix, sizeof(l->prefix), "%s",
			    form->prefix);
	}
	if (form->footer != NULL) {
		char footer[LIST_FOOTER * 2];

		without_cr(form->footer, footer, sizeof(footer));
		if (!has_only(footer, true, true) ||
		    strlen(footer) >= sizeof(l->footer))
			finding_add(
			    f, "footer", FAULT_LIST_ASCII, "1000", NULL);
		else
			memcpy(l->footer, footer, strlen(footer) + 1);
	}
}

static void
read_choices(const struct mlist_form *form, struct mlist *l,
    struct findings *f)
{
	if (form->posting != NULL &&
	    !posting_of_text(form->posting, &l->posting))
		finding_add(f, "posting", FAULT_LIST_CHOOSE, NULL, NULL);
	if (form->subscription != NULL &&
	    !subscription_of_text(form->subscription, &l->subscription))
		finding_add(f, "subscription", FAULT_LIST_CHOOSE, NULL, NULL);
	if (form->reply_to != NULL) {
		l->reply_to_list = strcmp(form->reply_to, "list") == 0;
		if (!l->reply_to_list &&
		    strcmp(form->reply_to, "sender") != 0)
			finding_add(
			    f, "reply_to", FAULT_LIST_CHOOSE, NULL, NULL);
	}
	if (form->archive != NULL)
		l->archive = strcmp(form->archive, "on") == 0;
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n,")] == '\0';
}

/* Addresses of people: hosted ones must be there. */
static enum result
read_people(struct store *s, const char *text, size_t max, const char *field,
    struct targets *t, struct findings *f)
{
	char address[ADDRESS_SIZE];
	struct target base;
	struct domain d;
	enum result r = routing_parse_targets(text, max, field, t, f);

	for (size_t i = 0; r == RES_OK && i < t->n; i++) {
		struct target *one = &t->list[i];
		enum kind kind;
		int64_t id;

		if ((r = store_domain(s, one->domain, &d)) == RES_NOTFOUND) {
			r = RES_OK;
			continue;
		}
		if (r != RES_OK)
			break;
		ascii_lower(one->local_part);
		base = *one;
		target_without_extension(&base);
		r = store_address(s, base.local_part, base.domain, &id, &kind);
		target_text(one, address, sizeof(address));
		if (r == RES_NOTFOUND)
			finding_add(
			    f, field, FAULT_FORWARD_MISSING, address, NULL);
		/* What is for people would go round. */
		else if (r == RES_OK && kind == KIND_LIST)
			finding_add(f, field, FAULT_LIST_SELF, address, NULL);
		if (r == RES_NOTFOUND)
			r = RES_OK;
	}
	return r == RES_INVALID ? RES_OK : r;
}

static enum result
read_owner(struct store *s, const struct mlist_form *form, struct mlist *l,
    struct findings *f)
{
	struct targets t = { .n = 0 };
	char text[ADDRESS_SIZE];
	enum result r;

	if (form->owner == NULL)
		return RES_OK;
	if (is_blank(form->owner)) {
		finding_add(f, "owner", FAULT_LIST_OWNER, NULL, NULL);
		return RES_OK;
	}
	r = read_people(s, form->owner, 1, "owner", &t, f);
	if (r == RES_OK && t.n == 1) {
		target_text(&t.list[0], text, sizeof(text));
		/* ADDRESS_MAX, as address_of_target saw to. */
		memcpy(l->owner, text, sizeof(l->owner) - 1);
	}
	return r;
}

static enum result
read_moderators(struct store *s, const struct mlist_form *form,
    struct mlist *l, struct findings *f)
{
	struct targets t = { .n = 0 };
	size_t n = 0;
	enum result r;

	if (form->moderators == NULL)
		return RES_OK;
	l->moderators[0] = '\0';
	if (is_blank(form->moderators))
		return RES_OK;
	r = read_people(
	    s, form->moderators, TARGETS_MAX, "moderators", &t, f);
	for (size_t i = 0; i < t.n; i++)
		n += (size_t)snprintf(l->moderators + n,
		    sizeof(l->moderators) - n, "%s@%s\n",
		    t.list[i].local_part, t.list[i].domain);
	return r;
}

enum result
mlist_read_form(struct store *s, const struct mlist_form *form,
    struct mlist *l, struct findings *f)
{
	enum result r;

	read_texts(form, l, f);
	read_choices(form, l, f);
	if ((r = read_owner(s, form, l, f)) != RES_OK)
		return r;
	return read_moderators(s, form, l, f);
}
