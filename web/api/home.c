/* The first page's data, for each role in one round trip. What a role may not see is
 * not there: the parts are chosen by the access table. */
#include "web/api/api_internal.h"
#include "base/str.h"
#include "i18n/i18n.h"
#include "ilp/copy.h"
#include "ilp/students.h"
#include <string.h>

enum part {
	PART_PEOPLE,
	PART_REVIEWS,
	PART_COPIED,
	PART_MINE,
	PART_CHILDREN,
	PART_CHILDREN_REVIEWS,
	PART_HATS,
	PART_PLANS,
	PARTS
};

struct home {
	struct viewer_facts facts;
	const char *language;
	int at[PARTS]; /* where in the batch, -1: not asked */
};

static void ask(struct exchange *x, struct home *h)
{
	const struct viewer *v = &x->viewer;
	enum reach released = access_reach(v->role, RIGHT_READ_RELEASED);

	for (int i = 0; i < PARTS; i++)
		h->at[i] = -1;
	if (v->course && access_reach(v->role, RIGHT_SEE_PARTICIPANTS) == REACH_COURSE)
		h->at[PART_PEOPLE] = course_people_add(x->db, v);
	if (v->course && access_reach(v->role, RIGHT_LIST_REVIEWS) == REACH_COURSE)
		h->at[PART_REVIEWS] = review_list_add(x->db, v, NULL);
	if (v->course && access_reach(v->role, RIGHT_BRING_SETUP) == REACH_COURSE)
		h->at[PART_COPIED] = copy_offer_add(x->db, v);
	if (v->course && released == REACH_OWN)
		h->at[PART_MINE] = family_mine_add(x->db, v);
	if (released == REACH_CHILD) {
		h->at[PART_CHILDREN] = guardian_children_add(x->db, v);
		h->at[PART_CHILDREN_REVIEWS] = family_children_add(x->db, v);
	}
	if (access_reach(v->role, RIGHT_LIST_STUDENTS) == REACH_HAT)
		h->at[PART_HATS] = home_hats_add(x->db, v);
	else if (v->role == ROLE_STUDENT || v->role == ROLE_GUARDIAN)
		h->at[PART_PLANS] = home_plans_add(x->db, x->m, v,
						   v->role == ROLE_STUDENT ? HAT_STUDENT : HAT_GUARDIAN);
}

static json_t *roster_of(const struct home *h)
{
	json_t *o = json_pack("{s:s?, s:s?, s:s?}", "state", h->facts.roster_state, "at",
			      h->facts.roster_at, "error", h->facts.roster_error);
	int64_t people;

	if (h->facts.roster_people && int_parse(h->facts.roster_people, 0, INT32_MAX, &people))
		json_object_set_new(o, "people", json_integer(people));
	if (h->facts.roster_retry_at)
		json_object_set_new(o, "retryAt", json_string(h->facts.roster_retry_at));
	return o;
}

static void add_people(struct exchange *x, struct home *h, json_t *o)
{
	struct person *people;
	size_t n;
	json_t *students = json_array(), *teachers = json_array();

	people_read(x->db, x->m, h->at[PART_PEOPLE], ROLE_NONE, &people, &n);
	sort_people(h->language, people, n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(people[i].role == ROLE_TEACHER ? teachers : students,
				      json_pack("{s:s, s:s, s:s}", "id", people[i].id, "name",
						people[i].name, "given", people[i].given));
	json_object_set_new(o, "participants", students);
	json_object_set_new(o, "teachers", teachers);
	json_object_set_new(o, "roster", roster_of(h));
}

static void add_reviews(struct exchange *x, struct home *h, json_t *o)
{
	struct review *list;
	size_t n;
	json_t *reviews = json_array();

	review_list_read(x->db, x->m, h->at[PART_REVIEWS], &list, &n);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(reviews, review_json(&list[i]));
	json_object_set_new(o, "reviews", reviews);
}

/* Only where something is offered. */
static void add_copied(struct exchange *x, struct home *h, json_t *o)
{
	struct copy_offer offer;
	json_t *from = json_array();

	copy_offer_read(x->db, x->m, h->at[PART_COPIED], &offer);
	for (size_t i = 0; i < offer.n; i++)
		json_array_append_new(from, json_pack("{s:s, s:s?}", "context", offer.from[i].context,
						      "title", offer.from[i].title));
	if (offer.n)
		json_object_set(o, "copied", js_own(x->m, json_pack("{s:O, s:I}", "from", from, "reviews",
								    (json_int_t)offer.reviews)));
	json_decref(from);
}

static json_t *released_json(const struct family_review *r)
{
	return json_pack("{s:s?, s:s, s:s?, s:s?, s:s?}", "value", r->value, "comment", str_or(r->comment, ""),
			 "at", r->released_at, "by", r->released_by, "correctedAt", r->corrected_at);
}

static json_t *family_json(const struct family_review *r)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", r->id, "title", r->title, "startsOn",
			      r->starts_on, "endsOn", r->ends_on, "scale", scale_json(r->scale));

	if (r->self_scale)
		json_object_set_new(o, "selfScale", scale_json(r->self_scale));
	if (r->is_released)
		json_object_set_new(o, "released", released_json(r));
	return o;
}

