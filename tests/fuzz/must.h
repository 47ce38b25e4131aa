#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What each fuzz target has; see libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True whatever the bytes are. */
#define MUST(x) \
	do { \
		if (!(x)) \
			abort(); \
	} while (0)

#endif
