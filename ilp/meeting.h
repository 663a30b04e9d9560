/* meeting.h - conversations about a plan: planned, prepared, led, shared.
 *
 *	planned -> held -> shared -> closed        planned -> cancelled
 *	held -> planned (not begun after all)      planned <-> missed
 *
 * A meeting is about one plan, so its door is the plan's: mentors and headteachers of the
 * student plan and lead it (ACT_MEET), the student and the guardians of today answer and
 * prepare (ACT_PREPARE); for everybody else it is not there. While it is held with a step,
 * the conversation goes on: everybody types in their own voice, whoever leads in all of
 * them (I-23), and meeting_live() holds nothing that somebody in the room may not read. */
#ifndef ILP_MEETING_H
#define ILP_MEETING_H

#include "ilp/entry.h"
#include <jansson.h>

#define MEETINGS_MAX      100 /* planned in one act */
#define MEETING_QUESTIONS 12

/* May it go from one state to the other? */
bool meeting_may_go(const char *from, const char *to);

struct meeting_form {
	const char *batch; /* the act's: repeated, it makes nothing new */
	const char *const *ids, *const *plans, *const *starts;
	size_t n;
	int64_t minutes;
	const char *place, *link, *questions; /* questions: [{"key", "label"}] */
	bool asks_reading;
};
struct meeting_made {
	const char *plan, *meeting; /* meeting NULL: not possible */
};
MUST_USE bool meeting_plan(struct db *, struct mem *, const struct viewer *,
			   const struct meeting_form *, struct meeting_made **out, size_t *n,
			   struct err *e);

/* All that the viewer is invited to or leads, by time: an array of MeetingBrief
 * (web/app/src/plan-types.ts). Of JSON everywhere: it belongs to the arena. */
MUST_USE bool meeting_list(struct db *, struct mem *, const struct viewer *, json_t **out,
			   struct err *e);
/* The page of one, as GET /api/meetings/:id answers it. */
MUST_USE bool meeting_read(struct db *, struct mem *, const struct viewer *, const char *meeting,
			   json_t **out, struct err *e);
/* For a plan's page: adds to a batch, reads after its commit; the next one to come, else
 * the newest that was held, else NULL. */
int meeting_of_plan_add(struct db *, const struct viewer *, const char *plan);
json_t *meeting_of_plan_read(struct db *, struct mem *, int index);

struct meeting_change {
	int64_t rev;                     /* seen; -1: whatever it is */
	const char *starts, *place, *to; /* NULL: stays */
	const char *minutes;
	bool sets_link;
	const char *link;
};
/* ERR_CONFLICT: changed meanwhile. ERR_INVALID with field "state": no such arrow. Being
 * there already is no error. */
MUST_USE bool meeting_change(struct db *, struct mem *, const struct viewer *, const char *meeting,
			     const struct meeting_change *, int64_t *rev, struct err *e);
/* "welcome", "q.<key>", "goals", "agreements"; the first begins the conversation, NULL ends it. */
MUST_USE bool meeting_step(struct db *, struct mem *, const struct viewer *, const char *meeting,
			   const char *step, struct err *e);
MUST_USE bool meeting_attended(struct db *, struct mem *, const struct viewer *,
			       const char *meeting, const char *const *people, size_t n,
			       struct err *e);

/* ---- What is written (ilp/meeting_text.c) ---- */

/* field: "prep.<key>" and "talk.<key>" of a question, "show" ("yes": a guardian's preparation
 * may be shown in the room), "minutes" (person: the meeting), "private". */
struct meeting_text {
	const char *meeting, *person, *field, *text;
	int64_t seen;
};
MUST_USE bool meeting_text_save(struct db *, struct mem *, const struct viewer *,
				const struct meeting_text *, struct entry_saved *out,
				struct err *e);
/* "comes", "cannot" or "other_time", with a word about it. */
MUST_USE bool meeting_answer(struct db *, struct mem *, const struct viewer *, const char *meeting,
			     const char *answer, const char *text, struct err *e);
/* "I have read this before our meeting." */
MUST_USE bool meeting_confirm(struct db *, struct mem *, const struct viewer *, const char *meeting,
			      struct err *e);
/* Of a batch, or (batch NULL) of one meeting; `already`: reminded today. */
MUST_USE bool meeting_remind(struct db *, struct mem *, const struct viewer *, const char *batch,
			     const char *meeting, int64_t *reminded, int64_t *already,
			     struct err *e);

struct meeting_agreement {
	const char *id, *text, *due, *responsible, *row; /* due, row: NULL or given */
};
/* Becomes a task of the plan, marked with the meeting. ERR_INVALID with field "row": the
 * list belongs to goals and there is none yet. */
MUST_USE bool meeting_agree(struct db *, struct mem *, const struct viewer *, const char *meeting,
			    const struct meeting_agreement *, struct err *e);

/* ---- In the room, and before it (ilp/meeting_room.c) ---- */

MUST_USE bool meeting_live(struct db *, struct mem *, const struct viewer *, const char *meeting,
			   json_t **out, struct err *e);
/* {"versions": [{rev, text, by, at}]}, the newest first, of a text that the viewer reads. */
MUST_USE bool meeting_history(struct db *, struct mem *, const struct viewer *,
			      const char *meeting, const char *voice, const char *field,
			      json_t **out, struct err *e);
MUST_USE bool meeting_brief(struct db *, struct mem *, const struct viewer *, const char *meeting,
			    json_t **out, struct err *e);
/* An iCalendar file whose title says nothing but `title`. */
MUST_USE bool meeting_calendar(struct db *, struct mem *, const struct viewer *,
			       const char *meeting, const char *title, const char **out,
			       struct err *e);

#endif
