/* Where the footer of a list stands in a message. */
#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "listmail/field.h"
#include "listmail/footer.h"

static bool
begins(const char *s, size_t n, const char *with)
{
	const size_t w = strlen(with);

	return n >= w && strncasecmp(s, with, w) == 0;
}

/* A signature over all of it, or a cipher (RFC 1847, RFC 8551, 3.2), or what
 * a program is to read. */
static bool
is_whole(const struct field *f)
{
	static const char *const types[] = { "multipart/signed",
		"multipart/encrypted", "multipart/report",
		"application/pkcs7-mime", "application/x-pkcs7-mime" };
	bool whole = false;

	for (size_t i = 0; i < NELEM(types); i++)
		whole |= field_has_word(f, types[i]);
	return whole;
}

enum footer_place
footer_place(const char *head, size_t n)
{
	static const char *const plain[] = { "7bit", "8bit", "binary" };
	const char *end = head + n;
	enum footer_place place = FOOTER_BEHIND;
	struct field f;

	while (field_next(&head, end, &f)) {
		bool harmless = false;

		if (field_is(&f, "Content-Type")) {
			if (is_whole(&f))
				return FOOTER_NOWHERE;
			harmless = field_has_word(&f, "text/plain");
		} else if (field_is(&f, "Content-Transfer-Encoding")) {
			for (size_t i = 0; i < NELEM(plain); i++)
				harmless |= field_has_word(&f, plain[i]);
		} else
			continue;
		if (!harmless)
			place = FOOTER_PART;
	}
	/* It is longer than what we see: let it be. */
	return head < end ? place : FOOTER_NOWHERE;
}

void
footer_open(
    FILE *out, const char *head, size_t n, const char *boundary, size_t *n_r)
{
	const char *at = head, *end = head + n;
	struct field f;

	while (field_next(&at, end, &f))
		if (!begins(f.name, f.name_n, "Content-") &&
		    !field_is(&f, "MIME-Version"))
			fwrite(f.name, 1, f.n, out);
	fprintf(out,
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"%s\"\n\n--%s\n",
	    boundary, boundary);
	at = head;
	while (field_next(&at, end, &f))
		if (begins(f.name, f.name_n, "Content-"))
			fwrite(f.name, 1, f.n, out);
	*n_r = (size_t)(at - head);
}

void
footer_copy(FILE *out, FILE *footer)
{
	int c;

	while ((c = getc(footer)) != EOF)
		putc(c, out);
}

void
footer_close(FILE *out, FILE *footer, const char *boundary)
{
	fprintf(out, "\n--%s\nContent-Type: text/plain; charset=us-ascii\n\n",
	    boundary);
	footer_copy(out, footer);
	fprintf(out, "\n--%s--\n", boundary);
}
