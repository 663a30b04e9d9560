/* plan.h - a plan's life (ilp.md 4.2): made for many students at once, revised for the
 * next period, published, locked, archived, deleted; its title, dates and form.
 *
 * What is done to many plans answers with a line for each, in the order asked: one that
 * cannot be stops no other (I-17). A line's reason is a word the browser has a sentence
 * for; a plan or student the viewer has no hat on is "not_yours", whether it exists or not.
 * All of it can be repeated: what is so already is fine as it is. */
#ifndef ILP_PLAN_H
#define ILP_PLAN_H

#include "ilp/people.h"
#include <jansson.h>

#define PLANS_MAX         100 /* in one act */
#define PLAN_TITLE_MAX    200 /* characters */
#define PLAN_REASON_MAX   1000

struct plan_line {
	const char *id;     /* as asked for: a plan, a student or a task */
	bool ok;
	const char *state;  /* of the plan afterwards, or NULL */
	const char *made;   /* the plan that is new, or that was there before ("has_one") */
	const char *reason; /* NULL: done */
};

/* What a plan is made of: one of three, the others NULL. */
struct plan_source {
	const char *template, *share, *plan;
};

struct plan_facts {
	const char *title, *starts_on, *ends_on; /* of a change: NULL leaves it as it is */
};

struct plan_brief {
	const char *id, *title, *starts_on, *ends_on, *state, *currency, *published_at;
	int64_t rev;
};

/* ---- made (plan_make.c) ---- */

/* Drafts for n students, in one statement. The same request and student make one plan,
 * however often they are sent. ERR_NOT_FOUND: no such source for this viewer. */
MUST_USE bool plan_make(struct db *, struct mem *, const struct viewer *, const char *request,
			const char *const *students, size_t n, const struct plan_source *,
			const struct plan_facts *, struct plan_line *out, struct err *e);

struct plan_revision {
	struct plan_facts facts;
	bool goals, tasks;        /* carried on at once; moved when it is published */
	const char *const *stays; /* tasks that are not moved */
	size_t stays_n;
};

/* Drafts that follow n plans. A plan with a successor in draft answers with it. */
MUST_USE bool plan_revise(struct db *, struct mem *, const struct viewer *, const char *request,
			  const char *const *plans, size_t n, const struct plan_revision *,
			  struct plan_line *out, struct err *e);

/* ---- acts (plan_act.c) ---- */

struct plan_prospect {
	const char *id, *student, *student_name, *title, *state;
	const char *locks;     /* JSON: [{id, title}] */
	int64_t moves;         /* tasks */
	bool student_mail;
	const char *guardians; /* JSON: [{name, mail}], those linked today */
	bool empty, opened_by_student, opened_at_home;
};

/* What publishing (of drafts) or unpublishing (of published plans) would do. Plans that the
 * viewer can do neither with are left out. *mails: people who would get mail. */
MUST_USE bool plan_preview(struct db *, struct mem *, const struct viewer *, const char *const *plans,
			   size_t n, struct plan_prospect **out, size_t *out_n, int64_t *mails,
			   struct err *e);

/* What goes with an act, NULL where nothing does. */
struct plan_act_words {
	const char *reason;  /* reopen must have one; lock and delete may */
	const char *confirm; /* delete: the title, typed */
	bool undo;           /* unpublish: what the publishing locked and moved goes back */
};

/* publish, unpublish, lock, reopen, archive, restore, delete. ERR_INVALID where `act` is none
 * of them. */
MUST_USE bool plan_act(struct db *, struct mem *, const struct viewer *, enum act act,
		       const char *const *plans, size_t n, const struct plan_act_words *,
		       struct plan_line *out, struct err *e);
/* ACT_COUNT: not an act of this table. */
enum act plan_act_parse(const char *name);

/* Unfinished tasks of a locked plan, into the plan that follows (I-08); `made` of a line is
 * that plan. */
MUST_USE bool plan_transfer(struct db *, struct mem *, const struct viewer *, const char *plan,
			    const char *const *tasks, size_t n, struct plan_line *out, struct err *e);

/* ---- properties (plan.c) ---- */

/* ERR_CONFLICT: somebody changed it since `rev`; *out is how it stands. */
MUST_USE bool plan_change(struct db *, struct mem *, const struct viewer *, const char *plan, int64_t rev,
			  const struct plan_facts *, struct plan_brief *out, struct err *e);

struct plan_track {
	const char *value, *reason, *by, *at; /* value NULL: as the rule says */
};
/* Otherwise than the rule says; without a value the rule speaks again. */
MUST_USE bool plan_track(struct db *, struct mem *, const struct viewer *, const char *plan,
			 const char *value, const char *reason, struct plan_track *out, struct err *e);

/* One more field in a section of this plan alone, within the template's ceiling. *view
 * is its form as the viewer sees it (form_view). ERR_CONFLICT: somebody else was adding one. */
MUST_USE bool plan_add_field(struct db *, struct mem *, const struct viewer *, const char *plan,
			     const char *section, const json_t *field, json_t **view, struct err *e);

#endif
