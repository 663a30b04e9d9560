/* sheet.h - a table from a spreadsheet: CSV as people and programs really write it.
 *
 * RFC 4180 with what Excel does besides: comma, semicolon or tab between cells, told
 * from the first line; UTF-8 with or without a byte order mark, else Windows-1252; any
 * line end. The first line names the columns. Lines without any cell are left out. */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/mem.h"

#define SHEET_ROWS    60000
#define SHEET_COLUMNS 64
#define SHEET_CELLS   500000 /* in all */
#define SHEET_CELL    20000 /* bytes */

struct sheet {
	const char **names; /* lower case, trimmed */
	size_t columns;
	struct sheet_row {
		const char **cells; /* trimmed; as many as there are columns, "" where short */
		size_t line;        /* which row of the file, the names being 1 */
	} *rows;
	size_t n;
};

/* Of at most `max` bytes. ERR_INVALID, reason "too_large", "too_many_rows",
 * "too_many_columns", "cell_too_long", "not_csv" or "empty". */
MUST_USE bool sheet_read(struct mem *, const void *bytes, size_t n, size_t max, struct sheet *out,
			 struct err *e);

/* Which column has one of these names ("text|full statement"), or -1. */
int sheet_column(const struct sheet *, const char *names);
/* A cell, "" where the column is -1. */
const char *sheet_cell(const struct sheet *, size_t row, int column);

#endif
