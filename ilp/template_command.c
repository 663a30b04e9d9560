/* Templates at a shell: the operator is an administrator of every school. */
#include "ilp/template.h"
#include "base/js.h"
#include "base/str.h"
#include <stdio.h>
#include <string.h>

static bool operator_of(struct mem *m, const char *tenant, struct viewer *out, struct err *e)
{
	if (!uuid_ok(tenant))
		return err_field(e, "tenant", "--tenant UUID is missing");
	*out = (struct viewer){.tenant = tenant, .role = ROLE_NONE, .admin = true};
	return true;
}

/* The same for the same school and key, so that to publish again finds it. */
static const char *id_of(struct mem *m, const char *tenant, const char *key)
{
	const char *text = mem_printf(m, "%s %s", tenant, key);
	const char *hash = sha256_hex(m, text, strlen(text));

	return mem_printf(m, "%.8s-%.4s-%.4s-%.4s-%.12s", hash, hash + 8, hash + 12, hash + 16,
			  hash + 20);
}

static bool make_and_publish(struct db *db, struct mem *m, const struct viewer *v,
			     const struct template_new *t, struct err *e)
{
	json_t *now;

	if (!template_create(db, m, v, t, e) || !template_read(db, m, v, t->id, &now, e))
		return false;
	if (str_eq(js_str(now, "state"), "published") && !js_bool(now, "changed", false))
		return true;
	return template_publish(db, m, v, t->id, json_integer_value(json_object_get(now, "rev")),
				&now, e);
}

bool template_command_publish(const char *database, struct mem *m, const char *tenant,
			      const char *key, const char *org, struct err *e)
{
	struct viewer v;

	if (!operator_of(m, tenant, &v, e))
		return false;
	if (!key || !template_shipped_find(key))
		return err_set(e, ERR_INVALID,
			       "no shipped template of that name; `ilpd template list` has them");
	if (org && !uuid_ok(org))
		return err_field(e, "org", "--org is no UUID");
	struct template_new t = {.id = id_of(m, tenant, key), .from = key, .org = org};
	struct db *db = db_new(database);
	bool ok = make_and_publish(db, m, &v, &t, e);
	if (!ok && str_eq(db_constraint(db), "template_tenant_id_fkey"))
		err_field(e, "tenant", "there is no such school");
	db_free(db);
	if (ok)
		printf("%s\n", t.id);
	return ok;
}

static const char *title_of(const json_t *title)
{
	const char *language;
	json_t *words;

	json_object_foreach((json_t *)title, language, words)
	{
		return json_string_value(words);
	}
	return "";
}

static bool list_own(const char *database, struct mem *m, const char *tenant, struct err *e)
{
	struct viewer v;
	json_t *all, *t;
	size_t i;

	if (!operator_of(m, tenant, &v, e))
		return false;
	struct db *db = db_new(database);
	bool ok = template_list(db, m, &v, &all, e);
	db_free(db);
	if (!ok)
		return false;
	json_array_foreach(js_arr(all, "templates"), i, t)
	{
		printf("%s  %-11s  %s\n", js_str(t, "id"), js_str(t, "state"),
		       title_of(js_obj(t, "title")));
	}
	return true;
}

bool template_command_list(const char *database, struct mem *m, const char *tenant, struct err *e)
{
	for (const struct template_shipped *t = templates_shipped; t->key; t++) {
		json_t *definition;
		if (!js_parse(m, t->json, strlen(t->json), FORM_MAX, &definition, e))
			return false;
		printf("%-36s  %-11s  %s\n", t->key, "shipped",
		       js_str(js_obj(definition, "title"), "en"));
	}
	return !tenant || list_own(database, m, tenant, e);
}

static void print_definition(const json_t *definition)
{
	json_dumpf(definition, stdout, JSON_INDENT(1) | JSON_SORT_KEYS);
	putchar('\n');
}

bool template_command_export(const char *database, struct mem *m, const char *tenant,
			     const char *id, struct err *e)
{
	const struct template_shipped *shipped = id ? template_shipped_find(id) : NULL;
	struct viewer v;
	json_t *found;

	if (shipped) {
		if (!form_read(m, shipped->json, strlen(shipped->json), &found, e))
			return false;
		print_definition(found);
		return true;
	}
	if (!uuid_ok(id))
		return err_set(e, ERR_INVALID, "template export needs an id or a shipped key");
	if (!operator_of(m, tenant, &v, e))
		return false;
	struct db *db = db_new(database);
	bool ok = template_read(db, m, &v, id, &found, e);
	db_free(db);
	if (ok)
		print_definition(js_obj(found, "definition"));
	return ok;
}

static bool read_file(struct mem *m, const char *path, const char **text, size_t *n, struct err *e)
{
	FILE *file = path ? fopen(path, "r") : NULL;
	char *bytes = mem_alloc(m, FORM_STORED_MAX + 1);

	if (!file)
		return err_set(e, ERR_INVALID, "template import needs a file that can be read");
	*n = fread(bytes, 1, FORM_STORED_MAX + 1, file);
	bool ok = !ferror(file);
	fclose(file);
	*text = bytes;
	return ok || err_set(e, ERR_INVALID, "the file cannot be read");
}

bool template_command_import(const char *database, struct mem *m, const char *tenant,
			     const char *path, const char *org, struct err *e)
{
	struct template_new t = {.id = uuid_new(m), .org = org};
	struct viewer v;
	const char *text = NULL;
	json_t *form;
	size_t n = 0;

	if (!operator_of(m, tenant, &v, e) || !read_file(m, path, &text, &n, e))
		return false;
	if (org && !uuid_ok(org))
		return err_field(e, "org", "--org is no UUID");
	if (!form_read(m, text, n, &form, e))
		return false;
	t.definition = form;
	struct db *db = db_new(database);
	bool ok = template_create(db, m, &v, &t, e);
	db_free(db);
	if (ok)
		printf("%s\n", t.id);
	return ok;
}
