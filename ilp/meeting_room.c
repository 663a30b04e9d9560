/* The conversation itself, the mentor's page before it, and its place in a calendar. */
#include "ilp/meeting.h"
#include "ilp/work.h"
#include "base/js.h"
#include "base/str.h"
#include <stdio.h>
#include <string.h>

bool meeting_live(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		  json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_LIVE, SEAT(v, meeting), access_act(ACT_MEET),
			   access_act(ACT_WRITE));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no conversation that goes on");
	json_t *page = json_loads(db_text(r, 0, 0), 0, NULL);
	if (!page)
		return err_set(e, ERR_INTERNAL, "the database made no JSON");
	*out = js_own(m, page);
	return true;
}

bool meeting_history(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		     const char *voice, const char *field, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_HISTORY, SEAT(v, meeting), voice, field);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such text for this viewer");
	json_t *page = json_loads(db_text(r, 0, 0), 0, NULL);
	if (!page)
		return err_set(e, ERR_INTERNAL, "the database made no JSON");
	*out = js_own(m, page);
	return true;
}

/* The columns of meeting_brief. */
enum { B_PART, B_KIND, B_ID, B_TEXT, B_TITLE, B_BY, B_HAT, B_AT, B_MORE, B_LOOKED };

bool meeting_brief(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		   json_t **out, struct err *e)
{
	json_t *lines = json_array();
	json_t *page = js_own(m, json_pack("{s:o}", "lines", lines));

	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_MEETING_BRIEF, SEAT(v, meeting), access_act(ACT_MEET));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such meeting to prepare");
	for (int i = 0; i < db_count(r); i++) {
		if (!db_text(r, i, B_PART))
			continue;
		const char *more = db_text(r, i, B_MORE);
		json_t *o =
			json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s?}", "part",
				  db_text(r, i, B_PART), "kind", db_text(r, i, B_KIND), "id",
				  db_text(r, i, B_ID), "text", db_text(r, i, B_TEXT), "title",
				  db_text(r, i, B_TITLE), "by", db_text(r, i, B_BY), "hat",
				  hat_name((int)db_int(r, i, B_HAT)), "at", db_text(r, i, B_AT));
		json_t *extra = more ? json_loads(more, 0, NULL) : NULL;
		if (extra)
			json_object_update_missing_new(o, extra);
		json_array_append_new(lines, o);
	}
	json_object_set_new(page, "lookedAt", js_text(db_text(r, 0, B_LOOKED)));
	*out = page;
	return true;
}

/* ---- iCalendar (RFC 5545) ---- */

/* Lines of at most 75 bytes, folded between characters. */
static void ics_line(struct buf *b, const char *name, const char *value)
{
	size_t used = strlen(name) + 1;

	buf_addf(b, "%s:", name);
	for (const char *c = value; *c;) {
		size_t n = 1;
		while (((unsigned char)c[n] & 0xc0) == 0x80)
			n++;
		if (used + n > 74) {
			buf_add(b, "\r\n ");
			used = 1;
		}
		buf_addn(b, c, n);
		used += n;
		c += n;
	}
	buf_add(b, "\r\n");
}

static const char *ics_text(struct mem *m, const char *text)
{
	struct buf b;

	buf_init(&b, m);
	for (const char *c = text; *c; c++) {
		if (*c == '\n')
			buf_add(&b, "\\n");
		else if (strchr(",;\\", *c))
			buf_addf(&b, "\\%c", *c);
		else if (*c != '\r')
			buf_addn(&b, c, 1);
	}
	return b.p;
}

/* "2026-12-03T14:30:00Z" -> "20261203T143000Z" */
static const char *ics_time(struct mem *m, const char *iso)
{
	struct buf b;

	buf_init(&b, m);
	for (const char *c = str_or(iso, ""); *c; c++)
		if (*c != '-' && *c != ':')
			buf_addn(&b, c, 1);
	return b.p;
}

static const char *calendar_of(struct mem *m, const json_t *o, const char *title)
{
	const char *place = str_or(js_str(o, "place"), ""), *link = js_str(o, "link");
	int64_t minutes = 0, rev = 0;
	struct buf b;

	if (!js_num(o, "minutes", &minutes) || !js_num(o, "rev", &rev))
		return NULL;
	buf_init(&b, m);
	buf_add(&b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ilpd//Learning plans//EN\r\n"
		    "METHOD:PUBLISH\r\nBEGIN:VEVENT\r\n");
	ics_line(&b, "UID", mem_printf(m, "%s@ilpd", js_str(o, "id")));
	ics_line(&b, "DTSTAMP", ics_time(m, js_str(o, "startsAt")));
	ics_line(&b, "DTSTART", ics_time(m, js_str(o, "startsAt")));
	buf_addf(&b, "DURATION:PT%dM\r\nSEQUENCE:%d\r\n", (int)minutes, (int)rev);
	ics_line(&b, "SUMMARY", ics_text(m, title));
	if (*place)
		ics_line(&b, "LOCATION", ics_text(m, place));
	if (!str_empty(link))
		ics_line(&b, "URL", link);
	buf_addf(&b, "CLASS:PRIVATE\r\nSTATUS:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		 str_eq(js_str(o, "state"), "cancelled") ? "CANCELLED" : "CONFIRMED");
	return b.p;
}

bool meeting_calendar(struct db *db, struct mem *m, const struct viewer *v, const char *meeting,
		      const char *title, const char **out, struct err *e)
{
	json_t *page;

	if (!meeting_read(db, m, v, meeting, &page, e))
		return false;
	*out = calendar_of(m, js_obj(page, "meeting"), title);
	return *out || err_set(e, ERR_INTERNAL, "a meeting without its times");
}
