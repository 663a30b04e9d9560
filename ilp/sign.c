#include "ilp/sign.h"
#include "ilp/work.h"
#include "base/js.h"
#include "base/str.h"
#include <string.h>

enum { TRIES = 3 };

/* Who may look, who looked and when, and what is not of the plan itself. */
static const char *const of_the_page[] = {"readers", "meeting", "lookedAt",   "cursor", "track",
					  "plans",   "writing", "signatures", NULL};
static const char *const of_the_plan[] = {"id", "title", "startsOn", "endsOn", NULL};
/* Positions too: the order is that of the lists, and numbers with a point are written in
 * more than one way. */
static const char *const of_the_reader[] = {"isNew", "mine",     "nodes",     "revs",     "rev",
					    "edits", "writable", "mayRemove", "position", NULL};

/* Everywhere below. */
static void forget(json_t *v)
{
	const char *key;
	json_t *item;
	size_t i;

	for (i = 0; json_is_object(v) && of_the_reader[i]; i++)
		json_object_del(v, of_the_reader[i]);
	json_object_foreach(v, key, item) forget(item);
	json_array_foreach(v, i, item) forget(item);
}

/* Posts taken back are seen by some; they are nothing that anybody signs. */
static void drop_removed(json_t *posts)
{
	for (size_t i = json_array_size(posts); i-- > 0;)
		if (js_bool(json_array_get(posts, i), "removed", false))
			json_array_remove(posts, i);
}

static int print_part(const char *part, size_t n, void *buf)
{
	buf_addn(buf, part, n);
	return 0;
}

const char *sign_canonical(struct mem *m, const json_t *page)
{
	json_t *copy = js_own(m, json_deep_copy(page)), *plan = json_object();

	for (int i = 0; of_the_plan[i]; i++)
		json_object_set(plan, of_the_plan[i],
				json_object_get(js_obj(copy, "plan"), of_the_plan[i]));
	json_object_set_new(copy, "plan", plan);
	for (int i = 0; of_the_page[i]; i++)
		json_object_del(copy, of_the_page[i]);
	drop_removed(js_arr(copy, "posts"));
	forget(copy);
	struct buf text;
	buf_init(&text, m);
	json_dump_callback(copy, print_part, &text, JSON_COMPACT | JSON_SORT_KEYS);
	return text.p;
}

static const char *hash_of(struct mem *m, const char *text)
{
	return sha256_hex(m, text, strlen(text));
}

static const int hats[] = {HAT_MENTOR, HAT_STUDENT, HAT_GUARDIAN};
enum { HATS = sizeof hats / sizeof *hats };

struct frozen {
	const char *contents[HATS], *hashes[HATS], *names[HATS];
};

static bool freeze(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		   struct frozen *out, struct err *e)
{
	for (int i = 0; i < HATS; i++) {
		json_t *page;
		if (!work_read(db, m, v, plan, hats[i] == HAT_MENTOR ? 0 : hats[i], &page, e))
			return false;
		out->contents[i] = sign_canonical(m, page);
		out->hashes[i] = hash_of(m, out->contents[i]);
		out->names[i] = db_num(m, hats[i]);
	}
	return true;
}

static bool begin(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		  const char **changed, struct err *e)
{
	viewer_begin(db, m, v);
	int index = db_add(db, DB_SIGN_BEGIN, SEAT(v, plan), access_act(ACT_ASK_SIGN));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r) || !db_bool(r, 0, 0))
		return err_set(e, ERR_NOT_FOUND, "no such plan to have signed");
	*changed = db_text(r, 0, 1);
	return true;
}

/* The copies are read by several statements: they count if nothing was written meanwhile. */
bool sign_ask(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	      const char *id, const char *const *people, size_t n, const char **used, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	for (int turn = 0; turn < TRIES; turn++) {
		const char *changed = NULL;
		struct frozen f;

		if (!begin(db, m, v, plan, &changed, e) || !freeze(db, m, v, plan, &f, e))
			return false;
		viewer_begin(db, m, v);
		int index =
			db_add(db, DB_SIGN_ASK, SEAT(v, plan), access_act(ACT_ASK_SIGN), id,
			       db_list(m, people, n), db_list(m, f.names, HATS),
			       db_list(m, f.contents, HATS), db_list(m, f.hashes, HATS), changed);
		db_add(db, DB_NOTICE_DUE);
		if (!db_commit(db, e))
			return false;
		const struct db_rows *r = db_rows(db, index);
		if (!db_bool(r, 0, 0))
			continue;
		if (!db_bool(r, 0, 1))
			return err_field(e, "people", "somebody who cannot be asked");
		*used = db_text(r, 0, 2);
		return true;
	}
	return err_set(e, ERR_BUSY, "the plan is being written in");
}

/* The columns of sign_list. */
enum { L_HAT, L_ASKS, L_SIGNS, L_COPIES, L_PEOPLE };

static json_t *json_of(const char *text)
{
	json_t *v = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	return v ? v : json_array();
}

/* Compares the newest copy of the viewer's hat with the plan as it is. Headteachers have
 * none of their own. */
static bool say_changed(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
			json_t *copies, struct err *e)
{
	json_t *newest = json_array_get(copies, 0), *page;

	if (!newest)
		return true;
	if (!work_read(db, m, v, plan, 0, &page, e))
		return false;
	const char *now = hash_of(m, sign_canonical(m, page));
	json_object_set_new(newest, "changed", json_boolean(!str_eq(now, js_str(newest, "hash"))));
	return true;
}

bool sign_list(struct db *db, struct mem *m, const struct viewer *v, const char *plan, json_t **out,
	       struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_SIGN_LIST, SEAT(v, plan), access_act(ACT_ASK_SIGN),
			   access_act(ACT_SIGN));
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such plan");
	json_t *copies = json_of(db_text(r, 0, L_COPIES));
	json_t *list = js_own(m, json_pack("{s:o, s:o, s:b, s:b}", "copies", copies, "people",
					   json_of(db_text(r, 0, L_PEOPLE)), "asks",
					   db_bool(r, 0, L_ASKS), "signs", db_bool(r, 0, L_SIGNS)));
	if (db_int(r, 0, L_HAT) != HAT_HEAD && !say_changed(db, m, v, plan, copies, e))
		return false;
	*out = list;
	return true;
}

bool sign_copy(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
	       const char *snapshot, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_SIGN_COPY, SEAT(v, plan), snapshot);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such copy");
	const char *content = db_text(r, 0, 0), *hash = db_text(r, 0, 1);
	*out = js_own(m, json_pack("{s:o, s:s, s:b, s:s, s:s}", "content", json_of(content), "hash",
				   hash, "intact", str_eq(hash_of(m, content), hash), "at",
				   db_text(r, 0, 2), "by", db_text(r, 0, 3)));
	return true;
}

bool sign_give(struct db *db, struct mem *m, const struct viewer *v, const struct sign_answer *a,
	       struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int index = db_add(db, DB_SIGN_GIVE, SEAT(v, a->plan), access_act(ACT_ASK_SIGN),
			   access_act(ACT_SIGN), a->snapshot, a->person, a->answer, a->method,
			   str_or(a->reason, ""));
	db_add(db, DB_NOTICE_DUE);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, index);
	if (!db_bool(r, 0, 2))
		return err_set(e, ERR_NOT_FOUND, "nobody was asked to sign that");
	if (db_bool(r, 0, 1) || str_eq(db_text(r, 0, 0), a->answer))
		return true;
	return err_set(e, ERR_CONFLICT,
		       db_bool(r, 0, 3) ? "answered otherwise before" : "a newer copy is there");
}
