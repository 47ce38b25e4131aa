/* What is kept from mlmmj, by header, sender and sub-address. */
#include "tests/unit/unit.h"

#include "listmail/judge.h"

#define LIST "zemi@dentsu.example"
#define FROM "From: Taro <taro@x.example>\r\n"

/* clang-format off */
static const struct row {
	const char *name, *head; /* with a From, where there is none */
	/* To the list, and to one of its commands. */
	enum judgement post, command;
} rows[] = {
	{ "a person", FROM "Subject: a\n\nPrecedence: bulk\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "nothing", "", JUDGE_PASS, JUDGE_PASS },
	{ "in the body", "\nPrecedence: bulk\n", JUDGE_PASS, JUDGE_PASS },
	{ "CRLF ends the header", FROM "\r\nPrecedence: bulk\r\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "replied", "Auto-Submitted: Auto-Replied (vacation)\n",
	    JUDGE_DROP, JUDGE_DROP },
	{ "generated", FROM "AUTO-submitted :auto-generated; x=y\r\n\r\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "by hand", "Auto-Submitted: no\n", JUDGE_PASS, JUDGE_PASS },
	{ "by hand, told at length", "Auto-Submitted:\r\n No (really)\r\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "not no", "Auto-Submitted: nobody\n", JUDGE_POSTER, JUDGE_DROP },
	{ "empty is not no", "Auto-Submitted:\n", JUDGE_POSTER, JUDGE_DROP },
	{ "one of two", "Auto-Submitted: no\nAuto-Submitted: auto-generated\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "folded", "Auto-Submitted:\n\tauto-replied\n",
	    JUDGE_DROP, JUDGE_DROP },
	{ "in a folded line it is none", "Subject: a\n Precedence: bulk\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "the last line has no end", "Precedence: junk",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "bulk", "precedence: BULK\n", JUDGE_POSTER, JUDGE_DROP },
	{ "list", "Precedence: list (x)\n", JUDGE_POSTER, JUDGE_DROP },
	{ "first class", "Precedence: first-class\n", JUDGE_PASS, JUDGE_PASS },
	{ "another name", "X-Precedence: bulk\n", JUDGE_PASS, JUDGE_PASS },
	{ "a line without a name", "rubbish\nPrecedence: bulk\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "another list", "List-Id: News <news.x.example>\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "own list", "List-Id: Zemi <ZEMI.dentsu.example>\n",
	    JUDGE_DROP, JUDGE_DROP },
	{ "own list, bare", "List-ID: zemi.dentsu.example\r\n",
	    JUDGE_DROP, JUDGE_DROP },
	{ "a list of a like name", "List-Id: <zemi.dentsu.example.x>\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "an empty id", "List-Id: <\n", JUDGE_POSTER, JUDGE_DROP },
	{ "from the list", "From: <Zemi@dentsu.example>\n",
	    JUDGE_POSTER, JUDGE_DROP },
	{ "from its owner", "From: \"x, y\" <zemi+owner@dentsu.example>\n",
	    JUDGE_DROP, JUDGE_DROP },
	{ "with its name", "From: \"zemi@dentsu.example\" <a@x.example>\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "from a like name", "From: zemi2@dentsu.example\n",
	    JUDGE_PASS, JUDGE_PASS },
	{ "from two", "From: <a@x.example>, <b@x.example>\n",
	    JUDGE_REFUSE, JUDGE_REFUSE },
	{ "a name that counts for two", "From: Suzuki, Taro <a@x.example>\n",
	    JUDGE_REFUSE, JUDGE_REFUSE },
	{ "two fields", FROM FROM, JUDGE_REFUSE, JUDGE_REFUSE },
	{ "no address", "From: Taro\n", JUDGE_REFUSE, JUDGE_REFUSE },
	{ "an empty From", "From: \n", JUDGE_REFUSE, JUDGE_REFUSE },
	{ "a program from two", "From: a@x, b@x\nAuto-Submitted: auto-replied\n",
	    JUDGE_DROP, JUDGE_DROP },
};

static const struct sent {
	const char *name, *sender;
	enum judgement post, command;
} senders[] = {
	{ "nobody", "", JUDGE_DROP, JUDGE_DROP },
	{ "a daemon", "MAILER-DAEMON@x.example", JUDGE_DROP, JUDGE_DROP },
	{ "a daemon of no host", "Mailer-Daemon", JUDGE_DROP, JUDGE_DROP },
	{ "no daemon", "mailer-daemons@x.example", JUDGE_PASS, JUDGE_PASS },
	{ "the list", "Zemi@dentsu.example", JUDGE_POSTER, JUDGE_DROP },
	{ "what the list sends", "zemi+bounces-1-a=x.example@dentsu.example",
	    JUDGE_DROP, JUDGE_DROP },
	{ "a word", "zemi", JUDGE_PASS, JUDGE_PASS },
	{ "an at", "@", JUDGE_PASS, JUDGE_PASS },
};
/* clang-format on */

static const char *const commands[] = { "help", "faq", "subscribe",
	"subscribe-digest", "unsubscribe", "confsub-a1", "confunsub-a1",
	"moderate-a1", "release-a1", "reject-a1", "permit-a1", "obstruct-a1",
	"get-1", "list" };
static const char *const unknown[] = { "owners", "owner-x", "bounces", "x",
	"Help", "help-x", "unsubscrib", "get", "-L", "confsub" };
static const char *const always[] = { "bounces-1-a=x.example", "bounces-help" };

static void
to_owner(const struct header *h, const char *sender)
{
	assert_int_equal(judge(h, LIST, sender, "owner"),
	    h->froms == 1 && h->from_n > 0 ? JUDGE_PASS : JUDGE_REFUSE);
}

static void
each_sub(const struct header *h, const char *sender, enum judgement post,
    enum judgement command)
{
	assert_int_equal(judge(h, LIST, sender, ""), post);
	for (size_t i = 0; i < NELEM(commands); i++)
		assert_int_equal(
		    judge(h, LIST, sender, commands[i]), command);
	for (size_t i = 0; i < NELEM(unknown); i++)
		assert_int_equal(judge(h, LIST, sender, unknown[i]),
		    post == JUDGE_DROP ? JUDGE_DROP : JUDGE_UNKNOWN);
	for (size_t i = 0; i < NELEM(always); i++)
		assert_int_equal(
		    judge(h, LIST, sender, always[i]), JUDGE_PASS);
	to_owner(h, sender);
}

static void
by_header(void **state)
{
	const struct row *r = *state;
	char text[512];
	struct header h;

	snprintf(text, sizeof(text), "%s%s",
	    strncmp(r->head, "From:", 5) == 0 ? "" : FROM, r->head);
	header_read(text, strlen(text), LIST, &h);
	each_sub(&h, "taro@x.example", r->post, r->command);
}

static void
by_sender(void **state)
{
	const struct sent *r = *state;
	struct header h;

	header_read(FROM, strlen(FROM), LIST, &h);
	each_sub(&h, r->sender, r->post, r->command);
}

/* clang-format off */
static const struct from {
	const char *name, *value, *address;
	size_t froms;
} froms[] = {
	{ "bare", "Taro@x.example", "Taro@x.example", 1 },
	{ "in brackets", "Taro <taro@x.example>", "taro@x.example", 1 },
	{ "folded", "Taro\r\n <taro@x.example>\r\n", "taro@x.example", 1 },
	{ "an address as its name", "\"a@y, <b@y>\" <taro@x.example>",
	    "taro@x.example", 1 },
	{ "a quote in a name", "\"a\\\", <b@y>\" <taro@x.example>",
	    "taro@x.example", 1 },
	{ "as another list has it", "a@y.example via News <news@x.example>",
	    "news@x.example", 1 },
	{ "a comment", "taro@x.example (Taro <b@y>)", "taro@x.example", 1 },
	{ "two in brackets", "<taro@x.example> via <b@y>", "taro@x.example", 1 },
	{ "commas of nothing", ", taro@x.example,", "taro@x.example", 1 },
	{ "none", "<>", "", 1 },
	{ "an open quote", "\"<taro@x.example>, b@y", "taro@x.example", 1 },
	{ "an end that escapes", "<taro@x.example>\\", "taro@x.example", 1 },
};
/* clang-format on */

static void
from(void **state)
{
	const struct from *r = *state;
	char text[256];
	struct header h;

	snprintf(text, sizeof(text), "From: %s\n", r->value);
	header_read(text, strlen(text), LIST, &h);
	assert_int_equal(h.froms, r->froms);
	assert_int_equal(h.from_n, strlen(r->address));
	assert_memory_equal(h.from, r->address, h.from_n);
}

/* Nothing behind what is given is looked at; a NUL ends nothing. */
static void
bytes(void **state)
{
	static const char text[] = "Subject: \0 a\nPrecedence: bulk\n";
	struct header h;

	(void)state;
	header_read(text, sizeof(text) - 1, LIST, &h);
	assert_true(h.automatic);
	header_read(text, sizeof(text) - 4, LIST, &h);
	assert_false(h.automatic);
	assert_int_equal(h.from_n, 0);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, by_header, NULL, NULL);
	ADD_ROWS(&s, senders, by_sender, NULL, NULL);
	ADD_ROWS(&s, froms, from, NULL, NULL);
	suite_add(&s, "any bytes", bytes, NULL, NULL, NULL);
	return suite_run(&s, "judge");
}
