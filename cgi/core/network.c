#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/network.h"

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
	0xff };

static bool
is_v4(const uint8_t bytes[16])
{
	return memcmp(bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

static bool
parse_address(const char *s, uint8_t bytes[16])
{
	if (inet_pton(AF_INET, s, bytes + 12) == 1) {
		memcpy(bytes, v4_prefix, sizeof(v4_prefix));
		return true;
	}
	return inet_pton(AF_INET6, s, bytes) == 1;
}

static bool
bit(const uint8_t bytes[16], unsigned int i)
{
	return (bytes[i / 8] >> (7 - i % 8)) & 1;
}

static bool
parse_network(char *s, struct network *n)
{
	char *slash = strchr(s, '/'), *end;
	unsigned long prefix, bits;

	if (slash != NULL)
		*slash = '\0';
	if (!parse_address(s, n->bytes))
		return false;
	bits = strchr(s, ':') == NULL ? 32 : 128;
	prefix = bits;
	if (slash != NULL) {
		if (slash[1] < '0' || slash[1] > '9')
			return false;
		prefix = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || prefix > bits)
			return false;
	}
	n->prefix = (unsigned int)(128 - bits + prefix);
	for (unsigned int i = n->prefix; i < 128; i++)
		if (bit(n->bytes, i))
			return false;
	return true;
}

bool
networks_parse(const char *text, struct networks *n_r, char *bad_r,
    size_t size)
{
	static const char gap[] = ", \t";

	n_r->n = 0;
	snprintf(bad_r, size, "(empty)");
	for (text += strspn(text, gap); *text != '\0';
	     text += strspn(text, gap)) {
		size_t len = strcspn(text, gap);
		char one[64];

		snprintf(bad_r, size, "%.*s", (int)(len < 64 ? len : 64), text);
		if (len >= sizeof(one) || n_r->n == NELEM(n_r->list))
			return false;
		memcpy(one, text, len);
		one[len] = '\0';
		if (!parse_network(one, &n_r->list[n_r->n]))
			return false;
		n_r->n++;
		text += len;
	}
	return n_r->n > 0;
}

enum result
networks_read(const char *conf_path, const char *text, struct networks *n_r,
    FILE *why)
{
	char bad[80];

	if (networks_parse(text, n_r, bad, sizeof(bad)))
		return RES_OK;
	fprintf(why, "%s: Campus.Networks: not a network address: %s\n",
	    conf_path, bad);
	return RES_INVALID;
}

bool
networks_contain(const struct networks *ns, const char *address)
{
	uint8_t a[16];

	if (!parse_address(address, a))
		return false;
	for (size_t i = 0; i < ns->n; i++) {
		const struct network *n = &ns->list[i];
		unsigned int b = 0;

		while (b < n->prefix && bit(a, b) == bit(n->bytes, b))
			b++;
		if (b == n->prefix)
			return true;
	}
	return false;
}

void
networks_text(const struct networks *ns, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < ns->n && len < size; i++) {
		const struct network *n = &ns->list[i];
		bool v4 = is_v4(n->bytes) && n->prefix >= 96;
		char a[INET6_ADDRSTRLEN];

		inet_ntop(v4 ? AF_INET : AF_INET6,
		    v4 ? n->bytes + 12 : n->bytes, a, sizeof(a));
		len += (size_t)snprintf(out + len, size - len, "%s%s/%u",
		    i > 0 ? "," : "", a, v4 ? n->prefix - 96 : n->prefix);
	}
}

void
network_of_client(const char *address, char out[48])
{
	uint8_t a[16];

	if (!parse_address(address, a) || is_v4(a)) {
		snprintf(out, 48, "%.47s", address);
		return;
	}
	memset(a + 8, 0, 8);
	inet_ntop(AF_INET6, a, out, 48);
}

bool
network_is_loopback(const char *address)
{
	static const uint8_t one[16] = { [15] = 1 };
	uint8_t a[16];

	return parse_address(address, a) &&
	    ((is_v4(a) && a[12] == 127) || memcmp(a, one, sizeof(one)) == 0);
}
