#include "tests/unit/unit.h"

#include "core/network.h"

struct parse_row {
	const char *name, *text;
	const char *want; /* canonical; NULL: refused */
	const char *bad;  /* what the refusal names */
};

/* clang-format off */
static const struct parse_row parse_rows[] = {
	{ "one IPv4 network", "10.0.0.0/8", "10.0.0.0/8", NULL },
	{ "commas and blanks", " 10.0.0.0/8 ,, 192.0.2.0/24\t198.51.100.7 ",
	    "10.0.0.0/8,192.0.2.0/24,198.51.100.7/32", NULL },
	{ "IPv6", "2001:db8::/32, ::1", "2001:db8::/32,::1/128", NULL },
	{ "everything", "0.0.0.0/0", "0.0.0.0/0", NULL },
	{ "all of IPv6", "::/0", "::/0", NULL },
	{ "a prefix inside a byte", "10.16.0.0/12", "10.16.0.0/12", NULL },
	{ "IPv4 written as IPv6", "::ffff:10.0.0.0/104", "10.0.0.0/8", NULL },
	{ "empty", "", NULL, "(empty)" },
	{ "only gaps", " , ,", NULL, "(empty)" },
	{ "host bits", "10.0.0.1/8", NULL, "10.0.0.1/8" },
	{ "host bits inside a byte", "10.24.0.0/12", NULL, "10.24.0.0/12" },
	{ "host bits of IPv6", "2001:db8::1/32", NULL, "2001:db8::1/32" },
	{ "prefix too long", "10.0.0.0/33", NULL, "10.0.0.0/33" },
	{ "prefix too long for IPv6", "::/129", NULL, "::/129" },
	{ "a huge prefix", "10.0.0.0/99999999999999999999", NULL,
	    "10.0.0.0/99999999999999999999" },
	{ "no prefix behind the slash", "10.0.0.0/", NULL, "10.0.0.0/" },
	{ "a sign", "10.0.0.0/+8", NULL, "10.0.0.0/+8" },
	{ "a negative prefix", "10.0.0.0/-1", NULL, "10.0.0.0/-1" },
	{ "two slashes", "10.0.0.0/8/8", NULL, "10.0.0.0/8/8" },
	{ "a netmask", "10.0.0.0/255.0.0.0", NULL, "10.0.0.0/255.0.0.0" },
	{ "three parts", "10.0.0/8", NULL, "10.0.0/8" },
	{ "octal", "010.0.0.0/8", NULL, "010.0.0.0/8" },
	{ "a name", "campus", NULL, "campus" },
	{ "a zone", "fe80::%eth0/64", NULL, "fe80::%eth0/64" },
	{ "the second is wrong", "10.0.0.0/8,x", NULL, "x" },
	{ "very long", "1111111111222222222233333333334444444444"
	    "5555555555666666666677777777778888888888", NULL,
	    "1111111111222222222233333333334444444444"
	    "555555555566666666667777" },
};

static const struct {
	const char *name, *networks, *address;
	bool want;
} contain_rows[] = {
	{ "inside", "10.0.0.0/8", "10.255.0.1", true },
	{ "outside", "10.0.0.0/8", "11.0.0.1", false },
	{ "first of a /29", "127.0.0.0/29", "127.0.0.0", true },
	{ "last of a /29", "127.0.0.0/29", "127.0.0.7", true },
	{ "one after a /29", "127.0.0.0/29", "127.0.0.8", false },
	{ "in the second", "10.0.0.0/8,192.0.2.0/24", "192.0.2.9", true },
	{ "one host", "192.0.2.1", "192.0.2.1", true },
	{ "the next host", "192.0.2.1", "192.0.2.2", false },
	{ "IPv4 in IPv6 form", "10.0.0.0/8", "::ffff:10.1.2.3", true },
	{ "IPv6 inside", "2001:db8::/33", "2001:db8:7fff::1", true },
	{ "IPv6 outside", "2001:db8::/33", "2001:db8:8000::1", false },
	{ "IPv6 is not in an IPv4 network", "0.0.0.0/0", "2001:db8::1",
	    false },
	{ "empty", "0.0.0.0/0", "", false },
	{ "garbage", "0.0.0.0/0", "unix:", false },
	{ "an address and more", "0.0.0.0/0", "10.0.0.1 x", false },
	{ "a port", "0.0.0.0/0", "10.0.0.1:80", false },
};

static const struct {
	const char *name, *client, *want;
} client_rows[] = {
	{ "IPv4 alone", "192.0.2.17", "192.0.2.17" },
	{ "IPv6 by its /64", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
	{ "the same subscriber", "2001:db8:1:2:ffff::1", "2001:db8:1:2::" },
	{ "the next subscriber", "2001:db8:1:3::1", "2001:db8:1:3::" },
	{ "garbage is its own", "?", "?" },
	{ "long garbage is cut",
	    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee",
	    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeee" },
};

static const struct {
	const char *name, *address;
	bool want;
} loopback_rows[] = {
	{ "127.0.0.1", "127.0.0.1", true },
	{ "127.9.9.9", "127.9.9.9", true },
	{ "::1", "::1", true },
	{ "::ffff:127.0.0.1", "::ffff:127.0.0.1", true },
	{ "128.0.0.1", "128.0.0.1", false },
	{ "::2", "::2", false },
	{ "empty", "", false },
};
/* clang-format on */

static void
parse(void **state)
{
	const struct parse_row *r = *state;
	char bad[80] = "", text[4096];
	struct networks n;

	if (r->want == NULL) {
		assert_false(networks_parse(r->text, &n, bad, sizeof(bad)));
		assert_string_equal(bad, r->bad);
		return;
	}
	assert_true(networks_parse(r->text, &n, bad, sizeof(bad)));
	networks_text(&n, text, sizeof(text));
	assert_string_equal(text, r->want);
	/* What Dovecot is told reads as the same networks. */
	assert_true(networks_parse(text, &n, bad, sizeof(bad)));
	networks_text(&n, text, sizeof(text));
	assert_string_equal(text, r->want);
}

static void
contain(void **state)
{
	const __typeof__(contain_rows[0]) *r = *state;
	struct networks n;
	char bad[80];

	assert_true(networks_parse(r->networks, &n, bad, sizeof(bad)));
	assert_int_equal(networks_contain(&n, r->address), r->want);
}

static void
client(void **state)
{
	const __typeof__(client_rows[0]) *r = *state;
	char out[48];

	network_of_client(r->client, out);
	assert_string_equal(out, r->want);
}

static void
loopback(void **state)
{
	const __typeof__(loopback_rows[0]) *r = *state;

	assert_int_equal(network_is_loopback(r->address), r->want);
}

static void
at_most_64(void **state)
{
	char text[2048] = "", bad[80];
	struct networks n;
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 64; i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "10.0.0.%d,", i);
	assert_true(networks_parse(text, &n, bad, sizeof(bad)));
	assert_int_equal(n.n, 64);
	snprintf(text + len, sizeof(text) - len, "10.0.1.1");
	assert_false(networks_parse(text, &n, bad, sizeof(bad)));
	assert_string_equal(bad, "10.0.1.1");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, parse_rows, parse, NULL, NULL);
	ADD_ROWS(&s, contain_rows, contain, NULL, NULL);
	ADD_ROWS(&s, client_rows, client, NULL, NULL);
	ADD_ROWS(&s, loopback_rows, loopback, NULL, NULL);
	suite_add(&s, "64 networks, not 65", at_most_64, NULL, NULL, NULL);
	return suite_run(&s, "network");
}
