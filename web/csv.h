/* csv.h - tables for spreadsheets: UTF-8 with a mark, commas, CRLF (RFC 4180).
 *
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front: names and
 * titles are what people typed, and the table is opened on somebody else's machine. */
#ifndef WEB_CSV_H
#define WEB_CSV_H

#include "base/str.h"

struct csv {
	struct buf out;
	bool begun; /* this line has a cell */
};

void csv_begin(struct csv *, struct mem *);
void csv_text(struct csv *, const char *); /* NULL is an empty cell */
void csv_number(struct csv *, int64_t);
void csv_end(struct csv *);                /* of the line */

#endif