static void add_mine(struct exchange *x, struct home *h, json_t *o)
{
	struct family_review *list;
	size_t n;
	json_t *reviews = json_array();

	family_mine_read(x->db, x->m, h->at[PART_MINE], &list, &n);
	for (size_t i = 0; i < n; i++) {
		const struct family_review *r = &list[i];
		json_t *one = family_json(r);
		json_object_set_new(one, "selfAssessment", json_boolean(r->self_assessment));
		if (r->self_assessment)
			json_object_set_new(one, "self",
					    json_pack("{s:s?, s:I, s:s, s:I, s:s?}", "value",
						      r->self_value.text, "valueRev",
						      (json_int_t)r->self_value.rev, "comment",
						      str_or(r->self_comment.text, ""), "commentRev",
						      (json_int_t)r->self_comment.rev, "at", r->self_at));
		json_array_append_new(reviews, one);
	}
	json_object_set_new(o, "reviews", reviews);
}

static json_t *reviews_of_child(const struct family_review *list, size_t n, const char *child)
{
	json_t *reviews = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct family_review *r = &list[i];
		if (!str_eq(r->child, child))
			continue;
		json_t *one = family_json(r);
		json_object_set_new(one, "course", json_string(r->course));
		if (r->self_assessment && (!str_empty(r->self_value.text) || !str_empty(r->self_comment.text)))
			json_object_set_new(one, "self",
					    json_pack("{s:s?, s:s}", "value", r->self_value.text, "comment",
						      str_or(r->self_comment.text, "")));
		json_array_append_new(reviews, one);
	}
	return reviews;
}

static void add_children(struct exchange *x, struct home *h, json_t *o)
{
	struct person *people;
	struct family_review *list;
	size_t people_n, n;
	json_t *children = json_array();

	people_read(x->db, x->m, h->at[PART_CHILDREN], ROLE_STUDENT, &people, &people_n);
	family_children_read(x->db, x->m, h->at[PART_CHILDREN_REVIEWS], &list, &n);
	sort_people(h->language, people, people_n);
	for (size_t i = 0; i < people_n; i++)
		json_array_append_new(children, json_pack("{s:s, s:s, s:s, s:o}", "id", people[i].id,
							  "name", people[i].name, "given",
							  people[i].given, "reviews",
							  reviews_of_child(list, n, people[i].id)));
	json_object_set_new(o, "children", children);
}

static void add_hats(struct exchange *x, struct home *h, json_t *o)
{
	bool mentor, head;

	home_hats_read(x->db, h->at[PART_HATS], &mentor, &head);
	json_object_set_new(o, "hats", json_pack("{s:b, s:b}", "mentor", mentor, "head", head));
}

static json_t *family_plan_json(const struct family_plan *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?}", "id", p->id, "title", p->title, "startsOn",
			 p->starts_on, "endsOn", p->ends_on, "state", p->state, "currency", p->currency,
			 "publishedAt", p->published_at);
}

static json_t *plans_of(const struct family_plan *list, size_t n, const char *student)
{
	json_t *plans = json_array();

	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].student, student))
			json_array_append_new(plans, family_plan_json(&list[i]));
	return plans;
}

/* A student's own, or each child's with the child. */
static void add_plans(struct exchange *x, struct home *h, json_t *o)
{
	struct family_plan *list;
	size_t n, i;
	json_t *child;

	home_plans_read(x->db, x->m, h->at[PART_PLANS], &list, &n);
	if (x->viewer.role == ROLE_STUDENT)
		json_object_set_new(o, "plans", plans_of(list, n, x->viewer.person));
	json_array_foreach(json_object_get(o, "children"), i, child)
		json_object_set_new(child, "plans", plans_of(list, n, js_str(child, "id")));
}

static json_t *common(struct exchange *x, const struct home *h)
{
	const struct viewer_facts *f = &h->facts;
	json_t *o = json_pack("{s:{s:s, s:s, s:s, s:s, s:s}, s:{s:s, s:s}}", "viewer", "id", x->viewer.person,
			      "name", f->name, "role", role_name(x->viewer.role), "language", h->language,
			      "today", f->today, "school", "name", f->school, "help", f->help);

	if (x->viewer.admin)
		json_object_set_new(json_object_get(o, "viewer"), "admin", json_true());
	if (f->course)
		json_object_set_new(o, "course", json_pack("{s:s, s:s, s:s}", "id", f->course, "title",
							   f->course_title, "label", f->course_label));
	return o;
}

bool api_home(struct exchange *x, struct err *e)
{
	struct home h;

	viewer_begin(x->db, x->m, &x->viewer);
	int facts = viewer_facts_add(x->db, &x->viewer);
	ask(x, &h);
	if (!db_commit(x->db, e) || !viewer_facts_read(x->db, x->m, &x->viewer, facts, &h.facts, e))
		return false;
	h.language = i18n_language(h.facts.language);
	h.language = h.language ? h.language : x->language;
	json_t *o = common(x, &h);
	if (h.at[PART_PEOPLE] >= 0)
		add_people(x, &h, o);
	if (h.at[PART_REVIEWS] >= 0)
		add_reviews(x, &h, o);
	if (h.at[PART_COPIED] >= 0)
		add_copied(x, &h, o);
	if (h.at[PART_MINE] >= 0)
		add_mine(x, &h, o);
	if (h.at[PART_CHILDREN] >= 0)
		add_children(x, &h, o);
	if (h.at[PART_HATS] >= 0)
		add_hats(x, &h, o);
	if (h.at[PART_PLANS] >= 0)
		add_plans(x, &h, o);
	return reply_json(x, 200, o);
}

bool api_language(struct exchange *x, struct err *e)
{
	const char *language = js_str(x->body, "language");

	if (!language || !str_eq(i18n_language(language), language))
		return err_field(e, "language", "a language we have");
	return viewer_set_language(x->db, x->m, &x->viewer, language, e) && reply_nothing(x);
}

bool api_roster(struct exchange *x, struct err *e)
{
	if (!course_refresh(x->db, x->m, &x->viewer, e))
		return false;
	x->response->status = 202;
	return true;
}
