#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "core/passwd.h"

#define YESCRYPT "$y$"

enum result
passwd_hash(const char *password, int cost, char hash_r[PASSWD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *cd;
	const char *got;
	enum result r = RES_FAIL;

	hash_r[0] = '\0';
	if (strlen(password) > PASSWD_TYPED_MAX)
		return RES_INVALID;
	if (crypt_gensalt_rn(YESCRYPT, (unsigned long)cost, NULL, 0, setting,
		sizeof(setting)) == NULL) {
		log_event("crypt", "error=gensalt cost=%d", cost);
		return RES_FAIL;
	}
	if ((cd = calloc(1, sizeof(*cd))) == NULL)
		return RES_FAIL;
	got = crypt_r(password, setting, cd);
	if (got != NULL && got[0] != '*' && strlen(got) < PASSWD_HASH_SIZE) {
		memcpy(hash_r, got, strlen(got) + 1);
		r = RES_OK;
	} else {
		log_event("crypt", "error=hash cost=%d", cost);
	}
	explicit_bzero(cd, sizeof(*cd));
	free(cd);
	return r;
}

enum result
passwd_dummy(int cost, char hash_r[PASSWD_HASH_SIZE])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];

	if (crypt_gensalt_rn(YESCRYPT, (unsigned long)cost, NULL, 0, setting,
		sizeof(setting)) == NULL)
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
	got = crypt_r(password, hash, cd);
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
	if (crypt_gensalt_rn(YESCRYPT, (unsigned long)cost, NULL, 0, setting,
		sizeof(setting)) == NULL ||
	    (end = strchr(setting + strlen(YESCRYPT), '$')) == NULL)
		return true;
	return strncmp(hash, setting, (size_t)(end - setting) + 1) == 0;
}

void
passwd_generate(char password_r[PASSWD_GENERATED])
{
	static const char *const classes[] = {
		"ABCDEFGHJKLMNPQRSTUVWXYZ",
		"abcdefghijkmnpqrstuvwxyz",
		"23456789",
		"#%+-=@?",
	};
	static const char all[] = "ABCDEFGHJKLMNPQRSTUVWXYZ"
				  "abcdefghijkmnpqrstuvwxyz"
				  "23456789#%+-=@?";
	bool complete;

	/* Drawn anew until all classes are there: each such word is as
	 * likely as every other. */
	do {
		complete = true;
		for (size_t i = 0; i + 1 < PASSWD_GENERATED; i++)
			password_r[i] = all[secret_uniform(sizeof(all) - 1)];
		password_r[PASSWD_GENERATED - 1] = '\0';
		for (size_t c = 0; c < NELEM(classes); c++)
			complete &= strpbrk(password_r, classes[c]) != NULL;
	} while (!complete);
}
