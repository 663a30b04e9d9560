#include "base/sheet.h"
#include "base/str.h"
#include <ctype.h>
#include <csv.h>
#include <iconv.h>
#include <string.h>

/* What libcsv calls back with. */
struct reading {
	struct mem *m;
	struct sheet *sheet;
	size_t rows_cap, line, cells_n;
	const char *cells[SHEET_COLUMNS];
	bool has_cell;
	const char *wrong; /* reason word, once something is */
};

static void take_cell(void *bytes, size_t n, void *data)
{
	struct reading *r = data;

	if (r->wrong)
		return;
	if (r->cells_n == SHEET_COLUMNS) {
		r->wrong = "too_many_columns";
		return;
	}
	if (n > SHEET_CELL) {
		r->wrong = "cell_too_long";
		return;
	}
	const char *text = str_trim(r->m, bytes ? mem_strndup(r->m, bytes, n) : "");
	r->has_cell = r->has_cell || *text;
	r->cells[r->cells_n++] = text;
}

static void take_names(struct reading *r)
{
	struct sheet *s = r->sheet;

	s->columns = r->cells_n;
	s->names = mem_array(r->m, const char *, r->cells_n);
	for (size_t i = 0; i < r->cells_n; i++) {
		char *name = mem_strdup(r->m, r->cells[i]);
		for (char *c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		s->names[i] = name;
	}
}

static void take_row(struct reading *r)
{
	struct sheet *s = r->sheet;

	if (s->n == SHEET_ROWS || (s->n + 1) * s->columns > SHEET_CELLS) {
		r->wrong = "too_many_rows";
		return;
	}
	if (s->n == r->rows_cap) {
		struct sheet_row *more = mem_array(r->m, struct sheet_row, r->rows_cap * 2 + 64);
		if (s->n)
			memcpy(more, s->rows, s->n * sizeof *more);
		s->rows = more;
		r->rows_cap = r->rows_cap * 2 + 64;
	}
	const char **cells = mem_array(r->m, const char *, s->columns);
	for (size_t i = 0; i < s->columns; i++)
		cells[i] = i < r->cells_n ? r->cells[i] : "";
	s->rows[s->n++] = (struct sheet_row){ cells, r->line };
}

static void end_row(int end, void *data)
{
	struct reading *r = data;

	(void)end;
	r->line++;
	if (!r->wrong && r->has_cell) {
		if (r->sheet->columns)
			take_row(r);
		else
			take_names(r);
	}
	r->cells_n = 0;
	r->has_cell = false;
}

/* Whichever stands most in the first line, outside quotes. */
static unsigned char delimiter_of(const char *text, size_t n)
{
	static const char candidates[] = ",;\t";
	size_t counts[sizeof candidates] = { 0 };
	bool quoted = false;
	size_t best = 0;

	for (size_t i = 0; i < n && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
		const char *at = strchr(candidates, text[i]);
		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] && at)
			counts[at - candidates]++;
	}
	for (size_t i = 1; i < sizeof candidates - 1; i++)
		if (counts[i] > counts[best])
			best = i;
	return (unsigned char)candidates[best];
}

/* Valid UTF-8 as it is, without its mark; anything else as Windows-1252. */
static bool decode(struct mem *m, const char *bytes, size_t n, const char **text, size_t *text_n)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (n >= 3 && !memcmp(bytes, mark, 3)) {
		bytes += 3;
		n -= 3;
	}
	if (str_is_text(bytes, n)) {
		*text = bytes;
		*text_n = n;
		return true;
	}
	iconv_t to = iconv_open("UTF-8", "WINDOWS-1252");
	if (to == (iconv_t)-1)
		return false;
	size_t left = n, room = 3 * n + 1;
	char *out = mem_alloc(m, room), *end = out, *in = (char *)(uintptr_t)bytes;
	bool ok = iconv(to, &in, &left, &end, &room) != (size_t)-1 && !left;
	iconv_close(to);
	*text = out;
	*text_n = (size_t)(end - out);
	return ok && str_is_text(out, *text_n);
}

bool sheet_read(struct mem *m, const void *bytes, size_t n, size_t max, struct sheet *out, struct err *e)
{
	struct sheet s = { 0 };
	struct reading r = { .m = m, .sheet = &s };
	struct csv_parser parser;
	const char *text;
	size_t text_n;

	if (n > max)
		return err_reason(e, ERR_INVALID, "too_large", "%zu bytes of a table", n);
	if (!decode(m, bytes, n, &text, &text_n))
		return err_reason(e, ERR_INVALID, "not_csv", "neither UTF-8 nor Windows-1252");
	if (csv_init(&parser, CSV_APPEND_NULL))
		return err_reason(e, ERR_INVALID, "not_csv", "no parser");
	csv_set_delim(&parser, delimiter_of(text, text_n));
	bool parsed = csv_parse(&parser, text, text_n, take_cell, end_row, &r) == text_n;
	/* A quote within a cell may pass; one that never ends has swallowed the rest. */
	csv_set_opts(&parser, CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI);
	parsed = parsed && !csv_fini(&parser, take_cell, end_row, &r);
	csv_free(&parser);
	if (!parsed || r.wrong)
		return err_reason(e, ERR_INVALID, r.wrong ? r.wrong : "not_csv", "row %zu of a table",
				  r.line + 1);
	if (!s.n)
		return err_reason(e, ERR_INVALID, "empty", "a table without rows");
	*out = s;
	return true;
}

int sheet_column(const struct sheet *s, const char *names)
{
	for (const char *at = names; *at;) {
		size_t n = strcspn(at, "|");
		for (size_t i = 0; i < s->columns; i++)
			if (strlen(s->names[i]) == n && !memcmp(s->names[i], at, n))
				return (int)i;
		at += n + (at[n] == '|');
	}
	return -1;
}

const char *sheet_cell(const struct sheet *s, size_t row, int column)
{
	return column < 0 ? "" : s->rows[row].cells[column];
}
