-- Plans that others may begin with (ilp/share.h): what ilp.plan_content() lets out of a plan,
-- as it was then. Later edits and a withdrawal change no copy (I-11).

-- $8: with one school, that of the student's group; where the tenant has no schools, with all
-- of it. No row: not a plan of theirs to share.
-- name: share_make
-- args: plan, person, role, course, reads, act, share, school, title
WITH seat AS MATERIALIZED (
	SELECT z.* FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z WHERE ilp.may($6::bigint, z.state, z.hat)
), scope AS (
	SELECT z.*, ilp.school_of(z.student_id, $2::uuid) AS org_id,
	       EXISTS (SELECT 1 FROM ilp.org o WHERE o.tenant_id = z.tenant_id) AS schools
	FROM seat z
), made AS (
	INSERT INTO ilp.share (tenant_id, share_id, org_id, plan_id, form_id, title, content, by_id, at)
	SELECT tenant_id, $7::uuid, CASE WHEN $8::boolean THEN org_id END, plan_id, form_id, $9,
	       ilp.plan_content(plan_id, false), $2::uuid, ilp.moment()
	FROM scope WHERE NOT $8::boolean OR org_id IS NOT NULL OR NOT schools
	ON CONFLICT (tenant_id, share_id) DO NOTHING
	RETURNING *
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT m.tenant_id, m.at, 'share.made', m.by_id, m.plan_id, z.student_id, jsonb_build_object('share', m.share_id)
	FROM made m, seat z
)
SELECT $8::boolean AND org_id IS NULL AND schools FROM scope

-- Newest first; of very many the last two thousand are searched. only: one of them. Others'
-- are for mentors: who only teaches makes no plans.
-- name: share_list
-- args: person, search, only
SELECT s.share_id, s.title, s.org_id IS NULL, o.name, ilp.called(p.name, p.given_name, p.family_name, p.person_id),
       ilp.iso(s.at), s.uses, s.by_id = $1::uuid, f.definition ->> 'purpose', (f.definition -> 'title')::text,
       jsonb_array_length(s.content -> 'rows'), jsonb_array_length(s.content -> 'tasks'),
       CASE WHEN $3::uuid IS NOT NULL THEN f.definition::text END, CASE WHEN $3::uuid IS NOT NULL THEN s.content::text END
FROM (SELECT * FROM ilp.shares_for($1::uuid) s WHERE $3::uuid IS NULL OR s.share_id = $3::uuid
      ORDER BY s.at DESC LIMIT 2000) s
JOIN ilp.form f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id
JOIN ilp.person p ON p.tenant_id = s.tenant_id AND p.person_id = s.by_id
LEFT JOIN ilp.org o ON o.tenant_id = s.tenant_id AND o.org_id = s.org_id
WHERE (s.by_id = $1::uuid OR EXISTS (SELECT 1 FROM ilp.charge c WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid))
  AND ($2::text IS NULL OR position(lower($2) IN lower(concat_ws(' ', s.title, p.name, p.given_name, p.family_name, o.name,
	(SELECT string_agg(t #>> '{}', ' ') FROM jsonb_path_query(f.definition, '$.title.*') t)))) > 0)
ORDER BY s.at DESC, s.share_id LIMIT 100

-- One's own; what was made of it stays.
-- name: share_withdraw
-- args: share, person
WITH gone AS (
	UPDATE ilp.share SET withdrawn_at = ilp.moment()
	WHERE tenant_id = ilp.current_tenant() AND share_id = $1::uuid AND by_id = $2::uuid AND withdrawn_at IS NULL
	RETURNING *
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, detail)
	SELECT tenant_id, withdrawn_at, 'share.withdrawn', by_id, plan_id, jsonb_build_object('share', share_id) FROM gone
)
SELECT 1 FROM ilp.share WHERE tenant_id = ilp.current_tenant() AND share_id = $1::uuid AND by_id = $2::uuid
