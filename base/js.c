#include "base/js.h"
#include "base/str.h"
#include <math.h>
#include <string.h>

#define EXACT_LIMIT 9007199254740992.0 /* 2^53 */

/* jansson's own limit of nesting is 2048 and recursive; ours is asked first. */
static bool nesting_ok(const char *s, size_t n)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		if (in_string) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				in_string = false;
		} else if (s[i] == '"') {
			in_string = true;
		} else if (s[i] == '{' || s[i] == '[') {
			if (++depth > JS_DEPTH)
				return false;
		} else if (s[i] == '}' || s[i] == ']') {
			depth--;
		}
	}
	return true;
}

static void release(void *json)
{
	json_decref(json);
}

bool js_parse(struct mem *m, const char *text, size_t n, size_t max, json_t **out, struct err *e)
{
	json_error_t at;

	if (n > max)
		return err_set(e, ERR_INVALID, "json of %zu bytes, at most %zu", n, max);
	if (memchr(text, '\0', n)) /* jansson overlooks one after a number */
		return err_set(e, ERR_INVALID, "json holds NUL");
	if (!nesting_ok(text, n))
		return err_set(e, ERR_INVALID, "json nested deeper than %d", JS_DEPTH);
	json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &at);
	if (!json)
		return err_set(e, ERR_INVALID, "json: error %d at byte %d",
			       (int)json_error_code(&at), at.position);
	*out = js_own(m, json);
	return true;
}

json_t *js_own(struct mem *m, json_t *json)
{
	if (!json)
		BUG("no json to own");
	mem_defer(m, release, json);
	return json;
}

static int print_part(const char *text, size_t n, void *b)
{
	buf_addn(b, text, n);
	return 0;
}

char *js_print(struct mem *m, const json_t *json, size_t *n_out)
{
	struct buf b;

	buf_init(&b, m);
	json_dump_callback(json, print_part, &b, JSON_COMPACT);
	if (n_out)
		*n_out = b.n;
	return b.p;
}

const char *js_str(const json_t *obj, const char *key)
{
	return json_string_value(json_object_get(obj, key));
}

json_t *js_obj(const json_t *obj, const char *key)
{
	json_t *v = json_object_get(obj, key);

	return json_is_object(v) ? v : NULL;
}

json_t *js_arr(const json_t *obj, const char *key)
{
	json_t *v = json_object_get(obj, key);

	return json_is_array(v) ? v : NULL;
}

bool js_bool(const json_t *obj, const char *key, bool otherwise)
{
	json_t *v = json_object_get(obj, key);

	return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

bool js_num(const json_t *obj, const char *key, int64_t *out)
{
	json_t *v = json_object_get(obj, key);

	if (!json_is_number(v))
		return false;
	double d = json_number_value(v);
	if (!isfinite(d) || d < 0 || d > EXACT_LIMIT)
		return false;
	*out = (int64_t)d;
	return true;
}

json_t *js_text(const char *s)
{
	return s ? json_string(s) : json_null();
}
