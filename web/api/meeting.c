/* Meetings over HTTP (ilp/meeting.h). */
#include "web/api/api_internal.h"
#include "ilp/meeting.h"
#include "ilp/sign.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include <string.h>

/* "2026-12-03T14:30:00Z", a time that exists. */
static bool moment_ok(struct mem *m, const char *s)
{
	int hour, minute, second, end = 0;

	if (!s || strlen(s) != 20 || s[10] != 'T' || !date_ok(mem_strndup(m, s, 10)))
		return false;
	if (strspn(s + 11, "0123456789:") != 8 ||
	    sscanf(s + 11, "%2d:%2d:%2d%n", &hour, &minute, &second, &end) != 3 || end != 8)
		return false;
	return s[19] == 'Z' && hour < 24 && minute < 60 && second < 60;
}

static bool read_line(struct exchange *x, const char *field, size_t most, const char **out,
		      struct err *e)
{
	if (!read_string(x, field, out, e))
		return false;
	if (*out &&
	    (!str_is_text(*out, strlen(*out)) || strpbrk(*out, "\r\n") || str_points(*out) > most))
		return err_field(e, field, "no line of at most %zu characters", most);
	return true;
}

/* A link leads to the web; a script in its place would run here. */
static bool read_link(struct exchange *x, const char **out, struct err *e)
{
	if (!read_line(x, "link", 2000, out, e))
		return false;
	if (!str_empty(*out) && !str_starts(*out, "https://") && !str_starts(*out, "http://"))
		return err_field(e, "link", "no address of the web");
	if (str_empty(*out))
		*out = NULL;
	return true;
}

