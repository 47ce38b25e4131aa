#include <string.h>

#include <sodium.h>

#include "base/secret.h"

bool
secret_init(void)
{
	return sodium_init() >= 0;
}

void
secret_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

uint32_t
secret_uniform(uint32_t limit)
{
	return randombytes_uniform(limit);
}

static void
to_text(const unsigned char bytes[SECRET_BYTES], char text_r[SECRET_TEXT])
{
	sodium_bin2base64(text_r, SECRET_TEXT, bytes, SECRET_BYTES,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
secret_token(char token_r[SECRET_TEXT])
{
	unsigned char raw[SECRET_BYTES];

	randombytes_buf(raw, sizeof(raw));
	to_text(raw, token_r);
	explicit_bzero(raw, sizeof(raw));
}

void
secret_hash(const char *use, const char *text, unsigned char *hash_r, size_t n)
{
	crypto_generichash_state st;

	/* The NUL that ends `use` keeps "a" + "bc" and "ab" + "c" apart. */
	crypto_generichash_init(&st, NULL, 0, n);
	crypto_generichash_update(&st, (const unsigned char *)use,
	    strlen(use) + 1);
	crypto_generichash_update(&st, (const unsigned char *)text,
	    strlen(text));
	crypto_generichash_final(&st, hash_r, n);
}

void
secret_hash_text(const char *use, const char *text, char hash_r[SECRET_TEXT])
{
	unsigned char raw[SECRET_BYTES];

	secret_hash(use, text, raw, sizeof(raw));
	to_text(raw, hash_r);
}

bool
secret_equal(const char *a, const char *b)
{
	size_t n = strlen(a);

	return strlen(b) == n && sodium_memcmp(a, b, n) == 0;
}
