/* The rule of PRODUCT.md; C17, C21. */
#include "tests/unit/unit.h"

#include "base/secret.h"
#include "core/passwd.h"
#include "core/policy.h"

/* clang-format off */
static const struct row {
	const char *name, *password;
	const char *faults; /* "" = good enough */
} rows[] = {
	{ "strong", "Vq7#mellow-Otter_19", "" },
	{ "strong too", "mR4!plinth.Copper=82", "" },
	{ "12 characters", "Vq7#mLw-tT_9", "" },
	{ "11 characters", "Vq7#mLw-tT_", "pw.short" },
	{ "C21 no capital", "vq7#mellow-otter_19", "pw.upper" },
	{ "C21 no small letter", "VQ7#MZLLXW-QTTZR_19", "pw.lower" },
	{ "C21 no digit", "Vqx#mellow-Otter_xx", "pw.digit" },
	{ "C21 no symbol", "Vq7xmellowyOtterz19", "pw.symbol" },
	{ "C15 a quote, a backslash, a tag", "A1b\"c'd\\e<f>&g", "" },
	{ "C15 a shell's", "Aa1$(id)`id`!z", "" },
	{ "C15 all symbols", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aA1", "" },
	{ "C15 blanks inside", "Aa1 blank inside 9#", "" },
	{ "is a blank a symbol? no", "Vq7 mellow Otter 19", "pw.symbol" },
	{ "a blank in front", " Vq7#mellow-Otter_19", "pw.edge_blank" },
	{ "a blank behind", "Vq7#mellow-Otter_19 ", "pw.edge_blank" },
	{ "C17 NFC", "P\xc3\xa4sswort#2024xY", "pw.ascii" },
	{ "C17 NFD", "Pa\xcc\x88sswort#2024xY", "pw.ascii" },
	{ "C17 Japanese", "パスワード#Aa1234", "pw.ascii" },
	{ "C17 full-width", "Ａａ１！Ａａ１！Ａａ１！", "pw.ascii" },
	{ "C17 short and not ASCII", "あA1#", "pw.ascii" },
	{ "a TAB", "Vq7#mellow\tOtter_19", "pw.ascii" },
	{ "a control character", "Vq7#mellow\001Otter_19", "pw.ascii" },
	{ "DEL", "Vq7#mellow\177Otter_19", "pw.ascii" },
	{ "C21 Password1234!", "Password1234!",
	    "pw.weak pw.dictionary" },
	{ "C21 Passw0rd2024!", "Passw0rd2024!",
	    "pw.weak pw.dictionary pw.date" },
	{ "C21 Qwertyuiop1!", "Qwertyuiop1!", "pw.weak pw.dictionary" },
	{ "C21 Aa1!Aa1!Aa1!", "Aa1!Aa1!Aa1!", "pw.weak pw.repeat" },
	{ "C21 the own address", "U1@alpha.example1", "pw.weak pw.user" },
	{ "C21 the own domain", "Alpha.Example1!", "pw.weak pw.user" },
	{ "C21 the real name", "HanakoYamada1!aA", "pw.weak pw.user" },
	{ "C21 the real name, written otherwise", "yamada.hanako!1A",
	    "pw.weak pw.user" },
	{ "everything at once", "a", "pw.short pw.upper pw.digit pw.symbol"
	    " pw.weak" },
	{ "only a dictionary word", "monkey", "pw.short pw.upper pw.digit"
	    " pw.symbol pw.weak pw.dictionary" },
};
/* clang-format on */

static bool
ask(const char *password, struct findings *f)
{
	return policy_check(password, "u1", "alpha.example", "Hanako Yamada",
	    "new_password", f);
}

static void
check(void **state)
{
	const struct row *r = *state;
	struct findings f = { .n = 0 };
	bool good = ask(r->password, &f);

	assert_string_equal(faults(&f), r->faults);
	assert_int_equal(good, r->faults[0] == '\0');
	for (size_t i = 0; i < f.n; i++) {
		assert_string_equal(f.list[i].field, "new_password");
		/* G5: no part of a password in an answer. */
		if (strlen(r->password) > 3) {
			assert_null(strstr(f.list[i].a1, r->password));
			assert_null(strstr(f.list[i].a2, r->password));
		}
	}
}

static void
numbers_in_the_answer(void **state)
{
	struct findings f = { .n = 0 };
	char text[200];

	(void)state;
	assert_false(ask("Vq7#mLw-tT_", &f));
	assert_string_equal(f.list[0].a1, "12");
	f.n = 0;
	memset(text, 'x', sizeof(text));
	memcpy(text, "Vq7#mellow-Otter_19", 19);
	text[129] = '\0';
	assert_false(ask(text, &f));
	assert_string_equal(faults(&f), "pw.long");
	assert_string_equal(f.list[0].a1, "128");
	f.n = 0;
	text[128] = '\0';
	assert_true(ask(text, &f));
	f.n = 0;
	assert_false(ask("Password1234!", &f));
	assert_string_equal(f.list[0].a1, "33.3");
	assert_true(strtod(f.list[0].a2, NULL) < 33.3);
}

/* The same word is fine for somebody else. */
static void
words_of_the_owner(void **state)
{
	static const char word[] = "Quaxelbrimt#1";
	struct findings f = { .n = 0 };

	(void)state;
	assert_true(policy_check(word, "u1", "a.example", "", "p", &f));
	assert_false(
	    policy_check(word, "quaxelbrimt", "a.example", "", "p", &f));
	assert_string_equal(faults(&f), "pw.weak pw.user");
	f.n = 0;
	assert_false(
	    policy_check(word, "u1", "quaxelbrimt.example", "", "p", &f));
	assert_string_equal(faults(&f), "pw.weak pw.user");
	f.n = 0;
	assert_false(policy_check(
	    word, "u1", "a.example", "Bob Quaxelbrimt", "p", &f));
	assert_string_equal(faults(&f), "pw.weak pw.user");
}

static void
keyboards_and_dates(void **state)
{
	struct findings f = { .n = 0 };

	(void)state;
	assert_false(ask("Zxcvbnm,./A1", &f));
	assert_non_null(strstr(faults(&f), "pw.keyboard"));
	f.n = 0;
	assert_false(ask("A!a1987-12-24", &f));
	assert_non_null(strstr(faults(&f), "pw.date"));
	f.n = 0;
	assert_false(ask("Abcdefghijkl1!", &f));
	assert_non_null(strstr(faults(&f), "pw.sequence"));
}

static void
hostile(void **state)
{
	static char text[70000];
	struct findings f = { .n = 0 };

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_false(ask(text, &f));
	f.n = 0;
	assert_false(ask("", &f));
	assert_string_equal(faults(&f), "pw.short pw.upper pw.lower pw.digit"
					" pw.symbol pw.weak");
	/* A real name and domain that are longer than any word list. */
	f.n = 0;
	assert_true(policy_check("Vq7#mellow-Otter_19",
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z",
	    "aaa.bbb.ccc.ddd.eee.fff.ggg.hhh.iii.jjj.kkk.lll.mmm.nnn.ooo"
	    ".ppp.qqq.rrr.sss.ttt.uuu.vvv.www.xxx.yyy.zzz.aab.aac.aad"
	    ".aae.aaf.aag.aah.aai.aaj.aak.aal.aam.aan.example",
	    "Aaa Bbb Ccc Ddd Eee Fff Ggg Hhh Iii Jjj Kkk Lll", "p", &f));
}

static void
generated_ones_pass(void **state)
{
	struct findings f = { .n = 0 };
	char password[PASSWD_GENERATED];

	(void)state;
	for (int i = 0; i < 500; i++) {
		passwd_generate(password);
		if (!ask(password, &f))
			fail_msg("%s: %s", password, faults(&f));
	}
}

int
main(void)
{
	static struct suite s;

	if (!secret_init())
		return 1;
	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "numbers in the answer", numbers_in_the_answer, NULL,
	    NULL, NULL);
	suite_add(&s, "words of the owner", words_of_the_owner, NULL, NULL,
	    NULL);
	suite_add(&s, "keyboards, dates, sequences", keyboards_and_dates,
	    NULL, NULL, NULL);
	suite_add(&s, "hostile lengths", hostile, NULL, NULL, NULL);
	suite_add(&s, "generated ones pass", generated_ones_pass, NULL, NULL,
	    NULL);
	return suite_run(&s, "policy");
}
