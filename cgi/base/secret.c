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

_Static_assert(SECRET_SEAL ==
	crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
    "a nonce, and what tells that nothing was changed");

void
secret_seal(const char *use, const char *text, const void *bytes, size_t n,
    unsigned char *out)
{
	unsigned char key[crypto_secretbox_KEYBYTES];

	secret_hash(use, text, key, sizeof(key));
	randombytes_buf(out, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, bytes, n,
	    out, key);
	explicit_bzero(key, sizeof(key));
}

bool
secret_open(const char *use, const char *text, const void *sealed, size_t n,
    unsigned char *out)
{
	unsigned char key[crypto_secretbox_KEYBYTES];
	const unsigned char *s = sealed;
	bool ok;

	if (n < SECRET_SEAL)
		return false;
	secret_hash(use, text, key, sizeof(key));
	ok = crypto_secretbox_open_easy(out, s + crypto_secretbox_NONCEBYTES,
		 n - crypto_secretbox_NONCEBYTES, s, key) == 0;
	explicit_bzero(key, sizeof(key));
	return ok;
}
