#include "core/password.h"
#include "core/policy.h"

enum result
password_choose(const struct login_rules *rules, const struct account *a,
    const char *password, const char *field,
    char password_r[PASSWD_GENERATED], char hash_r[PASSWD_HASH_SIZE],
    struct findings *f)
{
	password_r[0] = '\0';
	if (password != NULL) {
		if (!policy_check(password, a->local_part, a->domain,
			a->real_name, field, f))
			return RES_INVALID;
		return passwd_hash(password, rules->hash_cost, hash_r);
	}
	/* 16 random characters of all classes obey the policy: test_policy
	 * asks for thousands of them, here it would take as long as all else
	 * of an import. */
	passwd_generate(password_r);
	return passwd_hash_generated(password_r, hash_r);
}
