/* How doctor judges. */
#include "tests/unit/unit.h"

#include "core/checkup.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static const struct date_row {
	const char *name, *text;
	int64_t at; /* 0: no date */
} dates[] = {
	{ "a day of two digits", "Nov 25 15:16:00 2026 GMT", 1795619760 },
	{ "a day of one digit", "Dec  5 00:00:00 2026 GMT", 1796428800 },
	{ "a leap day", "Feb 29 23:59:59 2028 GMT", 1835481599 },
	{ "long after 2038", "Jan  1 00:00:00 2100 GMT", 4102444800 },
	{ "another zone", "Nov 25 15:16:00 2026 JST", 0 },
	{ "no zone", "Nov 25 15:16:00 2026", 0 },
	{ "no such month", "Nvo 25 15:16:00 2026 GMT", 0 },
	{ "something behind it", "Nov 25 15:16:00 2026 GMT!", 0 },
	{ "nothing", "", 0 },
};

static void
date(void **state)
{
	const struct date_row *row = *state;
	int64_t at = 0;

	assert_int_equal(checkup_date(row->text, &at), row->at != 0);
	assert_int_equal(at, row->at);
}

static const struct certificate_row {
	const char *name;
	int64_t seconds; /* until it ends */
	enum verdict verdict;
} certificates[] = {
	{ "90 days", 90 * 86400LL, VERDICT_OK },
	{ "three weeks", 21 * 86400LL, VERDICT_OK },
	{ "less than three weeks", 21 * 86400LL - 1, VERDICT_WARN },
	{ "a week", 7 * 86400LL, VERDICT_WARN },
	{ "less than a week", 7 * 86400LL - 1, VERDICT_FAIL },
	{ "over", -1, VERDICT_FAIL },
};

static void
certificate(void **state)
{
	const struct certificate_row *row = *state;

	assert_int_equal(
	    checkup_certificate(1800000000 + row->seconds, 1800000000),
	    row->verdict);
}

static const struct source_row {
	const char *name, *campus;
	bool on_campus;
	const char *want; /* NULL: none */
} sources[] = {
	{ "campus of the demo", "127.0.0.0/29", true, "127.0.0.1" },
	{ "not campus of the demo", "127.0.0.0/29", false, "127.0.0.9" },
	{ "our own address", "192.0.2.0/24", true, "192.0.2.2" },
	{ "loopback is not on campus", "192.0.2.0/24", false, "127.0.0.1" },
	{ "none on campus", "198.51.100.0/24", true, NULL },
	{ "all on campus", "0.0.0.0/0, ::/0", false, NULL },
	{ "IPv6 only", "2001:db8::/32", true, "2001:db8::1" },
};

static void
source(void **state)
{
	static const char *const ours[] = { "127.0.0.1", "127.0.0.9",
		"192.0.2.2", "2001:db8::1" };
	const struct source_row *row = *state;
	struct networks campus;
	const char *got;
	char bad[80];

	assert_true(networks_parse(row->campus, &campus, bad, sizeof(bad)));
	got = checkup_source(&campus, row->on_campus, ours, NELEM(ours));
	if (row->want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, row->want);
}

static const struct room_row {
	const char *name;
	struct room room;
	enum verdict verdict;
} rooms[] = {
	{ "much", { 200 * GIB, 250 * GIB, 900, 0 }, VERDICT_OK },
	{ "a small machine", { 2 * GIB, 10 * GIB, 500000, 600000 },
	    VERDICT_OK },
	{ "a large store, a small part of it",
	    { 40 * GIB, 4096 * GIB, 1000000, 2000000 }, VERDICT_OK },
	{ "below 5 %", { 4 * GIB, 100 * GIB, 1000000, 2000000 },
	    VERDICT_WARN },
	{ "below 500 MB", { 499 * MIB, 1 * GIB, 60000, 65536 },
	    VERDICT_WARN },
	{ "below 100 MB", { 99 * MIB, 1 * GIB, 60000, 65536 },
	    VERDICT_FAIL },
	{ "few inodes", { 50 * GIB, 100 * GIB, 10000, 2000000 },
	    VERDICT_WARN },
	{ "no inodes", { 50 * GIB, 100 * GIB, 999, 2000000 }, VERDICT_FAIL },
};

static void
room(void **state)
{
	const struct room_row *row = *state;

	assert_int_equal(checkup_room(&row->room), row->verdict);
}

/* DAEMONS.md: 58 ms on two processors, 10,000 clients every five minutes. */
static void
capacity(void **state)
{
	(void)state;
	assert_int_equal(checkup_capacity(0.058, 2), 34);
	assert_int_equal(checkup_demand(10000), 33);
	assert_int_equal(checkup_demand(0), 0);
	assert_true(checkup_capacity(0, 2) > 1000000);
}

static const struct set_row {
	const char *name, *a, *b;
	bool same;
} sets[] = {
	{ "the same", "a,b", "a,b", true },
	{ "another order, other blanks", "a@x,b@x", "b@x, a@x\n", true },
	{ "one more", "a", "a,b", false },
	{ "one less", "a,b", "a", false },
	{ "one twice", "a,a,b", "a,b", false },
	{ "the beginning of one", "a,bb", "a,b", false },
	{ "both empty", "", "\n", true },
	{ "one empty", "", "a", false },
};

static void
set(void **state)
{
	const struct set_row *row = *state;

	assert_int_equal(checkup_same_set(row->a, row->b), row->same);
}

static const struct reserved_row {
	const char *name;
	bool reserved;
} names[] = {
	{ "post-9.mail.example", true },
	{ "example", true },
	{ "mail.EXAMPLE.com", true },
	{ "x.test", true },
	{ "no-such.invalid", true },
	{ "counterexample", false },
	{ "my-example.com", false },
	{ "localhost", false },
	{ "post-9", false },
	{ "", false },
};

static void
reserved(void **state)
{
	const struct reserved_row *row = *state;

	assert_int_equal(checkup_name_reserved(row->name), row->reserved);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, dates, date, NULL, NULL);
	ADD_ROWS(&s, certificates, certificate, NULL, NULL);
	ADD_ROWS(&s, sources, source, NULL, NULL);
	ADD_ROWS(&s, rooms, room, NULL, NULL);
	suite_add(&s, "log-ins a second", capacity, NULL, NULL, NULL);
	ADD_ROWS(&s, sets, set, NULL, NULL);
	ADD_ROWS(&s, names, reserved, NULL, NULL);
	return suite_run(&s, "checkup");
}
