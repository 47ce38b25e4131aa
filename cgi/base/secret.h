#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Random bytes, token hashes, constant-time compare: libsodium only here. */

#define SECRET_BYTES 32
#define SECRET_TEXT 44 /* base64url of SECRET_BYTES without padding, and NUL */

/* Once per process, before all else; false: the process must not go on. */
bool secret_init(void);
/* n random bytes. */
void secret_random(void *, size_t n);
/* 256 random bits as text for a cookie. */
void secret_token(char token_r[SECRET_TEXT]);
/*
 * BLAKE2b of `text`, n (16..64) bytes, for the purpose named by `use`: the
 * hashes of two purposes have nothing in common.
 */
void secret_hash(
    const char *use, const char *text, unsigned char *hash_r, size_t n);
/* secret_hash as text of SECRET_TEXT bytes. */
void secret_hash_text(
    const char *use, const char *text, char hash_r[SECRET_TEXT]);
/* Same text?  Takes the same time whatever differs. */
bool secret_equal(const char *, const char *);
/*
 * Seals n bytes for whoever knows `text` again (XSalsa20-Poly1305 with a key
 * made from it for the purpose `use`): n + SECRET_SEAL bytes to out.
 */
#define SECRET_SEAL 40
void secret_seal(const char *use, const char *text, const void *bytes,
    size_t n, unsigned char *out);
/* The n - SECRET_SEAL bytes of a seal to out; false: it is another's, or was
 * changed. */
bool secret_open(const char *use, const char *text, const void *sealed,
    size_t n, unsigned char *out);

#endif
