/* Frameworks as files: CASE packages and tables. Both are somebody else's, and refused
 * whole where they cannot be read; single lines without words are skipped and counted. */
#include "ilp/objective.h"
#include "base/js.h"
#include "base/sheet.h"
#include "base/str.h"
#include <string.h>

enum { CODE_MAX = 100, TEXT_MAX = 2000, LEVEL_MAX = 100, ID_MAX = 200, TITLE_MAX = 300 };

static const char *cut(struct mem *m, const char *text, size_t points)
{
	size_t n = 0;

	if (str_empty(text))
		return "";
	while (text[n] && points--)
		for (n++; ((unsigned char)text[n] & 0xc0) == 0x80; n++)
			;
	return mem_strndup(m, text, n);
}

/* What word processors leave between words (0x0b is a soft line break) is a blank. */
static const char *words(struct mem *m, const char *text, size_t points)
{
	char *s = mem_strdup(m, str_or(text, ""));

	for (char *c = s; *c; c++)
		if (*c == 0x7f || ((unsigned char)*c < 0x20 && !strchr("\t\n\r", *c)))
			*c = ' ';
	return cut(m, str_trim(m, s), points);
}

/* Puts one at the end, or counts it as skipped. */
static void add(struct mem *m, struct framework *f, const char *source_id, const char *parent,
		const char *code, const char *text, const char *level)
{
	const char *what = words(m, text, TEXT_MAX);

	if (!*what || str_empty(source_id) || strlen(source_id) > ID_MAX) {
		f->skipped++;
		return;
	}
	f->objectives[f->n++] = (struct objective){
		.source_id = source_id,
		.parent = str_empty(parent) ? NULL : parent,
		.code = words(m, code, CODE_MAX),
		.text = what,
		.level = words(m, level, LEVEL_MAX),
	};
}

static bool finish(struct framework *f, struct framework *out, struct err *e)
{
	if (!f->n)
		return err_reason(e, ERR_INVALID, "no_objectives", "a framework without objectives");
	*out = *f;
	return true;
}

/* "isChildOf" associations by their origin: {child: parent}. */
static json_t *parents_of(struct mem *m, const json_t *package)
{
	json_t *parents = js_own(m, json_object()), *a;
	size_t i;

	json_array_foreach(js_arr(package, "CFAssociations"), i, a) {
		const char *kind = js_str(a, "associationType");
		const char *child = js_str(js_obj(a, "originNodeURI"), "identifier");
		const char *parent = js_str(js_obj(a, "destinationNodeURI"), "identifier");
		if (str_eq(kind, "isChildOf") && child && parent && !json_object_get(parents, child))
			json_object_set_new(parents, child, json_string(parent));
	}
	return parents;
}

static const char *level_of(struct mem *m, const json_t *item)
{
	const json_t *levels = js_arr(item, "educationLevel"), *level;
	struct buf b;
	size_t i;

	buf_init(&b, m);
	json_array_foreach(levels, i, level) {
		if (json_is_string(level))
			buf_addf(&b, "%s%s", b.n ? ", " : "", json_string_value(level));
	}
	return b.n ? b.p : "";
}

bool framework_read_case(struct mem *m, const void *bytes, size_t n, struct framework *out, struct err *e)
{
	json_t *package, *item;
	size_t i;

	if (!js_parse(m, bytes, n, FRAMEWORK_MAX, &package, e)) {
		e->reason = n > FRAMEWORK_MAX ? "too_large" : "not_case";
		return false;
	}
	const json_t *document = js_obj(package, "CFDocument"), *items = js_arr(package, "CFItems");
	const char *title = words(m, js_str(document, "title"), TITLE_MAX);
	const char *id = js_str(document, "identifier");
	if (!*title || !id || strlen(id) > ID_MAX || !items)
		return err_reason(e, ERR_INVALID, "not_case", "no CFDocument and CFItems");
	if (json_array_size(items) > OBJECTIVES_MAX)
		return err_reason(e, ERR_INVALID, "too_many", "%zu items", json_array_size(items));
	struct framework f = {
		.title = title,
		.source = "case",
		.source_id = id,
		.language = words(m, js_str(document, "language"), 20),
		.objectives = mem_array(m, struct objective, json_array_size(items) + 1),
	};
	const json_t *parents = parents_of(m, package);
	json_array_foreach(items, i, item) {
		const char *own = js_str(item, "identifier");
		const char *parent = own ? js_str(parents, own) : NULL;
		add(m, &f, own, str_eq(parent, id) ? NULL : parent, js_str(item, "humanCodingScheme"),
		    js_str(item, "fullStatement"), level_of(m, item));
	}
	return finish(&f, out, e);
}

bool framework_read_csv(struct mem *m, const void *bytes, size_t n, const char *title,
			struct framework *out, struct err *e)
{
	struct sheet s;

	if (!sheet_read(m, bytes, n, FRAMEWORK_MAX, &s, e))
		return false;
	int id = sheet_column(&s, "id|identifier|kode-id"), parent = sheet_column(&s, "parent|forelder");
	int code = sheet_column(&s, "code|kode"), level = sheet_column(&s, "level|nivå|trinn");
	int text = sheet_column(&s, "text|objective|full statement|tekst|mål|kompetansemål");
	if (text < 0)
		return err_reason(e, ERR_INVALID, "no_text_column", "no column with the words");
	if (s.n > OBJECTIVES_MAX)
		return err_reason(e, ERR_INVALID, "too_many", "%zu rows", s.n);
	struct framework f = {
		.title = cut(m, title, TITLE_MAX),
		.source = "csv",
		.source_id = cut(m, title, ID_MAX),
		.language = "",
		.objectives = mem_array(m, struct objective, s.n),
	};
	for (size_t i = 0; i < s.n; i++) {
		const char *own = sheet_cell(&s, i, id);
		if (!*own)
			own = *sheet_cell(&s, i, code) ? sheet_cell(&s, i, code)
						       : mem_printf(m, "row %zu", s.rows[i].line);
		add(m, &f, own, sheet_cell(&s, i, parent), sheet_cell(&s, i, code),
		    sheet_cell(&s, i, text), sheet_cell(&s, i, level));
	}
	return finish(&f, out, e);
}
