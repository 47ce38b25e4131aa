#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/copy.h"
#include "store/db.h"

/* A copy, found whole, in the file `temp`. */
static enum result
copy(struct store *s, const char *temp)
{
	const char *users = sqlite3_db_filename(s->db[DB_USERS], "main");
	sqlite3 *db = NULL;
	enum result r;

	if ((r = copy_pages(s->db[DB_USERS], temp)) == RES_OK &&
	    (r = copy_open(temp, &db)) == RES_OK)
		r = copy_check(db, users);
	sqlite3_close(db);
	return r;
}

enum result
store_backup(struct store *s, const char *to)
{
	const char *users = sqlite3_db_filename(s->db[DB_USERS], "main");
	char temp[PATH_MAX], real[PATH_MAX];
	enum result r;
	int fd;

	/* A symbolic link stays one, and leads to the new file. */
	if (realpath(to, real) != NULL)
		to = real;
	/* Its log would belong to no file, and its readers read on in one
	 * without a name. */
	if (strcmp(to, users) == 0 || copy_has_log(to, true)) {
		fprintf(stderr, "%s: is a database in use\n", to);
		return RES_INVALID;
	}
	if ((fd = copy_temp(to, "part", temp, sizeof(temp))) < 0)
		return RES_FAIL;
	close(fd);
	if ((r = copy(s, temp)) == RES_OK)
		r = copy_rename(temp, to);
	if (r != RES_OK)
		copy_remove(temp);
	return r;
}

static enum result
stream(int from, int to)
{
	char buf[65536];
	ssize_t got, put = 0;

	while (put >= 0 && (got = read(from, buf, sizeof(buf))) > 0)
		for (ssize_t at = 0; at < got; at += put)
			if ((put = write(to, buf + at,
				 (size_t)(got - at))) < 0)
				break;
	if (put >= 0 && got == 0)
		return RES_OK;
	perror("the backup is not complete");
	return RES_FAIL;
}

enum result
store_backup_to(struct store *s, int fd)
{
	const char *users = sqlite3_db_filename(s->db[DB_USERS], "main");
	char temp[PATH_MAX];
	int from = copy_temp(users, "backup", temp, sizeof(temp));
	enum result r;

	if (from < 0)
		return RES_FAIL;
	r = copy(s, temp);
	copy_remove(temp);
	if (r == RES_OK)
		r = stream(from, fd);
	close(from);
	return r;
}
