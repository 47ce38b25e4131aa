#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/checkup.h"

#define DAY 86400
#define MIB (UINT64_C(1) << 20)

bool
checkup_date(const char *text, int64_t *at)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%b %d %H:%M:%S %Y", &tm);

	if (end == NULL || strcmp(end, " GMT") != 0)
		return false;
	*at = timegm(&tm);
	return true;
}

enum verdict
checkup_certificate(int64_t not_after, int64_t now)
{
	return not_after < now + 7 * (int64_t)DAY  ? VERDICT_FAIL :
	    not_after < now + 21 * (int64_t)DAY ? VERDICT_WARN :
						   VERDICT_OK;
}

const char *
checkup_source(const struct networks *campus, bool on_campus,
    const char *const *addresses, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (networks_contain(campus, addresses[i]) == on_campus)
			return addresses[i];
	return NULL;
}

enum verdict
checkup_room(const struct room *r)
{
	const bool inodes = r->all_inodes > 0;

	if (r->free_bytes < 100 * MIB || (inodes && r->free_inodes < 1000))
		return VERDICT_FAIL;
	if (r->free_bytes < 500 * MIB ||
	    (r->free_bytes < r->all_bytes / 20 &&
		r->free_bytes < 10240 * MIB) ||
	    (inodes && r->free_inodes < r->all_inodes / 50))
		return VERDICT_WARN;
	return VERDICT_OK;
}

double
checkup_capacity(double seconds, long processors)
{
	return (double)processors / (seconds > 1e-6 ? seconds : 1e-6);
}

double
checkup_demand(int64_t accounts)
{
	return (double)accounts / 300;
}

/* -- sets -- */

/* The next entry of *list, which is moved behind it; NULL: no more. */
static const char *
next(const char **list, size_t *n)
{
	const char *entry = *list + strspn(*list, ", \n");

	*n = strcspn(entry, ", \n");
	*list = entry + *n;
	return *n > 0 ? entry : NULL;
}

static size_t
times_in(const char *list, const char *entry, size_t n)
{
	const char *other;
	size_t len, times = 0;

	while ((other = next(&list, &len)) != NULL)
		times += len == n && memcmp(other, entry, n) == 0;
	return times;
}

static bool
all_in(const char *list, const char *in)
{
	const char *all = list, *entry;
	size_t n;

	while ((entry = next(&list, &n)) != NULL)
		if (times_in(in, entry, n) != times_in(all, entry, n))
			return false;
	return true;
}

bool
checkup_same_set(const char *a, const char *b)
{
	return all_in(a, b) && all_in(b, a);
}

bool
checkup_name_reserved(const char *name)
{
	static const char *const reserved[] = { "example", "invalid", "test",
		"example.com", "example.net", "example.org" };
	const size_t n = strlen(name);

	for (size_t i = 0; i < NELEM(reserved); i++) {
		const size_t m = strlen(reserved[i]);

		if (n >= m && strcasecmp(name + n - m, reserved[i]) == 0 &&
		    (n == m || name[n - m - 1] == '.'))
			return true;
	}
	return false;
}
