#include "ilp/evidence.h"
#include "ilp/rich.h"
#include "ilp/work_internal.h"
#include "base/str.h"
#include <string.h>
#include <strings.h>

/* Office documents and their open cousins are zip files; sounds and films carry "ftyp" behind
 * a length, or a frame or tag at once. */
static const struct kind {
	const char *type, *suffix;
	size_t at;
	const char *magic[4];
} kinds[] = {
	{"application/pdf", ".pdf", 0, {"%PDF-"}},
	{"image/png", ".png", 0, {"\x89PNG\r\n\x1a\n"}},
	{"image/jpeg", ".jpg", 0, {"\xff\xd8\xff"}},
	{"image/webp", ".webp", 8, {"WEBP"}},
	{"image/gif", ".gif", 0, {"GIF87a", "GIF89a"}},
	{"text/plain", ".txt", 0, {""}},
	{"application/vnd.oasis.opendocument.text", ".odt", 0, {"PK\x03\x04"}},
	{"application/vnd.oasis.opendocument.spreadsheet", ".ods", 0, {"PK\x03\x04"}},
	{"application/vnd.oasis.opendocument.presentation", ".odp", 0, {"PK\x03\x04"}},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	 ".docx",
	 0,
	 {"PK\x03\x04"}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	 ".xlsx",
	 0,
	 {"PK\x03\x04"}},
	{"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	 ".pptx",
	 0,
	 {"PK\x03\x04"}},
	{"audio/mpeg", ".mp3", 0, {"ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2"}},
	{"audio/mp4", ".m4a", 4, {"ftyp"}},
	{"audio/x-m4a", ".m4a", 4, {"ftyp"}},
	{"video/mp4", ".mp4", 4, {"ftyp"}},
};

static const struct kind *kind_of(const char *type)
{
	for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcasecmp(type, kinds[i].type))
			return &kinds[i];
	return NULL;
}

const char *evidence_type(const char *content_type)
{
	char type[100];
	size_t n = content_type ? strcspn(content_type, "; \t") : 0;

	if (!n || n >= sizeof type)
		return NULL;
	memcpy(type, content_type, n);
	type[n] = '\0';
	const struct kind *k = kind_of(type);
	return k ? k->type : NULL;
}

const char *evidence_suffix(const char *type)
{
	const struct kind *k = kind_of(type);

	return k ? k->suffix : "";
}

bool evidence_fits(const char *type, const void *bytes, size_t n)
{
	const struct kind *k = kind_of(type);

	if (!k || !n)
		return false;
	if (str_eq(k->type, "text/plain"))
		return str_is_text(bytes, n);
	if (str_eq(k->type, "image/webp") && (n < 4 || memcmp(bytes, "RIFF", 4)))
		return false;
	for (size_t i = 0; i < 4 && k->magic[i]; i++) {
		size_t long_is = strlen(k->magic[i]);
		if (n >= k->at + long_is &&
		    !memcmp((const char *)bytes + k->at, k->magic[i], long_is))
			return true;
	}
	return false;
}

static bool content_ok(const struct evidence_new *w, struct err *e)
{
	if (w->url)
		return link_ok(w->url, false) || err_field(e, "url", "no http or https address");
	if (!kind_of(w->type))
		return err_field(e, "type", "not a type that is taken");
	if (!w->n || w->n > EVIDENCE_MAX)
		return err_field(e, "file", "empty, or larger than %zu bytes", EVIDENCE_MAX);
	return evidence_fits(w->type, w->bytes, w->n) ||
	       err_field(e, "file", "not of the type it says");
}

bool evidence_add(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		  const struct evidence_new *w, json_t **out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e) || !content_ok(w, e))
		return false;
	work_begin(db, m, v, plan);
	int add = db_add(db, DB_EVIDENCE_ADD, SEAT(v, plan), access_act(ACT_WRITE), w->id, w->field,
			 w->row, w->title, w->url, w->url ? NULL : w->type,
			 w->url ? NULL : db_num(m, (int64_t)w->n),
			 w->url ? NULL : hex_encode(m, w->bytes, w->n));
	db_add(db, DB_NOTICE_DUE);
	int made = db_add(db, DB_WORK_EVIDENCE, SEAT(v, plan), NULL, w->id);
	if (!db_commit(db, e))
		return false;
	return work_made(db, add, e) && work_one(m, evidence_json(m, db_rows(db, made)), out, e);
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* What PostgreSQL's encode() wrote. */
static void unhex(struct mem *m, const char *hex, struct evidence_file *out)
{
	unsigned char *bytes;

	out->n = strlen(hex) / 2;
	out->bytes = bytes = mem_alloc(m, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		bytes[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
}

bool evidence_read(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		   const char *id, struct evidence_file *out, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	viewer_begin(db, m, v);
	int file = db_add(db, DB_EVIDENCE_FILE, SEAT(v, plan), id);
	if (!db_commit(db, e))
		return false;
	const struct db_rows *r = db_rows(db, file);
	if (!db_count(r))
		return err_set(e, ERR_NOT_FOUND, "no such file for this viewer");
	out->title = db_text(r, 0, 0);
	out->type = db_text(r, 0, 1);
	unhex(m, db_text(r, 0, 2), out);
	return true;
}

bool evidence_remove(struct db *db, struct mem *m, const struct viewer *v, const char *plan,
		     const char *id, struct err *e)
{
	if (!access_check(v, RIGHT_USE_PLANS, e))
		return false;
	work_begin(db, m, v, plan);
	int gone = db_add(db, DB_EVIDENCE_REMOVE, SEAT(v, plan), access_act(ACT_WRITE), id);
	if (!db_commit(db, e))
		return false;
	return db_count(db_rows(db, gone)) ||
	       err_set(e, ERR_NOT_FOUND, "no such evidence, or not for this viewer to remove");
}
