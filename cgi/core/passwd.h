#ifndef CORE_PASSWD_H
#define CORE_PASSWD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"

/* Hashes of passwords: crypt(3) only here, the same that Dovecot calls. */

#define PASSWD_HASH_SIZE 385
#define PASSWD_TYPED_MAX 511 /* crypt(3) refuses 512 bytes and more */
#define PASSWD_GENERATED 17  /* 16 characters and NUL */
/* Hashes with yescrypt; cost 1..11, 0 = libcrypt's default (crypt(5)). */
enum result passwd_hash(const char *password, int cost,
    char hash_r[PASSWD_HASH_SIZE]) MUST_CHECK;
/*
 * For a password of passwd_generate only: yescrypt below the lowest cost that
 * crypt_gensalt(3) offers, 0.03 ms in place of 60, so that an import of
 * 100,000 takes seconds.  90 random bits need no slow hash, and the owner's
 * own password gets one.
 */
enum result passwd_hash_generated(
    const char *password, char hash_r[PASSWD_HASH_SIZE]) MUST_CHECK;
/* Is it a hash that passwd_verify can check?  (crypt_checksalt(3)) */
bool passwd_hash_ok(const char *hash);
/* Any scheme that crypt(5) knows; an unusable hash matches nothing. */
bool passwd_verify(const char *password, const char *hash);
/* A hash of nobody's password: verifying against it costs as much as against
 * a real one of this cost, and is always false. */
enum result passwd_dummy(int cost, char hash_r[PASSWD_HASH_SIZE]) MUST_CHECK;
/* Was it made with yescrypt at this cost? */
bool passwd_hash_is_current(const char *hash, int cost);
/* 16 random characters of all four classes, without those that look alike
 * (I l 1 O 0 and such); at least 90 bits. */
void passwd_generate(char password_r[PASSWD_GENERATED]);

#endif
