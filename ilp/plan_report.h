/* plan_report.h - how plans stand: a group's students at a glance, a school's groups as
 * numbers, one student over all plans. Read only; nobody is ranked, nothing is averaged.
 *
 * Every number counts what the viewer's hat on that student sees, and nothing else (I-28):
 * tasks of hidden fields, unreleased reviews, drafts of others are not in it. What a hat may
 * not know at all is absent, by the has_ flags. */
#ifndef ILP_PLAN_REPORT_H
#define ILP_PLAN_REPORT_H

#include "ilp/people.h"

struct plan_report_group {
	const char *id, *name;
	enum hat hat; /* what the viewer is to its students by this group */
};

/* One student and one plan. */
struct plan_report_row {
	struct person student;
	enum hat hat;
	const char *groups;                  /* JSON list of names */
	const char *plan;                    /* NULL: this student has none, and nothing below counts */
	const char *title, *starts_on, *ends_on, *state, *published_at;
	bool has_tasks;                      /* this hat sees tasks of this plan */
	int todo, doing, done, dropped, late, help, moved;
	int goals, reflected;                /* agreed goals; those the student wrote about */
	bool student_wrote, home_wrote;      /* anything this hat sees */
	int reviews;                         /* entered in the plan's time */
	const char *track;                   /* NULL: nothing to go by */
	bool track_said;                     /* by somebody, not by the rule */
	bool has_readers;                    /* for mentors and headteachers, of what was published */
	bool student_opened, home_opened, student_confirmed, home_confirmed;
	int homes;                           /* guardians linked today */
	const char *meeting, *meeting_on;    /* state and day of the last one; NULL: none */
	const char *changed_at;              /* for mentors */
};

struct plan_report {
	struct plan_report_group *groups;
	size_t groups_n;
	struct plan_report_row *rows;        /* unsorted: the caller sorts in the reader's language */
	size_t n;
	bool is_head;
};
/* group: NULL, or a group's or course's id; RIGHT_LIST_STUDENTS. all_plans: former and coming
 * ones too. A group that is not the viewer's has no rows. */
MUST_USE bool plan_report_read(struct db *, struct mem *, const struct viewer *, const char *group,
			       bool all_plans, struct plan_report *out, struct err *e);

enum plan_report_count {
	COUNT_STUDENTS, COUNT_PLANNED, COUNT_PUBLISHED, COUNT_TASKS, COUNT_DONE,
	COUNT_AHEAD, COUNT_ON, COUNT_BEHIND, COUNT_SUPPORT,
	COUNT_STUDENT_OPENED, COUNT_HOME_OPENED, COUNT_STUDENT_CONFIRMED, COUNT_HOME_CONFIRMED,
	COUNT_MET, COUNT_MEETING, COUNT_REVIEWED,
	COUNTS
};
/* "studentOpened", as the API and CSV call it. */
const char *plan_report_count_name(enum plan_report_count);

struct plan_report_school_row {
	const char *group;                   /* NULL: all together, each student once */
	const char *name, *org;
	int64_t counts[COUNTS];
};
struct plan_report_school {
	struct plan_report_group *orgs;
	size_t orgs_n;
	struct plan_report_school_row *rows;
	size_t n;
};
/* org: NULL, or one of the viewer's schools. ERR_NOT_FOUND for who is no headteacher. */
MUST_USE bool plan_report_school_read(struct db *, struct mem *, const struct viewer *,
				      const char *org, struct plan_report_school *out, struct err *e);

struct plan_report_plan {
	const char *id, *title, *starts_on, *ends_on, *state, *published_at;
	bool has_tasks;
	int todo, doing, done, dropped, moved;
	const char *track;
	bool track_said;
};
struct plan_report_goal {
	const char *plan, *id, *parent;      /* parent NULL: a competence */
	const char *from;                    /* the row of the former plan it continues, or NULL */
	const char *text;                    /* NULL: nothing written, or hidden */
	int todo, doing, done, dropped;
};
struct plan_report_review {
	const char *id, *course, *course_title, *title, *scale, *entered_on, *released_at, *value;
	bool has_comment;
};
struct plan_report_milestone {
	const char *id, *plan, *row, *text, *at, *by; /* row, by: or NULL */
	bool confirmed;
};
struct plan_report_student {
	struct person student;
	enum hat hat;
	struct plan_report_plan *plans;      /* the first period first */
	size_t plans_n;
	struct plan_report_goal *goals;
	size_t goals_n;
	struct plan_report_review *reviews;
	size_t reviews_n;
	struct plan_report_milestone *milestones; /* the latest first */
	size_t milestones_n;
};
/* The same for staff and family, each within their rights. ERR_NOT_FOUND:
 * nobody to whom the viewer is anything. */
MUST_USE bool plan_report_student_read(struct db *, struct mem *, const struct viewer *,
				       const char *student, struct plan_report_student *out, struct err *e);

#endif
