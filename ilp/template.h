/* template.h - what new plans are made from (R-100..R-107).
 *
 * A template is edited as a draft that is saved as it is; published, it becomes a form
 * (ilp/form.h) and plans are made from that. Later edits are another form, for later plans
 * (I-01). It is never deleted once it was published: it is unpublished.
 *
 * The shipped ones stand in ilp/templates, a file each. */
#ifndef ILP_TEMPLATE_H
#define ILP_TEMPLATE_H

#include "ilp/form.h"
#include "ilp/session.h"

struct template_shipped {
	const char *key;  /* "learning" */
	const char *json; /* the definition */
};
extern const struct template_shipped templates_shipped[]; /* ends with key == NULL */
const struct template_shipped *template_shipped_find(const char *key);

/* A viewer without a session is the operator at a shell. */

/* Those a plan can be made from: published, of the site or of a school of the viewer's
 * students: [{"id", "title", "purpose", "about"?}], oldest first. RIGHT_USE_BANK, or
 * RIGHT_MANAGE_TEMPLATES: those of every school. */
MUST_USE bool template_choices(struct db *, struct mem *, const struct viewer *, json_t **out,
			       struct err *e);
/* One of them: {"id", "form"}, the form whole. */
MUST_USE bool template_preview(struct db *, struct mem *, const struct viewer *, const char *id,
			       json_t **out, struct err *e);

/* All there are: {"templates": [...], "orgs": [{"id", "name"}]}. What follows needs
 * RIGHT_MANAGE_TEMPLATES. */
MUST_USE bool template_list(struct db *, struct mem *, const struct viewer *, json_t **out,
			    struct err *e);
/* One as it is edited: its row of the list, with "definition", and "problem": what keeps it
 * from being published. */
MUST_USE bool template_read(struct db *, struct mem *, const struct viewer *, const char *id,
			    json_t **out, struct err *e);

/* A new draft under an id of the caller's; repeating it is harmless. from: a shipped one's
 * key or a template's id; definition: a whole one (import); neither: an empty one. org
 * NULL: of the whole site. */
struct template_new {
	const char *id, *from, *org;
	const json_t *definition;
};
MUST_USE bool template_create(struct db *, struct mem *, const struct viewer *,
			      const struct template_new *, struct err *e);

/* A change of somebody who saw revision `rev`. `now` is what stands there afterwards, as
 * template_read() has it. ERR_CONFLICT: it is somebody else's. */
struct template_change {
	const char *id;
	int64_t rev;
	const json_t *definition; /* NULL: as it is */
	bool moves;               /* to org */
	const char *org;
};
MUST_USE bool template_save(struct db *, struct mem *, const struct viewer *,
			    const struct template_change *, json_t **now, struct err *e);
/* ERR_INVALID with the field and the reason where it is not finished. */
MUST_USE bool template_publish(struct db *, struct mem *, const struct viewer *, const char *id,
			       int64_t rev, json_t **now, struct err *e);
MUST_USE bool template_unpublish(struct db *, struct mem *, const struct viewer *, const char *id,
				 int64_t rev, json_t **now, struct err *e);
/* Only what never was published; ERR_INVALID "was_published". */
MUST_USE bool template_delete(struct db *, struct mem *, const struct viewer *, const char *id,
			      int64_t rev, struct err *e);

/* ---- At a shell (ilp/template_command.c), each with its own connection ---- */

/* Makes a shipped template the school's, under an id that follows from school and key, and
 * publishes it; one that is there already is published as it is. */
MUST_USE bool template_command_publish(const char *database, struct mem *, const char *tenant,
				       const char *key, const char *org, struct err *e);
/* The shipped ones, and the school's own where a tenant is named. */
MUST_USE bool template_command_list(const char *database, struct mem *, const char *tenant,
				    struct err *e);
/* Prints the definition of a school's template, or of a shipped one by its key. */
MUST_USE bool template_command_export(const char *database, struct mem *, const char *tenant,
				      const char *id, struct err *e);
/* A draft from a file that was exported. */
MUST_USE bool template_command_import(const char *database, struct mem *, const char *tenant,
				      const char *path, const char *org, struct err *e);

#endif
