/* students.h - lists of students and their plans, and what the first page says of plans.
 *
 * Who is in a list and with which hat, ilp.listed() says; each number counts what that hat
 * sees (I-28). A student without a plan has a row all the same, one with several
 * current plans has several. Read only, one round trip. */
#ifndef ILP_STUDENTS_H
#define ILP_STUDENTS_H

#include "ilp/people.h"

/* What is asked for; all NULL: those one is mentor of. */
struct students_wish {
	bool of_course;       /* the students of the launch's course, for its teachers */
	const char *group;    /* one's own, or of a headteacher's school */
	const char *search;   /* among a headteacher's students; at most STUDENTS_SEARCH_MAX */
	const char *and_state; /* "locked" or "archived": those plans too */
};
#define STUDENTS_SEARCH_MAX 100

struct listed_plan {
	const char *id, *student, *title, *starts_on, *ends_on, *state, *currency;
	const char *published_at;
	bool has_tasks;        /* false: no list of tasks shows to the viewer */
	int64_t todo, doing, done, dropped, late, help;
	const char *track;     /* NULL: nothing to go by */
	bool track_said;
	const char *track_reason;
	bool is_whole;         /* to mentors and headteachers; what follows is theirs alone */
	bool opened_student, confirmed_student;
	enum at_home { HOME_NONE, HOME_NO, HOME_YES } opened_home, confirmed_home; /* NONE: nobody there */
	bool asks_reading;     /* before a meeting; then who has said so */
	int64_t proposals, comments;
	const char *changed_at, *changed_by;
};

struct listed_student {
	struct person person;
	int hat;               /* the viewer's */
	const char *groups;    /* ids between blanks, or NULL */
	const char *last_id, *last_title, *last_ends_on; /* the latest plan that is past, or NULL */
	bool is_orphan;        /* nobody is their mentor (I-29); said to headteachers */
};

struct listed_group {
	const char *id, *name;
	bool is_mine; /* a mentor's own */
	int64_t students;
};

struct listed_meetings {
	const char *batch, *on;
	int64_t students, read_by_student, read_by_home, homes;
};

struct student_list {
	struct listed_group *groups;
	struct listed_student *students; /* unsorted: the caller sorts in the reader's language */
	struct listed_plan *plans;       /* the latest first */
	struct listed_meetings *meetings;
	size_t groups_n, students_n, plans_n, meetings_n;
	int64_t templates;
};

/* RIGHT_LIST_STUDENTS; of_course: and a teacher's launch from a course. A group or a name
 * that is not one's own is an empty list. */
MUST_USE bool students_read(struct db *, struct mem *, const struct viewer *, const struct students_wish *,
			    struct student_list *out, struct err *e);

/* For the first page: adds to a batch begun with viewer_begin; read after its commit. */
int home_hats_add(struct db *, const struct viewer *);
void home_hats_read(struct db *, int index, bool *mentor, bool *head);

struct family_plan {
	const char *student, *id, *title, *starts_on, *ends_on, *state, *currency, *published_at;
};
/* hat: HAT_STUDENT or HAT_GUARDIAN. */
int home_plans_add(struct db *, struct mem *, const struct viewer *, int hat);
void home_plans_read(struct db *, struct mem *, int index, struct family_plan **out, size_t *n);

#endif
