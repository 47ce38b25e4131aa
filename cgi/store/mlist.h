#ifndef STORE_MLIST_H
#define STORE_MLIST_H

#include "store/store.h"

/* Mailing lists, as store.h has the rest (st_mlist.c). */

enum posting {
	POSTING_ANYONE,
	POSTING_MEMBERS,
	POSTING_MEMBERS_MODERATED,
	POSTING_MODERATORS,
	POSTING_MODERATORS_MODERATED,
	POSTING__MAX
};
enum subscription { SUB_CLOSED, SUB_CONFIRM, SUB_APPROVAL, SUB__MAX };
/* As stored and as in forms; false: no such. */
const char *posting_text(enum posting);
bool posting_of_text(const char *, enum posting *);
const char *subscription_text(enum subscription);
bool subscription_of_text(const char *, enum subscription *);

#define LIST_DESCRIPTION 801 /* 200 characters of UTF-8, and NUL */
#define LIST_FOOTER 1001
#define LIST_MODERATORS 13001

struct mlist {
	int64_t id, domain_id, version, created_at;
	char local_part[65], domain[254];
	char address[ADDRESS_SIZE];
	char description[LIST_DESCRIPTION];
	char owner[255];
	enum posting posting;
	enum subscription subscription;
	bool reply_to_list, archive;
	char prefix[41], footer[LIST_FOOTER];
	char moderators[LIST_MODERATORS]; /* one a line */
};
enum result store_mlist(struct store *, int64_t domain_id,
    const char *local_part, struct mlist *) MUST_CHECK;
/* BY_LISTS, as the two below that tell and drop leavers. */
enum result store_mlist_by_id(
    struct store *, int64_t id, struct mlist *) MUST_CHECK;
/* Of a domain by name, or (0, BY_LISTS) all by id; each(arg, list) until
 * false. */
enum result store_mlists(struct store *, int64_t domain_id,
    bool (*each)(void *arg, const struct mlist *), void *arg) MUST_CHECK;
/* RES_NOTFOUND: there is no list at all. */
enum result store_mlist_any(struct store *) MUST_CHECK;
/* Sets l->id; RES_CONFLICT: the name is in use. */
enum result store_mlist_add(struct store *, struct mlist *) MUST_CHECK;
/* Over version l->version; else RES_CONFLICT. */
enum result store_mlist_save(
    struct store *, const struct mlist *) MUST_CHECK;
/* Who is to be taken off all lists. */
enum result store_leaver_add(
    struct store *, const char *address, int64_t now) MUST_CHECK;
enum result store_leavers(struct store *,
    bool (*each)(void *arg, const char *address), void *arg) MUST_CHECK;
enum result store_leaver_drop(
    struct store *, const char *address) MUST_CHECK;

#endif
