/* CSV in: the difference first, then all of it or nothing. */
#include <stdio.h>
#include <string.h>

#include "core/upload.h"
#include "page/page_import.h"

#define PASSWORDS_MAX 200 /* given in the file: 60 ms each */

enum result
page_import_show(struct ctx *c)
{
	page_frame(c, "import");
	return page_end(c, 200, TPL_IMPORT);
}

/* -- what came of it: initial passwords, told once -- */

#define LINE_MAX_BYTES 256 /* a name of 64, a password of 16, guarded */

/* One line of the answer to `out`; its length, 0: no password was made. */
static size_t
csv_line(const struct import_row *row, char out[LINE_MAX_BYTES])
{
	size_t n;

	if (row->password[0] == '\0')
		return 0;
	n = csv_write_cell(row->local_part, out, LINE_MAX_BYTES);
	out[n++] = ',';
	n += csv_write_cell(row->password, out + n, LINE_MAX_BYTES - n);
	out[n++] = '\r';
	out[n++] = '\n';
	return n;
}

static enum result
answer_csv(struct import_job *j)
{
	static const char head[] = "account,password\r\n";
	struct ctx *c = j->ctx;
	char line[LINE_MAX_BYTES], *out;
	size_t n = sizeof(head) - 1;

	/* Measured first: 100,000 lines at their longest are 25 MB. */
	for (size_t i = 0; i < j->plan.n; i++)
		n += csv_line(&j->plan.rows[i], line);
	explicit_bzero(line, sizeof(line));
	out = pool_alloc(c->pool, n + LINE_MAX_BYTES);
	memcpy(out, head, sizeof(head) - 1);
	n = sizeof(head) - 1;
	for (size_t i = 0; i < j->plan.n; i++)
		n += csv_line(&j->plan.rows[i], out + n);
	c->reply.content_type = "text/csv; charset=utf-8";
	c->reply.filename = pool_printf(
	    c->pool, "initial-passwords-%s.csv", c->domain.name);
	c->reply.body = out;
	c->reply.length = n;
	return RES_OK;
}

/* From the file: a database that is busy now must not lose the passwords. */
static enum result
answer_notices(struct import_job *j, size_t made)
{
	struct ctx *c = j->ctx;
	struct slip *slips = pool_alloc(c->pool, made * sizeof(*slips));
	size_t n = 0;

	for (size_t i = 0; i < j->plan.n; i++) {
		const struct import_row *row = &j->plan.rows[i];
		const char *name = row->csv->cell[CSV_REAL_NAME];

		if (row->password[0] == '\0')
			continue;
		slips[n++] = (struct slip){
			.address = pool_printf(c->pool, "%s@%s",
			    row->local_part, c->domain.name),
			.real_name = name != NULL ? name : "",
			.pop_host = c->domain.pop_host,
			.password = row->password,
		};
	}
	return page_notice(c, slips, n, page_path(c, "/accounts"));
}

static enum result
answer(struct import_job *j)
{
	struct ctx *c = j->ctx;
	size_t made = 0;

	for (size_t i = 0; i < j->plan.n; i++)
		made += j->plan.rows[i].password[0] != '\0';
	if (made == 0) {
		reply_see_other(&c->reply,
		    page_path(c,
			pool_printf(c->pool,
			    "/accounts?imported=%zu&changed=%zu", j->plan.new,
			    j->plan.changed)));
		return RES_OK;
	}
	return made > IMPORT_NOTICES_MAX ||
		strcmp(form_get(&c->req.body, "answer"), "csv") == 0 ?
	    answer_csv(j) :
	    answer_notices(j, made);
}

/* -- the two modes -- */

/* The form again with one sentence. */
static enum result
refused(struct ctx *c, int status, const char *key)
{
	page_frame(c, "import");
	view_error(c->site->view, "file", page_text(c, key, NULL, NULL));
	return page_end(c, status, TPL_IMPORT);
}

static enum result
preview(struct import_job *j)
{
	struct ctx *c = j->ctx;
	enum result r = import_plan(c->site->store, &c->site->login, c->pool,
	    j->bytes, j->n, &j->options, &j->plan);

	if (r == RES_INVALID)
		return import_show(j, 422, false);
	if (r == RES_OK && j->plan.new + j->plan.changed > 0)
		r = upload_keep(c->site->store, c->pool, c->cookie,
		    &c->domain, j->bytes, j->n, c->now);
	return r == RES_OK ? import_show(j, 200, true) : r;
}

/* The same once more: the administrator's own password is missing. */
static enum result
ask_again(struct import_job *j, const struct findings *f)
{
	struct ctx *c = j->ctx;
	enum result r = RES_OK;

	if (c->req.file.sent)
		r = upload_keep(c->site->store, c->pool, c->cookie,
		    &c->domain, j->bytes, j->n, c->now);
	if (r != RES_OK)
		return r;
	j->plan.file_why = *f;
	return import_show(j, 422, true);
}

/* Not another difference than the one of the preview, where there was one. */
static bool
is_as_shown(const struct import_job *j)
{
	const char *seen = form_get(&j->ctx->req.body, "mark");
	char mark[SECRET_TEXT];

	upload_mark(j->ctx->cookie, &j->plan, mark);
	return seen[0] == '\0' || secret_equal(seen, mark);
}

static enum result
apply(struct import_job *j)
{
	struct ctx *c = j->ctx;
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	enum result r;

	if (!page_confirmed(c, &f, &r))
		return r;
	r = import_plan(c->site->store, &c->site->login, c->pool, j->bytes,
	    j->n, &j->options, &j->plan);
	if (r == RES_OK && f.n > 0)
		return ask_again(j, &f);
	if (r == RES_OK && !is_as_shown(j))
		return refused(c, 409, "csv.busy");
	if (r == RES_OK)
		r = import_apply(c->site->store, &c->site->login, c->pool,
		    &j->plan, &j->options, &who);
	if (r == RES_INVALID)
		return import_show(j, 422, false);
	if (r == RES_CONFLICT)
		return refused(c, 409, "csv.busy");
	if (r != RES_OK)
		return r;
	/* It goes by itself in a while. */
	(void)!upload_forget(c->site->store, c->cookie);
	return answer(j);
}

enum result
page_import_submit(struct ctx *c)
{
	const char *mode = form_get(&c->req.body, "mode");
	struct import_job *j = pool_alloc(c->pool, sizeof(*j));
	enum result r;

	j->ctx = c;
	j->bytes = c->req.file.bytes;
	j->n = c->req.file.n;
	j->options = (struct import_options){ .domain = &c->domain,
		.admin = &c->session->account,
		.max_passwords = PASSWORDS_MAX };
	if (!c->req.file.sent) {
		if (form_get(&c->req.body, "upload")[0] == '\0')
			return refused(c, 422, "csv.file_missing");
		r = upload_take(c->site->store, c->pool, c->cookie,
		    &c->domain, c->now, &j->bytes, &j->n);
		if (r == RES_NOTFOUND)
			return refused(c, 422, "csv.again");
		if (r != RES_OK)
			return r;
	}
	if (strcmp(mode, "preview") == 0)
		return preview(j);
	return strcmp(mode, "apply") == 0 ? apply(j) : RES_INVALID;
}
