/* A footer that would spoil a message is a part of its own. */
#include "tests/unit/unit.h"

#include "listmail/footer.h"

/* clang-format off */
static const struct row {
	const char *name, *head;
	enum footer_place place;
	const char *want; /* the wrapped header */
} rows[] = {
	{ "no MIME", "Subject: a\n\n", FOOTER_BEHIND, NULL },
	{ "plain", "Content-Type: text/plain\n\n", FOOTER_BEHIND, NULL },
	{ "plain, of Japan", "content-type: Text/Plain; charset=iso-2022-jp\n"
	    "content-transfer-encoding: 7BIT\n\n", FOOTER_BEHIND, NULL },
	{ "eight bits", "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit (x)\n\n", FOOTER_BEHIND, NULL },
	{ "signed", "Content-Transfer-Encoding: base64\n"
	    "Content-Type: MULTIPART/signed; boundary=x\n\n",
	    FOOTER_NOWHERE, NULL },
	{ "encrypted", "Content-Type:\n multipart/encrypted;boundary=x\n\n",
	    FOOTER_NOWHERE, NULL },
	{ "S/MIME", "Content-Type: application/pkcs7-mime; name=x\n"
	    "Content-Transfer-Encoding: base64\n\n", FOOTER_NOWHERE, NULL },
	{ "S/MIME of old", "Content-Transfer-Encoding: base64\r\n"
	    "Content-Type: application/X-PKCS7-mime\r\n\r\n",
	    FOOTER_NOWHERE, NULL },
	{ "a report", "Content-Type: multipart/report; boundary=x\n\n",
	    FOOTER_NOWHERE, NULL },
	{ "a header without an end", "Content-Type: text/html\n",
	    FOOTER_NOWHERE, NULL },
	{ "nothing", "", FOOTER_NOWHERE, NULL },
	{ "several parts", "MIME-Version: 1.0\nSubject: a\n"
	    "Content-Type: multipart/alternative;\n\tboundary=x\n\n--x\n",
	    FOOTER_PART, "Subject: a\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n"
	    "Content-Type: multipart/alternative;\n\tboundary=x\n" },
	{ "base64", "Subject: a\nMIME-Version: 1.0\n"
	    "Content-Type: text/plain;\n charset=utf-8\nTo: b\n"
	    "Content-Transfer-Encoding: base64\n\nYQ==\n",
	    FOOTER_PART, "Subject: a\nTo: b\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n"
	    "Content-Type: text/plain;\n charset=utf-8\n"
	    "Content-Transfer-Encoding: base64\n" },
	{ "quoted-printable",
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	    FOOTER_PART, "MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n" },
	{ "HTML", "Content-Type: text/html\nrubbish\n\n",
	    FOOTER_PART, "rubbish\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n"
	    "Content-Type: text/html\n" },
	{ "a message", "Content-Type: message/rfc822\nContent-ID: <a>\n\n",
	    FOOTER_PART, "MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n"
	    "Content-Type: message/rfc822\nContent-ID: <a>\n" },
};
/* clang-format on */

static void
heads(void **state)
{
	const struct row *r = *state;
	const size_t n = strlen(r->head);
	char *text = NULL;
	size_t size, used;
	FILE *f;

	assert_int_equal(footer_place(r->head, n), r->place);
	if (r->want == NULL)
		return;
	assert_non_null(f = open_memstream(&text, &size));
	footer_open(f, r->head, n, "B", &used);
	fclose(f);
	assert_string_equal(text, r->want);
	/* The empty line comes with the body. */
	assert_ptr_equal(r->head + used, strstr(r->head, "\n\n") != NULL ?
		strstr(r->head, "\n\n") + 1 :
		strstr(r->head, "\r\n\r\n") + 2);
	free(text);
}

static void
tail(void **state)
{
	static char footer[] = "-- \nthe end\n";
	FILE *in = fmemopen(footer, strlen(footer), "r"), *out;
	char *text = NULL;
	size_t size;

	(void)state;
	assert_non_null(in);
	assert_non_null(out = open_memstream(&text, &size));
	footer_close(out, in, "B");
	fclose(in);
	fclose(out);
	assert_string_equal(text,
	    "\n--B\nContent-Type: text/plain; charset=us-ascii\n\n"
	    "-- \nthe end\n\n--B--\n");
	free(text);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, heads, NULL, NULL);
	suite_add(&s, "the end", tail, NULL, NULL, NULL);
	return suite_run(&s, "footer");
}
