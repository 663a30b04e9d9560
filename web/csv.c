#include "web/csv.h"
#include <inttypes.h>
#include <string.h>

void csv_begin(struct csv *c, struct mem *m)
{
	*c = (struct csv){ 0 };
	buf_init(&c->out, m);
	buf_add(&c->out, "\xEF\xBB\xBF"); /* without it some take the file for another charset */
}

static void next(struct csv *c)
{
	if (c->begun)
		buf_add(&c->out, ",");
	c->begun = true;
}

/* Blanks in front do not keep every spreadsheet from reading a formula, nor do the wide
 * forms of the same signs. */
static bool is_formula(const char *text)
{
	static const char *const wide[] = { "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20" };
	const char *first = text + strspn(text, " ");

	if (*first && strchr("=+-@\t\r\n", *first))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (str_starts(first, wide[i]))
			return true;
	return false;
}

void csv_text(struct csv *c, const char *text)
{
	next(c);
	text = str_or(text, "");
	buf_add(&c->out, "\"");
	if (is_formula(text))
		buf_add(&c->out, "'");
	for (; *text; text++) {
		if (*text == '"')
			buf_add(&c->out, "\"");
		buf_addn(&c->out, text, 1);
	}
	buf_add(&c->out, "\"");
}

void csv_number(struct csv *c, int64_t n)
{
	next(c);
	buf_addf(&c->out, "%" PRId64, n);
}

void csv_end(struct csv *c)
{
	buf_add(&c->out, "\r\n");
	c->begun = false;
}
