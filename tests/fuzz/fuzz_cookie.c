/* Any header: nothing, or the characters that our own cookies have. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = malloc(size + 1), out[44];

	if (header == NULL)
		return 0;
	memcpy(header, data, size);
	header[size] = '\0';
	for (size_t n = 0; n < COOKIE_TRIES; n++) {
		size_t len = cookie_get(
		    header, "__Host-session", n, out, sizeof(out));

		if (len > 0 &&
		    (len >= sizeof(out) || strlen(out) != len ||
			strpbrk(out, " ;,=\"\\\r\n\t") != NULL ||
			strstr(header, out) == NULL))
			abort();
	}
	free(header);
	return 0;
}
