/* Each wrong setting is told with file, key and reason. */
#include "tests/unit/unit.h"

#include "base/conf.h"

static char path[64]; /* of this process */

static const char *const good[] = {
	"Database.Users = /d/users.db",
	"Database.Web = /d/web.db",
	"Database.MailStat = /d/stat.db",
	"Mail.Oldest = /r/oldest",
	"Web.Templates = /t",
	"Web.Origin = https://localhost:8443",
	"Web.Contact = postmaster@site.example",
	"Campus.Networks = 127.0.0.0/29",
};

/* clang-format off */
static const struct row {
	const char *name;
	const char *key, *value; /* value NULL: left out */
	const char *why;         /* NULL: accepted */
} rows[] = {
	{ "users.db is missing", "Database.Users", NULL, "is missing" },
	{ "web.db is missing", "Database.Web", NULL, "is missing" },
	{ "mailstat.db is missing", "Database.MailStat", NULL, "is missing" },
	{ "templates are missing", "Web.Templates", NULL, "is missing" },
	{ "the origin is missing", "Web.Origin", NULL, "is missing" },
	{ "the socket for the oldest is missing", "Mail.Oldest", NULL,
	    "is missing" },
	{ "a contact that is no address", "Web.Contact", "postmaster",
	    "must be a mail address" },
	{ "a contact with a name", "Web.Contact", "P <p@x.example>",
	    "must be a mail address" },
	{ "a time zone", "Display.TimeZone", "Europe/Berlin", NULL },
	{ "no such time zone", "Display.TimeZone", "Asia/Tokio",
	    "no time zone" },
	{ "an empty time zone", "Display.TimeZone", "", "no time zone" },
	{ "a time zone that is a path", "Display.TimeZone", "../../passwd",
	    "no time zone" },
	{ "a control character", "Client.PopSuffix", ".mail\007.example",
	    "control character" },
	{ "the contact is missing", "Web.Contact", NULL, "is missing" },
	{ "the networks are missing", "Campus.Networks", NULL, "is missing" },
	{ "a relative path", "Database.Users", "db/users.db",
	    "must be an absolute path" },
	{ "an empty path", "Web.Templates", "", "must be an absolute path" },
	{ "an origin without TLS", "Web.Origin", "http://localhost",
	    "must be https://host" },
	{ "an origin with a path", "Web.Origin", "https://localhost/x",
	    "must be https://host" },
	{ "an origin with a slash", "Web.Origin", "https://localhost/",
	    "must be https://host" },
	{ "an origin without a host", "Web.Origin", "https://",
	    "must be https://host" },
	{ "an origin with a blank", "Web.Origin", "https://a b",
	    "must be https://host" },
	{ "an origin without a port", "Web.Origin", "https://mail.example",
	    NULL },
	{ "an unknown key", "Session.Idel", "900", "no such setting" },
	{ "an unknown group", "Sesion.Idle", "900", "no such setting" },
	{ "an unknown key at the top", "Colour", "red", "no such setting" },
	{ "a key below a key", "Session.Idle.Max", "900", "no such setting" },
	{ "a word for a number", "Session.Idle", "abc",
	    "must be a whole number from 60 to 86400" },
	{ "C114 1e3", "Session.Idle", "1e3", "must be a whole number" },
	{ "C114 2^63", "Session.Idle", "9223372036854775808",
	    "must be a whole number" },
	{ "too small", "Session.Idle", "59",
	    "must be a whole number from 60 to 86400" },
	{ "the smallest", "Session.Idle", "60", NULL },
	{ "too large", "Session.Idle", "86401", "must be a whole number" },
	{ "negative", "Session.Max", "-1", "must be a whole number" },
	{ "an empty number", "Session.Reauth", "", "must be a whole number" },
	{ "a number and more", "Throttle.Pair", "5x",
	    "must be a whole number" },
	{ "no tries at all", "Throttle.Network", "0",
	    "must be a whole number" },
	{ "no tries for an account", "Throttle.Account", "0",
	    "must be a whole number" },
	{ "no window", "Throttle.Window", "0", "must be a whole number" },
	{ "no wait", "Throttle.Wait", "0", "must be a whole number" },
	{ "cost 12", "Hash.Cost", "12",
	    "must be a whole number from 0 to 11" },
	{ "cost 11", "Hash.Cost", "11", NULL },
	{ "port 0", "Client.PopPort", "0", "must be a whole number" },
	{ "port 65536", "Client.SubmissionPort", "65536",
	    "must be a whole number" },
	{ "time-out 0", "Client.Timeout", "0", "must be a whole number" },
	{ "no requests", "Worker.MaxRequests", "0",
	    "must be a whole number" },
	{ "a suffix", "Client.PopSuffix", ".mail.example", NULL },
};
/* clang-format on */

