/* people.h - who somebody is, who is in a course, whose children are whose. */
#ifndef ILP_PEOPLE_H
#define ILP_PEOPLE_H

#include "ilp/session.h"

struct person {
	const char *id, *name, *given, *family;
	enum role role;
};

/* A person without a name gets one made of the end of the id, so that lists can
 * tell people apart where a platform shares no names. */
const char *person_name(struct mem *, const char *name, const char *given, const char *family,
			const char *id);

struct viewer_facts {
	const char *name, *given, *language; /* language as chosen or as the platform says; any spelling */
	const char *school, *help, *today;
	const char *course, *course_title, *course_label; /* course NULL: none */
	const char *roster_state, *roster_at, *roster_error;
	const char *roster_people;   /* taken in so far by the one under way, or NULL */
	const char *roster_retry_at; /* when a failed one is tried again, or NULL */
};

/* Adds to a batch begun with viewer_begin; read after its commit by the index. */
int viewer_facts_add(struct db *, const struct viewer *);
MUST_USE bool viewer_facts_read(struct db *, struct mem *, const struct viewer *, int index,
				struct viewer_facts *out, struct err *e);

int course_people_add(struct db *, const struct viewer *); /* needs RIGHT_SEE_PARTICIPANTS */
int guardian_children_add(struct db *, const struct viewer *);
/* Of either; unsorted: the caller sorts in the reader's language. */
void people_read(struct db *, struct mem *, int index, enum role otherwise, struct person **out,
		 size_t *n);

MUST_USE bool viewer_set_language(struct db *, struct mem *, const struct viewer *,
				  const char *language, struct err *e);
/* Asks for a fresh roster. */
MUST_USE bool course_refresh(struct db *, struct mem *, const struct viewer *, struct err *e);

#endif
