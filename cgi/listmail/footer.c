/* A message whose body a footer would spoil becomes one of two parts. */
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

bool
footer_spoils(const char *head, size_t n)
{
	static const char *const plain[] = { "7bit", "8bit", "binary" };
	const char *end = head + n;
	bool spoils = false;
	struct field f;

	while (field_next(&head, end, &f)) {
		bool harmless = false;

		if (field_is(&f, "Content-Type")) {
			/* The encoding is that of its parts. */
			if (begins(f.value, f.value_n, "multipart/"))
				return false;
			spoils |= !field_has_word(&f, "text/plain");
		} else if (field_is(&f, "Content-Transfer-Encoding")) {
			for (size_t i = 0; i < NELEM(plain); i++)
				harmless |= field_has_word(&f, plain[i]);
			spoils |= !harmless;
		}
	}
	/* It is longer than what we see: let it be. */
	return spoils && head < end;
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
footer_close(FILE *out, FILE *footer, const char *boundary)
{
	int c;

	fprintf(out, "\n--%s\nContent-Type: text/plain; charset=us-ascii\n\n",
	    boundary);
	while ((c = getc(footer)) != EOF)
		putc(c, out);
	fprintf(out, "\n--%s--\n", boundary);
}
