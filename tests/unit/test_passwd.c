#include "tests/unit/unit.h"

#include <crypt.h>

#include "base/secret.h"
#include "core/passwd.h"

#define WORD "Vq7#mellow-Otter_19"

/* clang-format off */
static const struct verify_row {
	const char *name, *setting, *password;
	bool makes; /* does crypt(3) make a hash of it at all? */
} verify_rows[] = {
	{ "yescrypt", "$y$j75$saltsaltsaltsalt", WORD, true },
	{ "md5crypt", "$1$saltsalt", WORD, true },
	{ "sha256crypt", "$5$rounds=1000$saltsalt", WORD, true },
	{ "sha512crypt", "$6$rounds=1000$saltsalt", WORD, true },
	{ "bcrypt 2y", "$2y$04$abcdefghijklmnopqrstuu", WORD, true },
	{ "bcrypt 2b", "$2b$04$abcdefghijklmnopqrstuu", WORD, true },
	{ "an empty password", "$6$rounds=1000$saltsalt", "", true },
	{ "UTF-8 of the old system", "$6$rounds=1000$saltsalt",
	    "P\xc3\xa4sswort#2024xY", true },
	{ "511 bytes", "$6$rounds=1000$saltsalt", NULL, true },
	{ "no such scheme", "$9$saltsalt", WORD, false },
	{ "a locked account", "!", WORD, false },
	{ "a star", "*", WORD, false },
	{ "nothing", "", WORD, false },
};

/* What crypt(3) returns when it fails, and what other systems write to say
 * that nobody may log in.  None may ever match, whatever is typed. */
static const struct {
	const char *name, *hash;
} dead_rows[] = {
	{ "*0", "*0" },
	{ "*1", "*1" },
	{ "empty", "" },
	{ "!", "!" },
	{ "!!", "!!" },
	{ "x", "x" },
	{ "plain text", WORD },
	{ "a locked hash", "!$6$rounds=1000$saltsalt$x" },
	{ "half a setting", "$6$" },
	{ "half a yescrypt", "$y$j75$" },
	{ "{PLAIN}", "{PLAIN}" WORD },
};
/* clang-format on */

static const char *
long_password(size_t n)
{
	static char text[2000];

	memset(text, 'p', n);
	text[n] = '\0';
	return text;
}

static void
verify(void **state)
{
	const struct verify_row *r = *state;
	const char *password = r->password != NULL ? r->password :
						     long_password(511);
	char hash[PASSWD_HASH_SIZE] = "", typo[600];
	const char *made = crypt(password, r->setting);

	if (!r->makes) {
		assert_true(made == NULL || made[0] == '*');
		assert_false(passwd_verify(password, r->setting));
		return;
	}
	snprintf(hash, sizeof(hash), "%s", made);
	assert_int_not_equal(hash[0], '*');
	assert_true(passwd_verify(password, hash));
	snprintf(typo, sizeof(typo), "%.510sx", password);
	assert_false(passwd_verify(typo, hash));
	snprintf(typo, sizeof(typo), " %.510s", password);
	assert_false(passwd_verify(typo, hash));
	hash[strlen(hash) - 1] ^= 1;
	assert_false(passwd_verify(password, hash));
}

static void
dead(void **state)
{
	const __typeof__(dead_rows[0]) *r = *state;

	assert_false(passwd_verify(WORD, r->hash));
	assert_false(passwd_verify("", r->hash));
	assert_false(passwd_verify("*0", r->hash));
	assert_false(passwd_verify("*1", r->hash));
	assert_false(passwd_verify(r->hash, r->hash));
}

static void
makes_yescrypt(void **state)
{
	char hash[PASSWD_HASH_SIZE], other[PASSWD_HASH_SIZE];

	(void)state;
	assert_int_equal(passwd_hash(WORD, 1, hash), RES_OK);
	assert_int_equal(strncmp(hash, "$y$", 3), 0);
	assert_true(passwd_verify(WORD, hash));
	assert_false(passwd_verify(WORD " ", hash));
	/* A salt of its own each time. */
	assert_int_equal(passwd_hash(WORD, 1, other), RES_OK);
	assert_string_not_equal(hash, other);
}

/* C11: crypt(3) refuses 512 bytes; so do we, before it. */
static void
refuses_512_bytes(void **state)
{
	char hash[PASSWD_HASH_SIZE];

	(void)state;
	assert_int_equal(passwd_hash(long_password(511), 1, hash), RES_OK);
	assert_true(passwd_verify(long_password(511), hash));
	assert_false(passwd_verify(long_password(510), hash));
	assert_false(passwd_verify(long_password(512), hash));
	assert_int_equal(
	    passwd_hash(long_password(512), 1, hash), RES_INVALID);
	assert_string_equal(hash, "");
	assert_int_equal(
	    passwd_hash(long_password(1999), 1, hash), RES_INVALID);
}

/* C15: what is typed is what is hashed. */
static void
special_characters(void **state)
{
	static const char *const words[] = { "A1b\"c'd\\e<f>&g",
		"Aa1; DROP TABLE x--", "Aa1$(id)`id`!z", "Aa1 blank inside 9#",
		"Aa1{b}[c](d):e",
		"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aA1" };
	char hash[PASSWD_HASH_SIZE];

	(void)state;
	for (size_t i = 0; i < NELEM(words); i++) {
		assert_int_equal(passwd_hash(words[i], 1, hash), RES_OK);
		assert_true(passwd_verify(words[i], hash));
	}
}

static void
current(void **state)
{
	char hash[PASSWD_HASH_SIZE];

	(void)state;
	assert_int_equal(passwd_hash(WORD, 1, hash), RES_OK);
	assert_true(passwd_hash_is_current(hash, 1));
	assert_false(passwd_hash_is_current(hash, 2));
	assert_false(passwd_hash_is_current(hash, 0));
	assert_false(passwd_hash_is_current("$6$saltsalt$x", 1));
	assert_false(passwd_hash_is_current("", 1));
	assert_false(passwd_hash_is_current("$y$", 1));
	/* 0 is the library's default, 5: "$y$j9T$". */
	assert_true(passwd_hash_is_current("$y$j9T$salt$hash", 0));
	assert_true(passwd_hash_is_current("$y$j9T$salt$hash", 5));
}

static void
generated(void **state)
{
	char password[PASSWD_GENERATED], before[PASSWD_GENERATED] = "";

	(void)state;
	for (int i = 0; i < 1000; i++) {
		passwd_generate(password);
		assert_int_equal(strlen(password), 16);
		assert_null(strpbrk(password, "Il1O0o|' \"\\<>&"));
		assert_string_not_equal(password, before);
		memcpy(before, password, sizeof(before));
	}
}

int
main(void)
{
	static struct suite s;

	if (!secret_init())
		return 1;
	ADD_ROWS(&s, verify_rows, verify, NULL, NULL);
	ADD_ROWS(&s, dead_rows, dead, NULL, NULL);
	suite_add(&s, "hashes with yescrypt", makes_yescrypt, NULL, NULL,
	    NULL);
	suite_add(
	    &s, "C11 512 bytes", refuses_512_bytes, NULL, NULL, NULL);
	suite_add(&s, "C15 special characters", special_characters, NULL,
	    NULL, NULL);
	suite_add(&s, "is_current", current, NULL, NULL, NULL);
	suite_add(&s, "generated passwords", generated, NULL, NULL, NULL);
	return suite_run(&s, "passwd");
}