static bool key_ok(const char *key)
{
	return key && strlen(key) <= 40 && *key >= 'a' && *key <= 'z' &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

/* Strictly [{"key", "label"}], each key once. */
static bool read_questions(struct exchange *x, const char **out, struct err *e)
{
	json_t *given = json_object_get(x->body, "questions"), *item,
	       *clean = js_own(x->m, json_array());
	json_t *seen = js_own(x->m, json_object());
	size_t i, n;

	if (given && !json_is_null(given) && !json_is_array(given))
		return err_field(e, "questions", "a list");
	if (json_array_size(given) > MEETING_QUESTIONS)
		return err_field(e, "questions", "more than %d", MEETING_QUESTIONS);
	json_array_foreach(given, i, item)
	{
		const char *key = js_str(item, "key"), *label = js_str(item, "label");
		if (!key_ok(key) || json_object_get(seen, key))
			return err_field(e, "questions", "no key, or the same twice");
		if (str_empty(label) || !str_is_text(label, strlen(label)) ||
		    str_points(label) > 300)
			return err_field(e, "questions", "a question of 1 to 300 characters");
		json_object_set_new(seen, key, json_true());
		json_array_append_new(clean, json_pack("{s:s, s:s}", "key", key, "label", label));
	}
	*out = js_print(x->m, clean, &n);
	return true;
}

static bool read_minutes(struct exchange *x, int64_t *out, struct err *e)
{
	if (!js_num(x->body, "minutes", out) || *out < 5 || *out > 480)
		return err_field(e, "minutes", "5 to 480 minutes");
	return true;
}

static bool read_meetings(struct exchange *x, struct meeting_form *f, struct err *e)
{
	json_t *list = js_arr(x->body, "meetings"), *item;
	size_t n = json_array_size(list), i;

	if (!n || n > MEETINGS_MAX)
		return err_field(e, "meetings", "1 to %d meetings", MEETINGS_MAX);
	const char **ids = mem_array(x->m, const char *, n),
		   **plans = mem_array(x->m, const char *, n);
	const char **starts = mem_array(x->m, const char *, n);
	json_array_foreach(list, i, item)
	{
		ids[i] = js_str(item, "id");
		plans[i] = js_str(item, "plan");
		starts[i] = js_str(item, "startsAt");
		if (!ids[i] || !uuid_ok(ids[i]) || !plans[i] || !uuid_ok(plans[i]))
			return err_field(e, "meetings", "an id and a plan");
		if (!moment_ok(x->m, starts[i]))
			return err_field(e, "startsAt", "no time");
		for (size_t j = 0; j < i; j++)
			if (str_eq(ids[j], ids[i]) || str_eq(plans[j], plans[i]))
				return err_field(e, "meetings", "the same twice");
	}
	f->ids = ids;
	f->plans = plans;
	f->starts = starts;
	f->n = n;
	return true;
}

static bool meetings_make(struct exchange *x, struct err *e)
{
	struct meeting_form f = {.batch = js_str(x->body, "batch"),
				 .asks_reading = js_bool(x->body, "asksReading", true)};
	struct meeting_made *made;
	json_t *results;
	size_t n;

	if (!f.batch || !uuid_ok(f.batch))
		return err_field(e, "batch", "an id for the act");
	if (!read_meetings(x, &f, e) || !read_minutes(x, &f.minutes, e) ||
	    !read_line(x, "place", 200, &f.place, e) || !read_link(x, &f.link, e) ||
	    !read_questions(x, &f.questions, e))
		return false;
	f.place = str_or(f.place, "");
	if (!meeting_plan(x->db, x->m, &x->viewer, &f, &made, &n, e))
		return false;
	results = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(results, json_pack("{s:s, s:b, s:s?}", "plan", made[i].plan,
							 "ok", made[i].meeting != NULL, "meeting",
							 made[i].meeting));
	return reply_json(x, 200, json_pack("{s:o}", "results", results));
}

static bool meetings_read(struct exchange *x, struct err *e)
{
	json_t *list;

	return meeting_list(x->db, x->m, &x->viewer, &list, e) &&
	       reply_json(x, 200, json_pack("{s:O}", "meetings", list));
}

typedef bool reading(struct db *, struct mem *, const struct viewer *, const char *, json_t **,
		     struct err *);

static bool reply_page(struct exchange *x, reading *read, struct err *e)
{
	json_t *page;

	return read(x->db, x->m, &x->viewer, x->params[0], &page, e) &&
	       reply_json(x, 200, json_incref(page));
}

static bool one_read(struct exchange *x, struct err *e)
{
	return reply_page(x, meeting_read, e);
}

static bool brief_read(struct exchange *x, struct err *e)
{
	return reply_page(x, meeting_brief, e);
}

static bool live_read(struct exchange *x, struct err *e)
{
	return reply_page(x, meeting_live, e);
}

static bool calendar_read(struct exchange *x, struct err *e)
{
	const char *title = i18n(x->m, x->language, "api.meeting.title", NULL), *text;

	if (!meeting_calendar(x->db, x->m, &x->viewer, x->params[0], title, &text, e))
		return false;
	response_text(x->response, 200, "text/calendar; charset=utf-8", text);
	response_header(x->response, "Content-Disposition", "attachment; filename=\"calendar.ics\"");
	return true;
}

static const char *const patched[] = {"planned", "held", "closed", "cancelled", "missed", NULL};

static bool one_change(struct exchange *x, struct err *e)
{
	struct meeting_change c = {.sets_link = json_object_get(x->body, "link") != NULL};
	int64_t minutes, rev;

	if (!read_rev(x, &c.rev, e) || !read_string(x, "startsAt", &c.starts, e) ||
	    !read_line(x, "place", 200, &c.place, e) || !read_link(x, &c.link, e) ||
	    !read_string(x, "state", &c.to, e))
		return false;
	if (c.starts && !moment_ok(x->m, c.starts))
		return err_field(e, "startsAt", "no time");
	if (json_object_get(x->body, "minutes")) {
		if (!read_minutes(x, &minutes, e))
			return false;
		c.minutes = db_num(x->m, minutes);
	}
	bool known = !c.to;
	for (int i = 0; patched[i]; i++)
		known |= str_eq(c.to, patched[i]);
	if (!known)
		return err_field(e, "state", "no such state, or one with a door of its own");
	return meeting_change(x->db, x->m, &x->viewer, x->params[0], &c, &rev, e) &&
	       reply_json(x, 200, json_pack("{s:I}", "rev", (json_int_t)rev));
}

static bool one_share(struct exchange *x, struct err *e)
{
	struct meeting_change c = {.rev = -1, .to = "shared"};
	int64_t rev;

	return meeting_change(x->db, x->m, &x->viewer, x->params[0], &c, &rev, e) &&
	       reply_json(x, 200, json_pack("{s:I}", "rev", (json_int_t)rev));
}

static bool one_step(struct exchange *x, struct err *e)
{
	const char *step;

	return read_line(x, "step", 60, &step, e) &&
	       meeting_step(x->db, x->m, &x->viewer, x->params[0], step, e) && reply_nothing(x);
}

/* 1 (or 0, where `least` is 0) to 30 UUIDs, each once. */
static bool read_people(struct exchange *x, size_t least, const char ***out, size_t *n,
			struct err *e)
{
	json_t *list = js_arr(x->body, "people"), *item;
	size_t i;

	*n = json_array_size(list);
	if (!list || *n < least || *n > 30)
		return err_field(e, "people", "a list of people");
	*out = mem_array(x->m, const char *, *n + 1);
	json_array_foreach(list, i, item)
	{
		(*out)[i] = json_string_value(item);
		if (!(*out)[i] || !uuid_ok((*out)[i]))
			return err_field(e, "people", "no person's id");
		for (size_t j = 0; j < i; j++)
			if (str_eq((*out)[i], (*out)[j]))
				return err_field(e, "people", "the same person twice");
	}
	return true;
}

static bool one_attended(struct exchange *x, struct err *e)
{
	const char **people;
	size_t n;

	return read_people(x, 0, &people, &n, e) &&
	       meeting_attended(x->db, x->m, &x->viewer, x->params[0], people, n, e) &&
	       reply_nothing(x);
}

static bool text_save(struct exchange *x, struct err *e)
{
	struct meeting_text t = {
		.meeting = x->params[0], .person = x->params[1], .field = x->params[2]};
	struct entry_saved saved;

	return read_text(x, ENTRY_COMMENT, &t.text, &t.seen, e) &&
	       meeting_text_save(x->db, x->m, &x->viewer, &t, &saved, e) &&
	       reply_saved(x, &saved, false);
}

static bool text_history(struct exchange *x, struct err *e)
{
	json_t *page;

	return meeting_history(x->db, x->m, &x->viewer, x->params[0], x->params[1], x->params[2],
			       &page, e) &&
	       reply_json(x, 200, json_incref(page));
}

static bool one_answer(struct exchange *x, struct err *e)
{
	const char *answer, *text;

	if (!read_string(x, "answer", &answer, e) || !read_string(x, "text", &text, e))
		return false;
	if (!answer || (!str_eq(answer, "comes") && !str_eq(answer, "cannot") &&
			!str_eq(answer, "other_time")))
		return err_field(e, "answer", "comes, cannot or other_time");
	if (text && (!str_is_text(text, strlen(text)) || str_points(text) > 1000))
		return err_field(e, "text", "longer than 1000 characters");
	return meeting_answer(x->db, x->m, &x->viewer, x->params[0], answer, text, e) &&
	       reply_nothing(x);
}

static bool one_confirm(struct exchange *x, struct err *e)
{
	return meeting_confirm(x->db, x->m, &x->viewer, x->params[0], e) && reply_nothing(x);
}

static bool read_id(struct exchange *x, const char *field, const char **out, struct err *e)
{
	if (!read_string(x, field, out, e))
		return false;
	if (*out && !uuid_ok(*out))
		return err_field(e, field, "no id");
	return true;
}

static bool meetings_remind(struct exchange *x, struct err *e)
{
	const char *batch, *meeting;
	int64_t reminded, already;

	if (!read_id(x, "batch", &batch, e) || !read_id(x, "meeting", &meeting, e))
		return false;
	if (!batch == !meeting)
		return err_field(e, "batch", "a batch or a meeting");
	return meeting_remind(x->db, x->m, &x->viewer, batch, meeting, &reminded, &already, e) &&
	       reply_json(x, 200,
			  json_pack("{s:I, s:I}", "reminded", (json_int_t)reminded, "already",
				    (json_int_t)already));
}

static bool one_agree(struct exchange *x, struct err *e)
{
	struct meeting_agreement a;

	if (!read_id(x, "id", &a.id, e) || !read_id(x, "row", &a.row, e) ||
	    !read_string(x, "text", &a.text, e) || !read_string(x, "dueOn", &a.due, e) ||
	    !read_string(x, "responsible", &a.responsible, e))
		return false;
	if (!a.id)
		return err_field(e, "id", "an id for it");
	if (str_empty(a.text) || !str_is_text(a.text, strlen(a.text)) || str_points(a.text) > 2000)
		return err_field(e, "text", "1 to 2000 characters");
	if (a.due && !date_ok(a.due))
		return err_field(e, "dueOn", "no date");
	if (!a.responsible || (!str_eq(a.responsible, "student") &&
			       !str_eq(a.responsible, "home") && !str_eq(a.responsible, "school")))
		return err_field(e, "responsible", "student, home or school");
	return meeting_agree(x->db, x->m, &x->viewer, x->params[0], &a, e) &&
	       reply_json(x, 201, json_pack("{s:s}", "id", a.id));
}

/* ---- Signatures (ilp/sign.h) ---- */

static bool signatures_ask(struct exchange *x, struct err *e)
{
	const char *id, **people, *used;
	size_t n;

	if (!read_id(x, "id", &id, e) || !read_people(x, 1, &people, &n, e))
		return false;
	if (!id)
		return err_field(e, "id", "an id for the copy");
	return sign_ask(x->db, x->m, &x->viewer, x->params[0], id, people, n, &used, e) &&
	       reply_json(x, 200, json_pack("{s:s}", "snapshot", used));
}

static bool signatures_read(struct exchange *x, struct err *e)
{
	return reply_page(x, sign_list, e);
}

static bool signature_copy(struct exchange *x, struct err *e)
{
	json_t *copy;

	return sign_copy(x->db, x->m, &x->viewer, x->params[0], x->params[1], &copy, e) &&
	       reply_json(x, 200, json_incref(copy));
}

static bool signature_answer(struct exchange *x, struct err *e)
{
	struct sign_answer a = {.plan = x->params[0], .snapshot = x->params[1]};

	if (!read_string(x, "answer", &a.answer, e) || !read_string(x, "method", &a.method, e) ||
	    !read_id(x, "person", &a.person, e) || !read_string(x, "reason", &a.reason, e))
		return false;
	if (!a.answer || (!str_eq(a.answer, "signed") && !str_eq(a.answer, "declined")))
		return err_field(e, "answer", "signed or declined");
	if (!a.method ||
	    (!str_eq(a.method, "app") && !str_eq(a.method, "room") && !str_eq(a.method, "paper")))
		return err_field(e, "method", "app, room or paper");
	if (a.reason && (!str_is_text(a.reason, strlen(a.reason)) || str_points(a.reason) > 1000))
		return err_field(e, "reason", "longer than 1000 characters");
	if (!a.person)
		a.person = x->viewer.person;
	return sign_give(x->db, x->m, &x->viewer, &a, e) && reply_nothing(x);
}

#define USE RIGHT_USE_PLANS

const struct route meeting_routes[] = {
	{"GET", "/api/meetings", ROUTE_READ, USE, meetings_read},
	{"POST", "/api/meetings", ROUTE_WRITE, USE, meetings_make},
	{"POST", "/api/meetings/remind", ROUTE_WRITE, USE, meetings_remind},
	{"GET", "/api/meetings/:id", ROUTE_READ, USE, one_read},
	{"PATCH", "/api/meetings/:id", ROUTE_WRITE, USE, one_change},
	{"GET", "/api/meetings/:id/brief", ROUTE_READ, USE, brief_read},
	{"GET", "/api/meetings/:id/live", ROUTE_READ, USE, live_read},
	{"GET", "/api/meetings/:id/ics", ROUTE_READ, USE, calendar_read},
	{"POST", "/api/meetings/:id/answer", ROUTE_WRITE, USE, one_answer},
	{"POST", "/api/meetings/:id/read", ROUTE_WRITE, USE, one_confirm},
	{"POST", "/api/meetings/:id/step", ROUTE_WRITE, USE, one_step},
	{"POST", "/api/meetings/:id/share", ROUTE_WRITE, USE, one_share},
	{"PUT", "/api/meetings/:id/attended", ROUTE_WRITE, USE, one_attended},
	{"POST", "/api/meetings/:id/agreements", ROUTE_WRITE, USE, one_agree},
	{"PUT", "/api/meetings/:id/texts/:person/:field", ROUTE_WRITE, USE, text_save},
	{"GET", "/api/meetings/:id/texts/:person/:field/history", ROUTE_READ, USE, text_history},
	{"GET", "/api/plans/:id/signatures", ROUTE_READ, USE, signatures_read},
	{"POST", "/api/plans/:id/signatures", ROUTE_WRITE, USE, signatures_ask},
	{"GET", "/api/plans/:id/signatures/:snapshot", ROUTE_READ, USE, signature_copy},
	{"POST", "/api/plans/:id/signatures/:snapshot/answer", ROUTE_WRITE, USE, signature_answer},
	{0},
};
