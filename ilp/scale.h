/* scale.h - the scales we ship (ilp.md 7), from ilp/scales.json.
 *
 * A scale is data: key, direction, values with code, short form, label and
 * category, names in every language. A review keeps a whole copy (I-13), so
 * editing the file changes no review that exists. */
#ifndef ILP_SCALE_H
#define ILP_SCALE_H

struct scale {
	const char *key;
	const char *json; /* the whole scale, as the API gives it and a review keeps it */
};
extern const struct scale scales[]; /* ends with key == NULL */

extern const char scales_text[];    /* {"scales":[...]}: all of them */

const struct scale *scale_find(const char *key); /* NULL: we ship none of that name */

#endif
