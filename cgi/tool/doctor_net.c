/* What a client sees of https, POP3s and SMTP: libcurl only here. */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/log.h"
#include "tool/doctor.h"

/* An answer on our own host; a log-in page takes milliseconds. */
#define CONNECT_SECONDS 2L
#define CALL_SECONDS 4L
#define BODY_MAX (256UL * 1024)

struct body {
	FILE *out;
	size_t room;
};

static size_t
take_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct body *b = arg;
	const size_t some = size * n < b->room ? size * n : b->room;

	fwrite(bytes, 1, some, b->out);
	b->room -= some;
	return size * n;
}

static void
set_certificate(CURL *c, const struct call *call, const char *ca)
{
	curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, call->verify ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST,
	    call->verify && call->named ? 2L : 0L);
	if (ca[0] != '\0')
		curl_easy_setopt(c, CURLOPT_CAINFO, ca);
	/* SMTP offers it, or not. */
	curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
}

static struct curl_slist *
set_places(struct doctor *d, CURL *c, const struct call *call)
{
	struct curl_slist *to = NULL;

	if (call->from != NULL)
		curl_easy_setopt(c, CURLOPT_INTERFACE,
		    pool_printf(d->pool, "host!%s", call->from));
	if (call->to != NULL) {
		to = curl_slist_append(NULL,
		    strchr(call->to, ':') != NULL ?
			pool_printf(d->pool, "::[%s]:", call->to) :
			pool_printf(d->pool, "::%s:", call->to));
		curl_easy_setopt(c, CURLOPT_CONNECT_TO, to);
	}
	return to;
}

/* The last day of the server's own certificate, the first of the chain. */
static int64_t
not_after(CURL *c)
{
	struct curl_certinfo *chain = NULL;
	int64_t at = 0;

	if (curl_easy_getinfo(c, CURLINFO_CERTINFO, &chain) != CURLE_OK ||
	    chain == NULL || chain->num_of_certs < 1)
		return 0;
	for (struct curl_slist *l = chain->certinfo[0]; l != NULL;
	     l = l->next)
		if (strncmp(l->data, "Expire date:", 12) == 0 &&
		    !checkup_date(l->data + 12, &at))
			log_event("certificate", "date=not_understood");
	return at;
}

static enum reached
reached(CURLcode code)
{
	if (code == CURLE_OK)
		return REACHED;
	if (code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR)
		return REACHED_UNTRUSTED;
	return code == CURLE_COULDNT_CONNECT ||
		code == CURLE_COULDNT_RESOLVE_HOST ||
		code == CURLE_INTERFACE_FAILED ?
	    REACHED_NOBODY :
	    REACHED_NO_ANSWER;
}

static void
perform(struct doctor *d, CURL *c, const struct call *call,
    struct answer *a)
{
	struct curl_slist *to = set_places(d, c, call);
	char why[CURL_ERROR_SIZE] = "";
	char *text = NULL;
	size_t size = 0;
	struct body body = { open_memstream(&text, &size), BODY_MAX };
	CURLcode code = CURLE_OUT_OF_MEMORY;

	set_certificate(c, call, d->tool->conf.doctor_ca);
	curl_easy_setopt(c, CURLOPT_URL, call->url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, CALL_SECONDS);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &body);
	if (call->post)
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, "");
	/* A greeting, and what it can do; nobody logs in. */
	if (strncmp(call->url, "https:", 6) != 0)
		curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	if (body.out != NULL) {
		code = curl_easy_perform(c);
		fclose(body.out);
	}
	a->reached = reached(code);
	a->why = pool_printf(d->pool, "%s",
	    why[0] != '\0' ? why : curl_easy_strerror(code));
	a->body = pool_strndup(d->pool, text != NULL ? text : "", size);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a->status);
	a->not_after = not_after(c);
	free(text);
	curl_slist_free_all(to);
}

void
doctor_call(struct doctor *d, const struct call *call, struct answer *a)
{
	CURL *c = NULL;

	*a = (struct answer){ .reached = REACHED_NOBODY,
		.why = "libcurl does not start", .body = "" };
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return;
	if ((c = curl_easy_init()) != NULL)
		perform(d, c, call, a);
	curl_easy_cleanup(c);
	curl_global_cleanup();
}

const char *
doctor_url(struct doctor *d, const char *scheme, const char *host,
    const char *port)
{
	const bool bare = strchr(host, ':') != NULL && host[0] != '[';

	return pool_printf(d->pool, "%s://%s%s%s:%s", scheme, bare ? "[" : "",
	    host, bare ? "]" : "", port);
}
