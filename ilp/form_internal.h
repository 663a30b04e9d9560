/* form_internal.h - what the files about forms share. */
#ifndef ILP_FORM_INTERNAL_H
#define ILP_FORM_INTERNAL_H

#include "ilp/form.h"

/* What a kind of field is like: where it may stand, which members it has. */
enum {
	KIND_IN_FIELDS = 1,
	KIND_IN_GRID = 2, /* of competences and goals */
	KIND_OF_GOAL = 4, /* in a grid, of goals alone */
	KIND_HEAD = 8,    /* may be the row's own words */
	KIND_OPTIONS = 16,
	KIND_SCALE = 32,
	KIND_COLUMNS = 64,
	KIND_UNIT = 128,
	KIND_TARGET = 256,
	KIND_COMPUTED = 512,
	KIND_AGREEMENT = 1024,
	KIND_MUTE = 2048,     /* nothing is written in it */
	KIND_PERSONAL = 4096, /* never goes along when a plan is shared (I-10) */
};

struct form_kind {
	const char *name;
	int is;
};
const struct form_kind *form_kind(const char *name); /* NULL: there is none */

/* ---- Reading (ilp/form_members.c) ---- */

enum { FORM_LABEL_MAX = 200, FORM_LONG_MAX = 2000, FORM_WORD_MAX = 20 };

/* A place in the document; name NULL: the i-th of a list. */
struct form_place {
	const struct form_place *in;
	const char *name;
	size_t i;
};

struct form_reader {
	struct mem *m;
	bool is_draft; /* words, options and fields may still be missing */
	json_t *keys;  /* each stands once */
	size_t fields;
	bool has_grid, has_agreement;
	struct err *e;
};

/* Where it is wrong, and how; false. name: a member of that place, or NULL. */
bool form_wrong(struct form_reader *, const struct form_place *, const char *name,
		const char *reason);
bool form_key_ok(const char *);
/* At most max characters; one line, or more where they may be long. */
bool form_text_ok(const char *, size_t max);
/* An object with no members but those of the list, which a space parts. */
bool form_is_object_of(struct form_reader *, const struct form_place *, const json_t *,
		       const char *members);

/* Each takes one member over to `to`, or says what is wrong with it. */

/* Words by language; a language without words is left out. */
bool form_take_texts(struct form_reader *, const struct form_place *, const json_t *from,
		     const char *name, size_t max, bool is_needed, json_t *to);
bool form_take_word(struct form_reader *, const struct form_place *, const json_t *from,
		    const char *name, const char *const *list, const char *otherwise, json_t *to);
/* Once in the form. */
bool form_take_key(struct form_reader *, const struct form_place *, const json_t *from, json_t *to);
/* Once in its list. */
bool form_take_code(struct form_reader *, const struct form_place *, const json_t *from,
		    const json_t *list, json_t *to);
/* Where it is on; `always`: off is written out too. */
bool form_take_flag(struct form_reader *, const struct form_place *, const json_t *from,
		    const char *name, bool otherwise, bool always, json_t *to);
bool form_take_hats(struct form_reader *, const struct form_place *, const json_t *from,
		    const char *name, int *out);
/* Mentors see everything (I-05); who edits sees (I-02). */
bool form_take_rights(struct form_reader *, const struct form_place *, const json_t *from,
		      json_t *to, int *sees);
bool form_take_number(struct form_reader *, const struct form_place *, const json_t *from,
		      const char *name, json_t *to);
bool form_take_line(struct form_reader *, const struct form_place *, const json_t *from,
		    const char *name, size_t max, json_t *to);
/* A list of least to most things, put empty into `to`; NULL: it is wrong. */
json_t *form_take_list(struct form_reader *, const struct form_place *, const json_t *from,
		       const char *name, size_t least, size_t most, json_t *to);
json_t *form_add_object(json_t *list);

#endif