static void
write_conf(const char *key, const char *value)
{
	FILE *f = fopen(path, "w");
	size_t n = key != NULL ? strlen(key) : 0;

	assert_non_null(f);
	for (size_t i = 0; i < NELEM(good); i++)
		if (n == 0 || strncmp(good[i], key, n) != 0)
			fprintf(f, "%s\n", good[i]);
	if (value != NULL)
		fprintf(f, "%s = %s\n", key, value);
	fclose(f);
}

static void
check(void **state)
{
	const struct row *r = *state;
	struct capture out;
	struct conf c;
	enum result got;

	write_conf(r->key, r->value);
	capture_begin(&out);
	got = conf_read(path, &c);
	capture_end(&out);
	if (r->why == NULL) {
		assert_int_equal(got, RES_OK);
		assert_string_equal(out.text, "");
		conf_free(&c);
		return;
	}
	assert_int_equal(got, RES_INVALID);
	assert_int_equal(strncmp(out.text, path, strlen(path)), 0);
	assert_int_equal(strncmp(out.text + strlen(path), ": ", 2), 0);
	assert_non_null(strstr(out.text, r->key));
	assert_non_null(strstr(out.text, r->why));
	assert_null(c.users_db);
}

static void
defaults(void **state)
{
	struct conf c;

	(void)state;
	write_conf(NULL, NULL);
	assert_int_equal(conf_read(path, &c), RES_OK);
	assert_string_equal(c.users_db, "/d/users.db");
	assert_string_equal(c.networks, "127.0.0.0/29");
	assert_string_equal(c.time_zone, "Asia/Tokyo");
	assert_string_equal(c.oldest_socket, "/r/oldest");
	assert_string_equal(c.pop_suffix, "");
	assert_int_equal(c.pop_port, 995);
	assert_int_equal(c.submission_port, 587);
	assert_int_equal(c.submission_timeout, 300);
	assert_int_equal(c.hash_cost, 0);
	assert_int_equal(c.session_idle, 900);
	assert_int_equal(c.session_max, 28800);
	assert_int_equal(c.session_reauth, 600);
	assert_int_equal(c.throttle_pair, 5);
	assert_int_equal(c.throttle_network, 30);
	assert_int_equal(c.throttle_account, 50);
	assert_int_equal(c.throttle_window, 900);
	assert_int_equal(c.throttle_wait, 30);
	assert_int_equal(c.max_requests, 100000);
	conf_free(&c);
	assert_null(c.users_db);
	conf_free(&c);
}

static void
no_file(void **state)
{
	struct capture out;
	struct conf c;
	enum result got;

	(void)state;
	unlink(path);
	capture_begin(&out);
	got = conf_read(path, &c);
	capture_end(&out);
	assert_int_equal(got, RES_INVALID);
	assert_non_null(strstr(out.text, path));
}

static void
broken_file(void **state)
{
	struct capture out;
	struct conf c;
	enum result got;
	FILE *f = fopen(path, "w");

	(void)state;
	fputs("Database {\n  Users\n}\n", f);
	fclose(f);
	capture_begin(&out);
	got = conf_read(path, &c);
	capture_end(&out);
	assert_int_equal(got, RES_INVALID);
	assert_non_null(strstr(out.text, path));
}

int
main(void)
{
	static struct suite s;
	int failed;

	snprintf(path, sizeof(path), "%s/fumibako-unit-conf.%ld",
	    unit_tmp(), (long)getpid());
	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "defaults", defaults, NULL, NULL, NULL);
	suite_add(&s, "no file", no_file, NULL, NULL, NULL);
	suite_add(&s, "a broken file", broken_file, NULL, NULL, NULL);
	failed = suite_run(&s, "conf");
	unlink(path);
	return failed;
}
