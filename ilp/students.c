#include "ilp/students.h"
#include "base/str.h"
#include <string.h>

struct asked {
	int students, plans, groups, meetings, templates; /* where in the batch, -1: not asked */
};

/* The words of a search, and the first of them, by which people are found. */
static const char *words_of(struct mem *m, const char *search, const char **first)
{
	const char *words[8];
	size_t n = 0;
	char *next = mem_strdup(m, str_or(search, "")), *rest = next;

	while (n < sizeof words / sizeof *words && (next = strtok_r(rest, " \t\n-", &rest)))
		words[n++] = next;
	*first = n ? words[0] : NULL;
	return db_list(m, words, n);
}

static struct asked ask(struct db *db, struct mem *m, const struct viewer *v, const struct students_wish *w)
{
	const char *course = w->of_course ? v->course : NULL, *first, *reads = access_act(ACT_READ);
	const char *words = words_of(m, w->search, &first);
	const char *states[] = { "draft", "published", w->and_state };
	const char *in = db_list(m, states, w->and_state ? 3 : 2);
	struct asked a = { .groups = -1, .meetings = -1, .templates = -1 };

	a.students = db_add(db, DB_LISTED_STUDENTS, v->person, course, w->group, first, words, reads);
	a.plans = db_add(db, DB_LISTED_PLANS, v->person, course, w->group, first, reads, in);
	if (course)
		return a;
	a.groups = db_add(db, DB_LISTED_GROUPS, v->person);
	a.meetings = db_add(db, DB_LISTED_MEETINGS, v->person, w->group);
	a.templates = db_add(db, DB_LISTED_TEMPLATES);
	return a;
}

static void read_students(struct mem *m, const struct db_rows *r, struct student_list *out)
{
	out->students_n = (size_t)db_count(r);
	out->students = mem_array(m, struct listed_student, out->students_n);
	for (int i = 0; i < db_count(r); i++) {
		const char *id = db_text(r, i, 0), *given = db_text(r, i, 2), *family = db_text(r, i, 3);
		const char *name = person_name(m, db_text(r, i, 1), given, family, id);
		out->students[i] = (struct listed_student){
			.person = { id, name, str_empty(given) ? name : given, family, ROLE_STUDENT },
			.hat = (int)db_int(r, i, 4),
			.groups = db_text(r, i, 5),
			.last_id = db_text(r, i, 6),
			.last_title = db_text(r, i, 7),
			.last_ends_on = db_text(r, i, 8),
			.is_orphan = db_bool(r, i, 9),
		};
	}
}

static enum at_home at_home(const struct db_rows *r, int row, int col)
{
	if (!db_text(r, row, col))
		return HOME_NONE;
	return db_bool(r, row, col) ? HOME_YES : HOME_NO;
}

static struct listed_plan plan_of(const struct db_rows *r, int i)
{
	return (struct listed_plan){
		.id = db_text(r, i, 0),
		.student = db_text(r, i, 1),
		.title = db_text(r, i, 2),
		.starts_on = db_text(r, i, 3),
		.ends_on = db_text(r, i, 4),
		.state = db_text(r, i, 5),
		.currency = db_text(r, i, 6),
		.published_at = db_text(r, i, 7),
		.has_tasks = db_bool(r, i, 8),
		.todo = db_int(r, i, 9),
		.doing = db_int(r, i, 10),
		.done = db_int(r, i, 11),
		.dropped = db_int(r, i, 12),
		.late = db_int(r, i, 13),
		.help = db_int(r, i, 14),
		.track = db_text(r, i, 15),
		.track_said = db_bool(r, i, 16),
		.track_reason = db_text(r, i, 17),
		.is_whole = db_bool(r, i, 18),
		.opened_student = db_bool(r, i, 19),
		.opened_home = at_home(r, i, 20),
		.asks_reading = db_text(r, i, 21) != NULL,
		.confirmed_student = db_bool(r, i, 21),
		.confirmed_home = at_home(r, i, 22),
		.proposals = db_int(r, i, 23),
		.comments = db_int(r, i, 24),
		.changed_at = db_text(r, i, 25),
		.changed_by = db_text(r, i, 26),
	};
}

static void read_plans(struct mem *m, const struct db_rows *r, struct student_list *out)
{
	out->plans_n = (size_t)db_count(r);
	out->plans = mem_array(m, struct listed_plan, out->plans_n);
	for (int i = 0; i < db_count(r); i++)
		out->plans[i] = plan_of(r, i);
}

static void read_groups(struct mem *m, const struct db_rows *r, struct student_list *out)
{
	out->groups_n = (size_t)db_count(r);
	out->groups = mem_array(m, struct listed_group, out->groups_n);
	for (int i = 0; i < db_count(r); i++)
		out->groups[i] = (struct listed_group){ db_text(r, i, 0), db_text(r, i, 1), db_bool(r, i, 2),
							db_int(r, i, 3) };
}

static void read_meetings(struct mem *m, const struct db_rows *r, struct student_list *out)
{
	out->meetings_n = (size_t)db_count(r);
	out->meetings = mem_array(m, struct listed_meetings, out->meetings_n);
	for (int i = 0; i < db_count(r); i++)
		out->meetings[i] =
			(struct listed_meetings){ db_text(r, i, 0), db_text(r, i, 1), db_int(r, i, 2),
						  db_int(r, i, 3),  db_int(r, i, 4),  db_int(r, i, 5) };
}

bool students_read(struct db *db, struct mem *m, const struct viewer *v, const struct students_wish *w,
		   struct student_list *out, struct err *e)
{
	struct student_list list = { 0 };

	if (!access_check(v, RIGHT_LIST_STUDENTS, e))
		return false;
	if (w->of_course && (v->role != ROLE_TEACHER || !v->course))
		return err_set(e, ERR_NOT_FOUND, "no course of which to list the students");
	viewer_begin(db, m, v);
	struct asked a = ask(db, m, v, w);
	if (!db_commit(db, e))
		return false;
	read_students(m, db_rows(db, a.students), &list);
	read_plans(m, db_rows(db, a.plans), &list);
	if (a.groups >= 0) {
		read_groups(m, db_rows(db, a.groups), &list);
		read_meetings(m, db_rows(db, a.meetings), &list);
		list.templates = db_int(db_rows(db, a.templates), 0, 0);
	}
	*out = list;
	return true;
}

int home_hats_add(struct db *db, const struct viewer *v)
{
	return db_add(db, DB_HOME_HATS, v->person);
}

void home_hats_read(struct db *db, int index, bool *mentor, bool *head)
{
	const struct db_rows *r = db_rows(db, index);

	*mentor = db_bool(r, 0, 0);
	*head = db_bool(r, 0, 1);
}

int home_plans_add(struct db *db, struct mem *m, const struct viewer *v, int hat)
{
	return db_add(db, DB_HOME_PLANS, v->person, db_num(m, hat), access_act(ACT_READ));
}

void home_plans_read(struct db *db, struct mem *m, int index, struct family_plan **out, size_t *n)
{
	const struct db_rows *r = db_rows(db, index);

	*n = (size_t)db_count(r);
	*out = mem_array(m, struct family_plan, *n);
	for (int i = 0; i < db_count(r); i++)
		(*out)[i] = (struct family_plan){ db_text(r, i, 0), db_text(r, i, 1), db_text(r, i, 2),
						  db_text(r, i, 3), db_text(r, i, 4), db_text(r, i, 5),
						  db_text(r, i, 6), db_text(r, i, 7) };
}
