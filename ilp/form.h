/* form.h - what a plan consists of: sections, fields, and who sees and edits each.
 *
 * A template is edited as a definition, a JSON document. Published, or used, it becomes
 * a form: the same document, which never changes and whose id is made from its bytes. A
 * plan keeps its form whatever becomes of the template (I-01).
 *
 *	{"version": 1, "title": {"en": "Learning plan", "nb": "Læringsplan"},
 *	 "about": {…}, "purpose": "learning",
 *	 "statuses": [{"key": "todo", "label": {…}, "category": "todo", "setters": "MCSG"}, …],
 *	 "ceiling": {"sees": "MCSG", "edits": "MSG"},
 *	 "log": {"sees": "MCS", "edits": "MCS"}, "topics": {"sees": "MSG", "edits": "MSG"},
 *	 "turns": true,
 *	 "sections": [
 *	   {"key": "goals", "title": {…}, "help": {…}, "kind": "grid", "sees": "MCSGH", "edits": "MS",
 *	    "fields": [{"key": "goal", "of": "goal", "kind": "text", "label": {…}, "help": {…},
 *	                "sees": "MCSGH", "edits": "MS", "required": true, "shared": true, "printed": true}, …]},
 *	   {"key": "about", "title": {…}, "kind": "fields", "fields": […]}]}
 *
 * Texts ({"en": …}) are by language; one language is enough. Rights are letters: M mentor,
 * C course teacher, S student, G guardian, H headteacher. Who edits sees (I-02); mentors see
 * everything (I-05). Keys are [a-z][a-z0-9_]{0,39}, each once in a form.
 *
 * purpose: learning, conference, career, support, social, focus, yearly, evidence, other.
 * statuses: of tasks and of goals; NULL gives the standard set. category: todo, doing, done,
 * dropped; "flag": true calls for help. ceiling: the most that a column added by a mentor
 * may show; absent: none may be added. turns: student, home, staff write in this
 * order. A form has at most one section of kind grid.
 *
 * Kinds of fields, and what stands in their text:
 *   text, long   plain text                rich       CommonMark
 *   choice       a code of "options"       multi      ["a","b"]
 *   scale        a code of "scale" (ilp/scale.h, a whole copy)
 *   date         2026-11-03                number     12.5 ("unit")
 *   series       [{"on": "2026-11-03", "value": 12.5}, …] ("unit", "target")
 *   checklist    [{"text": "…", "done": true}, …]
 *   table        [["…", "…"], …] ("columns": [texts])
 *   status       a key of "statuses" (of a goal)
 *   files        links and files (ilp.evidence)
 *   tasks        a list of tasks (ilp.task); "agreement": true where a meeting puts its own
 *   notes        posts of staff, each with its own audience
 *   comments     posts in the writer's own voice
 *   computed     "computed": "reviews" or "open_tasks": nothing is written
 *   signature    where signatures stand
 *   heading      a sentence between fields
 * "options" are [{"code": "a", "label": texts}, …]. In a grid "of" is "competence" or
 * "goal"; a grid has one text field each of which "head" is true: the competence's and the
 * goal's own words. */
#ifndef ILP_FORM_H
#define ILP_FORM_H

#include "db/db.h"
#include "ilp/access.h"
#include <jansson.h>

#define FORM_MAX    ((size_t)200 << 10) /* bytes of a definition */
#define FORM_FIELDS 120
/* Of one as it is stored, or in a file: PostgreSQL's and people's spacing makes it longer. */
#define FORM_STORED_MAX (FORM_MAX * 4)

/* A definition as it may be stored: read strictly, defaults filled in, members in one
 * order. *out belongs to the arena. ERR_INVALID with the field named as a path,
 * "sections.0.fields.3.label", and a reason word. */
MUST_USE bool form_read(struct mem *, const char *json, size_t n, json_t **out, struct err *e);
/* The same for a template that is not finished: words, options, scales and fields may be
 * missing yet. */
MUST_USE bool form_draft(struct mem *, const char *json, size_t n, json_t **out, struct err *e);

/* The statements that store it as a form and its fields; does no harm when repeated.
 * *id gets the form's id. For a batch that is under way. */
void form_put_add(struct db *, struct mem *, const json_t *definition, const char **id);

/* What a hat sees of it: hidden fields and sections are absent, sections without fields
 * too. Every field gets "edits": true or absent, "seenBy" and "editedBy" (hat letters), every
 * section of kind grid likewise. `definition` is the stored text. NULL where it is broken. */
json_t *form_view(struct mem *, const char *definition, int hat);

/* The same with one more field at the end of a section, as a mentor adds it: rights are cut
 * to the ceiling. ERR_INVALID: no ceiling, no such section, not a field. */
MUST_USE bool form_with_field(struct mem *, const char *definition, const char *section,
			      const json_t *field, json_t **out, struct err *e);

#endif
