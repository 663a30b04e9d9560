/* claim_code.c - what an administrator types in to take over what waits for a school.
 * Crockford's base32: no letter that looks like a digit, and none that reads as one is
 * refused. 50 bits cannot be guessed, and a code opens nothing but its own deployment. */
#include "lti/lti.h"
#include "base/str.h"
#include "base/sys.h"
#include <string.h>

enum { CODE_LETTERS = 10, CODE_GROUP = 5 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const char *lti_claim_code(struct mem *m)
{
	unsigned char bytes[CODE_LETTERS];
	struct buf b;

	random_bytes(bytes, sizeof bytes);
	buf_init(&b, m);
	for (int i = 0; i < CODE_LETTERS; i++)
		buf_addf(&b, "%s%c", i == CODE_GROUP ? "-" : "", alphabet[bytes[i] % 32]);
	return b.p;
}

/* As the alphabet has it, or NUL. */
static char letter(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	return c && strchr(alphabet, c) ? c : '\0';
}

const char *lti_claim_code_read(struct mem *m, const char *typed)
{
	struct buf b;
	int n = 0;

	buf_init(&b, m);
	for (; typed && *typed; typed++) {
		char c = letter(*typed);
		if (*typed == ' ' || *typed == '-')
			continue;
		if (!c || n == CODE_LETTERS)
			return NULL;
		buf_addf(&b, "%s%c", n == CODE_GROUP ? "-" : "", c);
		n++;
	}
	return n == CODE_LETTERS ? b.p : NULL;
}
