-- What plans consist of (ilp/form.h). A form never changes: its id is made of its bytes.

-- name: form_put
-- args: form, definition, fields
WITH made AS (
	INSERT INTO ilp.form (tenant_id, form_id, definition)
	SELECT ilp.current_tenant(), $1::uuid, $2::jsonb
	ON CONFLICT DO NOTHING)
INSERT INTO ilp.form_field (tenant_id, form_id, key, kind, of, head, sees, edits, shared, codes, categories, setters,
	flags)
SELECT ilp.current_tenant(), $1::uuid, f.key, f.kind, f.of, f.head, f.sees, f.edits, f.shared, f.codes, f.categories,
       f.setters, f.flags
FROM jsonb_to_recordset($3::jsonb) AS f(key text, kind text, of text, head boolean, sees integer, edits integer, shared boolean,
	codes text[], categories text[], setters integer[], flags boolean[])
ON CONFLICT DO NOTHING
