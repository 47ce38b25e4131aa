/* Any header and sender: From is a part of the text, what a judge says one of
 * his three words, and bounces and the owner get what is theirs; a wrapped
 * header is whole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "listmail/footer.h"
#include "listmail/judge.h"

#define LIST "zemi@dentsu.example"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *sender = malloc(size + 1);
	enum judgement post, command;
	struct header h;

	if (text == NULL || sender == NULL)
		abort();
	/* Exactly as long as it is, so that a byte more is seen. */
	text = realloc(text, size > 0 ? size : 1);
	memcpy(text, data, size);
	memcpy(sender, data, size);
	sender[size] = '\0';
	header_read(text, size, LIST, &h);
	if (h.from < text || h.from + h.from_n > text + size)
		abort();
	post = judge(&h, LIST, sender, "");
	command = judge(&h, LIST, sender, "confsub-1");
	if (judge(&h, LIST, sender, "bounces-1-a=b") != JUDGE_PASS ||
	    (judge(&h, LIST, sender, "owner") == JUDGE_PASS) !=
		(h.froms == 1 && h.from_n > 0) ||
	    (post == JUDGE_PASS) != (command == JUDGE_PASS) ||
	    command == JUDGE_POSTER ||
	    (post != JUDGE_PASS) < (h.own || h.reply || h.automatic || h.other))
		abort();
	if (footer_place(text, size) == FOOTER_PART) {
		static const char end[] = "boundary=\"b\"\n\n--b\n";
		char *out = NULL;
		size_t n, out_n;
		FILE *f = open_memstream(&out, &out_n);

		footer_open(f, text, size, "b", &n);
		fclose(f);
		/* All of the header is there, but for MIME-Version. */
		if (n >= size || (text[n] != '\n' && text[n] != '\r') ||
		    memmem(out, out_n, end, strlen(end)) == NULL)
			abort();
		free(out);
	}
	free(text);
	free(sender);
	return 0;
}
