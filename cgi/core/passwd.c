#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "core/passwd.h"

#define YESCRYPT "$y$"

static const char *
hash_in(struct crypt_data *cd, const char *password, const char *setting)
{
	const int64_t began = clock_us();
	const char *got = crypt_r(password, setting, cd);

	metric_time(TIME_HASHING, clock_us() - began);
	return got;
}

static enum result
hash_with(const char *password, const char *setting,
    char hash_r[PASSWD_HASH_SIZE])
{
	struct crypt_data *cd;
	const char *got;
	enum result r = RES_FAIL;

	hash_r[0] = '\0';
	if (strlen(password) > PASSWD_TYPED_MAX)
		return RES_INVALID;
	if ((cd = calloc(1, sizeof(*cd))) == NULL)
		return RES_FAIL;
	got = hash_in(cd, password, setting);
	if (got != NULL && got[0] != '*' && strlen(got) < PASSWD_HASH_SIZE) {
		memcpy(hash_r, got, strlen(got) + 1);
		r = RES_OK;
	} else {
		log_event("crypt", "error=hash");
	}
	explicit_bzero(cd, sizeof(*cd));
	free(cd);
	return r;
}

static bool
make_setting(int cost, char setting[CRYPT_GENSALT_OUTPUT_SIZE])
{
	if (crypt_gensalt_rn(YESCRYPT, (unsigned long)cost, NULL, 0, setting,
		CRYPT_GENSALT_OUTPUT_SIZE) != NULL)
		return true;
	log_event("crypt", "error=gensalt cost=%d", cost);
	return false;
}

enum result
passwd_hash(const char *password, int cost, char hash_r[PASSWD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	return make_setting(cost, setting) ?
	    hash_with(password, setting, hash_r) :
	    RES_FAIL;
}

enum result
passwd_hash_generated(
    const char *password, char hash_r[PASSWD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE], cheap[sizeof(setting)];

	if (!make_setting(1, setting))
		return RES_FAIL;
	/* "$y$j75$salt" becomes "$y$j0.$salt": N = 8, r = 1. */
	snprintf(cheap, sizeof(cheap), YESCRYPT "j0.%s",
	    strchr(setting + strlen(YESCRYPT), '$'));
	return hash_with(password, cheap, hash_r);
}

/*
 * What a log-in with it would cost is what its maker wrote into it: a scheme
 * that is known, and no dearer than a second of it.
 */
static bool
is_bearable(const char *hash)
{
	const struct {
		const char *prefix;
		size_t digest; /* characters behind the last $ */
	} schemes[] = { { "$y$", 43 }, { "$2a$", 53 }, { "$2b$", 53 },
		{ "$2y$", 53 }, { "$6$", 86 }, { "$5$", 43 }, { "$1$", 22 } };
	const char *rounds = strstr(hash, "$rounds=");
	const char *last = strrchr(hash, '$');

	for (size_t i = 0; i < NELEM(schemes); i++) {
		const char *p = schemes[i].prefix;

		if (strncmp(hash, p, strlen(p)) != 0)
			continue;
		if (strlen(last + 1) != schemes[i].digest)
			return false;
		if (p[1] == '2') /* $2b$12$ */
			return strtol(hash + 4, NULL, 10) <= 14;
		if (p[1] == 'y') /* $y$j9T$: N is 2 to the letter */
			return hash[3] == 'j' && hash[4] <= 'B';
		return rounds == NULL ||
		    strtol(rounds + 8, NULL, 10) <= 1000000;
	}
	return hash[0] != '$' && strlen(hash) == 13; /* DES */
}

bool
passwd_hash_ok(const char *hash)
{
	const char *whole = hash;
	size_t n = strlen(hash);
	int is = n >= 13 && n < PASSWD_HASH_SIZE ? crypt_checksalt(hash) :
						   CRYPT_SALT_INVALID;

	for (; *hash != '\0'; hash++)
		if (*hash <= ' ' || *hash > '~' || strchr(":;*!\\", *hash))
			return false;
	return is_bearable(whole) &&
	    (is == CRYPT_SALT_OK || is == CRYPT_SALT_METHOD_LEGACY ||
		is == CRYPT_SALT_TOO_CHEAP);
}

enum result
passwd_dummy(int cost, char hash_r[PASSWD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	if (!make_setting(cost, setting))
		return RES_FAIL;
	/* 43 characters, as a yescrypt hash has; no password gives these. */
	snprintf(hash_r, PASSWD_HASH_SIZE, "%s$%043d", setting, 0);
	return RES_OK;
}

bool
passwd_verify(const char *password, const char *hash)
{
	struct crypt_data *cd;
	const char *got;
	bool same;

	if (strlen(password) > PASSWD_TYPED_MAX || hash[0] == '\0')
		return false;
	if ((cd = calloc(1, sizeof(*cd))) == NULL)
		return false;
	got = hash_in(cd, password, hash);
	same = got != NULL && got[0] != '*' && secret_equal(got, hash);
	explicit_bzero(cd, sizeof(*cd));
	free(cd);
	return same;
}

bool
passwd_hash_is_current(const char *hash, int cost)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *end;

	/* "$y$j9T$salt": all before the salt says scheme and cost. */
	if (!make_setting(cost, setting) ||
	    (end = strchr(setting + strlen(YESCRYPT), '$')) == NULL)
		return true;
	return strncmp(hash, setting, (size_t)(end - setting) + 1) == 0;
}

/* Each letter as likely as every other: a byte beyond the last multiple of n
 * is not taken. */
static void
draw(const char *letters, size_t n, char password_r[PASSWD_GENERATED])
{
	unsigned char bytes[64];
	size_t got = 0;

	while (got + 1 < PASSWD_GENERATED) {
		secret_random(bytes, sizeof(bytes));
		for (size_t i = 0;
		     i < sizeof(bytes) && got + 1 < PASSWD_GENERATED; i++)
			if (bytes[i] < 256 / n * n)
				password_r[got++] = letters[bytes[i] % n];
	}
	password_r[got] = '\0';
	explicit_bzero(bytes, sizeof(bytes));
}

void
passwd_generate(char password_r[PASSWD_GENERATED])
{
	/* No sign that a spreadsheet takes for a formula: = + - @. */
	static const char *const classes[] = {
		"ABCDEFGHJKLMNPQRSTUVWXYZ",
		"abcdefghijkmnpqrstuvwxyz",
		"23456789",
		"#%*?!:",
	};
	static const char all[] = "ABCDEFGHJKLMNPQRSTUVWXYZ"
				  "abcdefghijkmnpqrstuvwxyz"
				  "23456789#%*?!:";
	bool complete;

	/* Drawn anew until all classes are there: each such word is as
	 * likely as every other. */
	do {
		draw(all, sizeof(all) - 1, password_r);
		complete = true;
		for (size_t c = 0; c < NELEM(classes); c++)
			complete &= strpbrk(password_r, classes[c]) != NULL;
	} while (!complete);
}
