/* doctor: the configuration, and what can be told of a backup. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/doctor.h"

/* The reason that was written, without the path before it. */
static const char *
reason(struct doctor *d, const char *text)
{
	const size_t n = strlen(d->tool->conf_path);

	if (strncmp(text, d->tool->conf_path, n) == 0 && text[n] == ':')
		text += n + 2;
	return doctor_first_line(d, text);
}

void
check_configuration(struct doctor *d)
{
	struct tool *t = d->tool;
	char *text = NULL;
	size_t size = 0;
	FILE *why = open_memstream(&text, &size);
	enum result r;

	if (why == NULL)
		return;
	r = tool_configure(t, why);
	fclose(why);
	if (r == RES_OK) {
		d->have |= HAVE_CONF;
		doctor_tell(d, SEVERITY_OK, t->conf_path, NULL,
		    "every setting can be used");
	} else {
		doctor_tell(d, SEVERITY_FAIL, t->conf_path,
		    "see fumibako.conf(5)", "%s", reason(d, text));
	}
	free(text);
}

/* -- backup -- */

/* When the newest file in a directory, or the file itself, was written; 0:
 * there is none. */
static int64_t
newest_in(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	struct stat st;
	int64_t newest = 0;

	if (dir == NULL)
		return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
			st.st_size > 0 ?
		    st.st_mtime :
		    0;
	while ((e = readdir(dir)) != NULL)
		if (fstatat(dirfd(dir), e->d_name, &st, 0) == 0 &&
		    S_ISREG(st.st_mode) && st.st_size > 0 &&
		    st.st_mtime > newest)
			newest = st.st_mtime;
	closedir(dir);
	return newest;
}

void
check_backup(struct doctor *d)
{
	const struct conf *c = &d->tool->conf;
	const char *path = c->doctor_backup;
	const char *remedy = "make one: fumibako backup FILE; then see why "
			     "nothing does so by itself";
	const int64_t newest = path[0] != '\0' ? newest_in(path) : 0;
	const long long hours = (d->tool->actor.now - newest) / 3600;

	if (path[0] == '\0')
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: Doctor.Backup does not say where they are");
	else if (access(path, R_OK) != 0 && errno == EACCES)
		doctor_tell(d, SEVERITY_SKIP, path, NULL,
		    "not checked: only root may look there");
	else if (newest == 0)
		doctor_tell(d, SEVERITY_FAIL, path, remedy,
		    "there is no backup");
	else if (hours >= c->doctor_backup_hours)
		doctor_tell(d, SEVERITY_FAIL, path, remedy,
		    "the newest backup is %lld hours old", hours);
	else
		doctor_tell(d, SEVERITY_OK, path, NULL,
		    "the newest backup is %lld hours old", hours);
}
