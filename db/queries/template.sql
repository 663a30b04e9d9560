-- What new plans are made from (ilp/template.h).

-- Those a plan can be made from, for whoever is a mentor; every: all of them, of whatever
-- school.
--
-- name: template_choices
-- args: person, every, only
WITH mine AS MATERIALIZED (SELECT ilp.schools_of($1::uuid) AS org_id)
SELECT t.template_id, f.definition ->> 'purpose', (f.definition -> 'title')::text, (f.definition -> 'about')::text,
       CASE WHEN $3::uuid IS NOT NULL THEN f.definition::text END
FROM ilp.template t
JOIN ilp.form f ON f.tenant_id = t.tenant_id AND f.form_id = t.form_id
WHERE t.tenant_id = ilp.current_tenant() AND t.state = 'published' AND ($3::uuid IS NULL OR t.template_id = $3::uuid)
  AND ($2::boolean
       OR EXISTS (SELECT 1 FROM ilp.charge c WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid)
          AND (t.org_id IS NULL OR EXISTS (SELECT 1 FROM mine WHERE ilp.org_within(mine.org_id, t.org_id))))
ORDER BY t.created_at, t.template_id

-- All there are, or one with its definition. Where nothing was published there is nothing to
-- differ from.
--
-- name: template_list
-- args: only
SELECT t.template_id, (t.definition -> 'title')::text, t.definition ->> 'purpose', t.org_id, o.name, t.state, t.rev, t.revision,
       ilp.iso(t.changed_at), ilp.called(w.name, w.given_name, w.family_name, w.person_id), ilp.iso(r.at),
       coalesce(f.definition <> t.definition, false),
       (SELECT count(*) FROM ilp.plan p
        WHERE p.tenant_id = t.tenant_id AND p.origin ->> 'template' = t.template_id::text),
       CASE WHEN $1::uuid IS NOT NULL THEN t.definition::text END
FROM ilp.template t
LEFT JOIN ilp.org o ON o.tenant_id = t.tenant_id AND o.org_id = t.org_id
LEFT JOIN ilp.person w ON w.tenant_id = t.tenant_id AND w.person_id = t.changed_by
LEFT JOIN ilp.form f ON f.tenant_id = t.tenant_id AND f.form_id = t.form_id
LEFT JOIN ilp.template_revision r ON r.tenant_id = t.tenant_id AND r.template_id = t.template_id AND r.revision = t.revision
WHERE t.tenant_id = ilp.current_tenant() AND ($1::uuid IS NULL OR t.template_id = $1::uuid)
ORDER BY t.created_at, t.template_id

-- name: template_orgs
-- args:
SELECT org_id, name FROM ilp.org WHERE tenant_id = ilp.current_tenant() ORDER BY name, org_id LIMIT 1000

-- name: template_create
-- args: template, org, definition, person
WITH made AS (
	INSERT INTO ilp.template (tenant_id, template_id, org_id, definition, changed_by, changed_at, created_at)
	SELECT ilp.current_tenant(), $1::uuid, $2::uuid, $3::jsonb, $4::uuid, ilp.moment(), ilp.moment()
	ON CONFLICT DO NOTHING
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, created_at, 'template.created', changed_by, jsonb_build_object('template', template_id) FROM made

-- definition NULL: as it is.
--
-- name: template_save
-- args: template, rev, definition, moves, org, person
WITH changed AS (
	UPDATE ilp.template
	SET definition = coalesce($3::jsonb, definition), org_id = CASE WHEN $4::boolean THEN $5::uuid ELSE org_id END,
	    rev = rev + 1, changed_by = $6::uuid, changed_at = ilp.moment()
	WHERE tenant_id = ilp.current_tenant() AND template_id = $1::uuid AND rev = $2::integer
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, changed_at, 'template.changed', changed_by, jsonb_build_object('template', template_id) FROM changed
RETURNING 1

-- The form is there already. One that was published before is no new revision.
--
-- name: template_publish
-- args: template, rev, form, person
WITH changed AS (
	UPDATE ilp.template t
	SET state = 'published', form_id = $3::uuid, revision = t.revision + (t.form_id IS DISTINCT FROM $3::uuid)::integer,
	    rev = t.rev + 1
	FROM (SELECT template_id, form_id FROM ilp.template
	      WHERE tenant_id = ilp.current_tenant() AND template_id = $1::uuid AND rev = $2::integer FOR UPDATE) was
	WHERE t.tenant_id = ilp.current_tenant() AND t.template_id = was.template_id
	RETURNING t.*, was.form_id AS former),
numbered AS (
	INSERT INTO ilp.template_revision (tenant_id, template_id, revision, form_id, by_id, at)
	SELECT tenant_id, template_id, revision, form_id, $4::uuid, ilp.moment() FROM changed
	WHERE former IS DISTINCT FROM form_id)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, ilp.moment(), 'template.published', $4::uuid,
       jsonb_build_object('template', template_id, 'revision', revision) FROM changed
RETURNING 1

-- name: template_unpublish
-- args: template, rev, person
WITH changed AS (
	UPDATE ilp.template SET state = 'unpublished', rev = rev + 1
	WHERE tenant_id = ilp.current_tenant() AND template_id = $1::uuid AND rev = $2::integer AND state = 'published'
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, ilp.moment(), 'template.unpublished', $3::uuid, jsonb_build_object('template', template_id) FROM changed
RETURNING 1

-- Only what never was published.
--
-- name: template_delete
-- args: template, rev, person
WITH gone AS (
	DELETE FROM ilp.template
	WHERE tenant_id = ilp.current_tenant() AND template_id = $1::uuid AND rev = $2::integer AND revision = 0
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, ilp.moment(), 'template.deleted', $3::uuid, jsonb_build_object('template', template_id) FROM gone
RETURNING 1
