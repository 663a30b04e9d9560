-- A plan's life: made, revised, published, locked, archived, deleted (ilp/plan.h). Every
-- statement begins at ilp.seat(), which says what the viewer is to each student, and asks
-- ilp.may() with a row of ilp/access.c. A hat that no state of a plan gives the right
-- finds nothing ("not_yours"); 16843009 is that hat in all four states.

-- Goes before every act: two at once wait for each other, in one order, and the later
-- sees what the earlier did. What publishing locks is held as well.
-- name: plan_hold
-- args: plans
WITH RECURSIVE line AS (
	SELECT p.plan_id, p.predecessor_id FROM ilp.plan p
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = ANY ($1::uuid[])
	UNION
	SELECT p.plan_id, p.predecessor_id FROM line l
	JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.plan_id = l.predecessor_id
)
SELECT 1 FROM ilp.plan p
WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = ANY (ARRAY(SELECT plan_id FROM line))
ORDER BY p.plan_id FOR NO KEY UPDATE

-- For many students at once, from a template, a share or another plan. One that cannot be
-- made stops no other (I-17).
-- name: plan_make
-- args: request, students, fresh, template, share, plan, title, starts, ends, person, role, course, reads, make
WITH source AS MATERIALIZED (
	SELECT t.form_id, NULL::jsonb AS content, t.org_id, NULL::uuid AS share_id,
	       jsonb_build_object('template', t.template_id, 'revision', t.revision) AS origin
	FROM ilp.template t
	WHERE t.tenant_id = ilp.current_tenant() AND t.template_id = $4::uuid AND t.state = 'published' AND t.form_id IS NOT NULL
	UNION ALL
	SELECT s.form_id, s.content, NULL, s.share_id, jsonb_build_object('share', s.share_id)
	FROM ilp.shares_for($10::uuid) s WHERE s.share_id = $5::uuid
	UNION ALL
	SELECT z.form_id, ilp.plan_content(z.plan_id, false), NULL, NULL, jsonb_build_object('plan', z.plan_id)
	FROM ilp.seat($6::uuid, $10::uuid, $11, $12::uuid, $13::bigint) z WHERE ilp.may($14::bigint, z.state, z.hat)
), asked AS MATERIALIZED (
	SELECT a.student, a.fresh, a.i, p.is_test, x.form_id, x.origin,
	       ilp.may($14::bigint, 'draft', ilp.hat(p.person_id, $10::uuid, $11, $12::uuid)) AS mine,
	       x.org_id IS NULL OR EXISTS (
		SELECT 1 FROM ilp.group_student s
		JOIN ilp.student_group g ON g.tenant_id = s.tenant_id AND g.group_id = s.group_id
		WHERE s.tenant_id = ilp.current_tenant() AND s.student_id = a.student AND ilp.org_within(g.org_id, x.org_id)) AS here
	FROM source x, unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY a (student, fresh, i)
	JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = a.student
), made AS (
	INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, series_id, request_id, origin,
		created_by, created_at, changed_by, changed_at)
	SELECT ilp.current_tenant(), a.fresh, a.student, a.form_id, $7, $8::date, $9::date, a.fresh, $1::uuid, a.origin,
		$10::uuid, ilp.moment(), $10::uuid, ilp.moment()
	FROM asked a WHERE a.mine AND a.here AND NOT a.is_test
	ON CONFLICT (tenant_id, request_id, student_id) DO NOTHING
	RETURNING *
), used AS (
	UPDATE ilp.share s SET uses = s.uses + 1 FROM source x
	WHERE s.tenant_id = ilp.current_tenant() AND s.share_id = x.share_id AND EXISTS (SELECT 1 FROM made)
	  AND NOT EXISTS (SELECT 1 FROM ilp.plan p WHERE p.tenant_id = s.tenant_id AND p.request_id = $1::uuid)
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT tenant_id, created_at, 'plan.created', created_by, plan_id, student_id, origin FROM made
), filled AS (
	SELECT m.plan_id, m.student_id, ilp.fill_plan(m.plan_id, x.content, m.created_by) FROM made m, source x
)
SELECT a.student, f.plan_id, CASE WHEN NOT a.mine THEN 'not_yours' WHEN a.is_test THEN 'test_user' WHEN NOT a.here THEN 'elsewhere' END
FROM asked a LEFT JOIN filled f ON f.student_id = a.student
UNION ALL SELECT NULL, NULL, 'source' WHERE EXISTS (SELECT 1 FROM source)

-- What a request has made so far, whoever of two that came at once made it.
-- name: plan_made
-- args: request
SELECT p.student_id, p.plan_id FROM ilp.plan p WHERE p.tenant_id = ilp.current_tenant() AND p.request_id = $1::uuid

-- The plans of the next period: of the same form, with what a mentor carries on. A plan
-- that has a successor being drafted answers with that one.
-- name: plan_revise
-- args: request, plans, fresh, title, starts, ends, goals, tasks, stays, person, role, course, reads, make
WITH asked AS MATERIALIZED (
	SELECT a.id, a.fresh, a.i, z.state, z.hat, o.student_id, o.form_id, o.series_id, n.plan_id AS has,
	       md5($1 || a.id::text)::uuid AS request_id
	FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY a (id, fresh, i)
	LEFT JOIN LATERAL ilp.seat(a.id, $10::uuid, $11, $12::uuid, $13::bigint) z ON true
	LEFT JOIN ilp.plan o ON o.tenant_id = z.tenant_id AND o.plan_id = z.plan_id
	LEFT JOIN LATERAL (
		SELECT n.plan_id FROM ilp.plan n
		WHERE n.tenant_id = z.tenant_id AND n.predecessor_id = z.plan_id
		  AND (n.state = 'draft' OR n.request_id = md5($1 || a.id::text)::uuid)
		ORDER BY n.state = 'draft' DESC, n.created_at LIMIT 1) n ON true
), made AS (
	INSERT INTO ilp.plan (tenant_id, plan_id, student_id, form_id, title, starts_on, ends_on, series_id, predecessor_id,
		moves_tasks, stays, request_id, origin, created_by, created_at, changed_by, changed_at)
	SELECT ilp.current_tenant(), a.fresh, a.student_id, a.form_id, $4, $5::date, $6::date, a.series_id, a.id,
		$8::boolean, $9::uuid[], a.request_id, jsonb_build_object('predecessor', a.id),
		$10::uuid, ilp.moment(), $10::uuid, ilp.moment()
	FROM asked a WHERE ilp.may($14::bigint, a.state, a.hat) AND a.state <> 'draft' AND a.has IS NULL
	ON CONFLICT (tenant_id, request_id, student_id) DO NOTHING
	RETURNING *
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT tenant_id, created_at, 'plan.created', created_by, plan_id, student_id, origin FROM made
), filled AS (
	SELECT m.plan_id, m.predecessor_id,
	       ilp.fill_plan(m.plan_id, ilp.plan_content(m.predecessor_id, true, $7::boolean), m.created_by)
	FROM made m
)
SELECT a.id, coalesce(f.plan_id, CASE WHEN ilp.may($14::bigint, a.state, a.hat) THEN a.has END),
       CASE WHEN a.hat * 16843009::bigint & $14::bigint <> 0 THEN a.state END,
       CASE WHEN f.plan_id IS NOT NULL THEN NULL
            WHEN a.hat IS NULL OR NOT ilp.may($14::bigint, a.state, a.hat) THEN 'not_yours'
            WHEN a.has IS NOT NULL THEN 'has_one' ELSE 'state' END
FROM asked a LEFT JOIN filled f ON f.predecessor_id = a.id
ORDER BY a.i

-- What publishing would do, and unpublishing: whom it reaches, what it locks, who has seen it.
-- name: plan_preview
-- args: plans, person, role, course, reads, publish, unpublish
WITH asked AS MATERIALIZED (
	SELECT a.i, p.*, s.name, s.given_name, s.family_name,
	       s.email <> '' AND NOT s.is_test AND NOT s.is_protected AS reached, NOT s.is_test AND NOT s.is_protected AS told
	FROM unnest($1::uuid[]) WITH ORDINALITY a (id, i)
	CROSS JOIN LATERAL ilp.seat(a.id, $2::uuid, $3, $4::uuid, $5::bigint) z
	JOIN ilp.plan p ON p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id
	JOIN ilp.person s ON s.tenant_id = p.tenant_id AND s.person_id = p.student_id
	WHERE ilp.may($6::bigint | $7::bigint, z.state, z.hat)
), home AS MATERIALIZED (
	SELECT a.plan_id, g.person_id, ilp.called(g.name, g.given_name, g.family_name, g.person_id) AS called,
	       a.told AND g.email <> '' AND NOT g.is_test AND NOT g.is_protected AND g.person_id <> $2::uuid AS reached
	FROM asked a
	JOIN ilp.guardian_link l ON l.tenant_id = a.tenant_id AND l.student_id = a.student_id
	     AND ilp.is_guardian(l.guardian_id, a.student_id)
	JOIN ilp.person g ON g.tenant_id = l.tenant_id AND g.person_id = l.guardian_id
)
SELECT a.plan_id, a.student_id, ilp.called(a.name, a.given_name, a.family_name, a.student_id), a.title, a.state,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.plan_id, 'title', o.title)), '[]')::text FROM ilp.plan o
        WHERE o.tenant_id = a.tenant_id AND o.plan_id = a.predecessor_id AND o.state = 'published' AND a.state = 'draft'),
       (SELECT count(*) FROM ilp.plan o JOIN ilp.task t ON t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id
        WHERE o.tenant_id = a.tenant_id AND o.plan_id = a.predecessor_id AND o.state IN ('published', 'locked')
          AND a.state = 'draft' AND a.moves_tasks AND t.category IN ('todo', 'doing') AND t.removed_at IS NULL
          AND t.moved_to IS NULL AND t.task_id <> ALL (a.stays)),
       coalesce(a.reached, false),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', h.called, 'mail', coalesce(h.reached, false)) ORDER BY h.called), '[]')::text
        FROM home h WHERE h.plan_id = a.plan_id),
       NOT EXISTS (SELECT 1 FROM ilp.plan_value v WHERE v.tenant_id = a.tenant_id AND v.plan_id = a.plan_id AND v.text <> '')
       AND NOT EXISTS (SELECT 1 FROM ilp.plan_row r WHERE r.tenant_id = a.tenant_id AND r.plan_id = a.plan_id AND r.removed_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM ilp.task t WHERE t.tenant_id = a.tenant_id AND t.plan_id = a.plan_id AND t.removed_at IS NULL),
       EXISTS (SELECT 1 FROM ilp.plan_look l WHERE l.tenant_id = a.tenant_id AND l.plan_id = a.plan_id AND l.hat = 4),
       EXISTS (SELECT 1 FROM ilp.plan_look l WHERE l.tenant_id = a.tenant_id AND l.plan_id = a.plan_id AND l.hat = 8),
       (SELECT count(*) FROM (SELECT b.student_id FROM asked b WHERE b.reached AND b.state = 'draft'
        UNION SELECT h.person_id FROM home h JOIN asked b USING (plan_id) WHERE h.reached AND b.state = 'draft') r)
FROM asked a ORDER BY a.i

-- Published, with all that goes with it (I-07..I-09): what came before in its line is
-- locked, and unfinished tasks of the plan before go on in this one.
-- name: plan_publish
-- args: plans, person, role, course, reads, act
WITH RECURSIVE asked AS MATERIALIZED (
	SELECT a.id, a.i, z.state, z.hat FROM unnest($1::uuid[]) WITH ORDINALITY a (id, i)
	LEFT JOIN LATERAL ilp.seat(a.id, $2::uuid, $3, $4::uuid, $5::bigint) z ON true
), published AS (
	UPDATE ilp.plan p SET state = 'published', rev = p.rev + 1,
		published_by = coalesce(p.published_by, $2::uuid), published_at = coalesce(p.published_at, ilp.moment()),
		changed_by = $2::uuid, changed_at = ilp.moment()
	FROM asked a
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = a.id AND p.state = a.state AND ilp.may($6::bigint, a.state, a.hat)
	  -- not together with the one that is to follow it
	  AND NOT EXISTS (SELECT 1 FROM ilp.plan n WHERE n.tenant_id = p.tenant_id AND n.predecessor_id = p.plan_id
		AND n.state = 'draft' AND n.plan_id = ANY ($1::uuid[]))
	RETURNING p.*
), line AS (
	SELECT n.plan_id AS heir, n.predecessor_id AS plan_id FROM published n WHERE n.predecessor_id IS NOT NULL
	UNION
	SELECT l.heir, o.predecessor_id FROM line l
	JOIN ilp.plan o ON o.tenant_id = ilp.current_tenant() AND o.plan_id = l.plan_id AND o.predecessor_id IS NOT NULL
), locked AS (
	UPDATE ilp.plan p SET state = 'locked', rev = p.rev + 1, locked_by = $2::uuid, locked_at = ilp.moment(), lock_reason = NULL,
		locked_for = l.heir, changed_by = $2::uuid, changed_at = ilp.moment()
	FROM (SELECT DISTINCT ON (plan_id) plan_id, heir FROM line ORDER BY plan_id, heir) l
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = l.plan_id AND p.state = 'published'
	RETURNING p.*, l.heir
), moved AS MATERIALIZED (
	SELECT n.plan_id, ilp.move_task(t.plan_id, t.task_id, n.plan_id, $2::uuid) AS task_id
	FROM published n
	JOIN ilp.plan o ON o.tenant_id = n.tenant_id AND o.plan_id = n.predecessor_id AND o.state IN ('published', 'locked')
	JOIN ilp.task t ON t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id
	WHERE n.moves_tasks AND t.category IN ('todo', 'doing') AND t.removed_at IS NULL AND t.moved_to IS NULL
	  AND t.task_id <> ALL (n.stays)
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT p.tenant_id, p.changed_at, 'plan.published', $2::uuid, p.plan_id, p.student_id,
	       jsonb_build_object('moved', (SELECT count(m.task_id) FROM moved m WHERE m.plan_id = p.plan_id))
	FROM published p
	UNION ALL
	SELECT tenant_id, changed_at, 'plan.locked', $2::uuid, plan_id, student_id, jsonb_build_object('by', heir) FROM locked
)
SELECT a.id, coalesce(p.state, a.state), CASE
	WHEN a.hat IS NULL OR a.hat * 16843009::bigint & $6::bigint = 0 THEN 'not_yours'
	WHEN p.plan_id IS NULL AND a.state <> 'published' THEN 'state' END
FROM asked a LEFT JOIN published p ON p.plan_id = a.id
ORDER BY a.i

-- All other arrows but the last: unpublish, lock, reopen, archive, restore. A plan that is
-- there already is left as it is.
-- name: plan_move
-- args: plans, person, role, course, reads, act, verb, reason
WITH asked AS MATERIALIZED (
	SELECT a.id, a.i, z.state, z.hat FROM unnest($1::uuid[]) WITH ORDINALITY a (id, i)
	LEFT JOIN LATERAL ilp.seat(a.id, $2::uuid, $3, $4::uuid, $5::bigint) z ON true
), moved AS (
	UPDATE ilp.plan p SET rev = p.rev + 1, changed_by = $2::uuid, changed_at = ilp.moment(),
		state = CASE $7 WHEN 'unpublish' THEN 'draft' WHEN 'lock' THEN 'locked' WHEN 'reopen' THEN 'published'
			WHEN 'archive' THEN 'archived' ELSE p.state_before END,
		state_before = CASE WHEN $7 = 'archive' THEN p.state END,
		archived_at = CASE WHEN $7 = 'archive' THEN ilp.moment() END,
		locked_by = CASE $7 WHEN 'lock' THEN $2::uuid WHEN 'reopen' THEN NULL ELSE p.locked_by END,
		locked_at = CASE $7 WHEN 'lock' THEN ilp.moment() WHEN 'reopen' THEN NULL ELSE p.locked_at END,
		lock_reason = CASE $7 WHEN 'lock' THEN $8 WHEN 'reopen' THEN NULL ELSE p.lock_reason END,
		locked_for = CASE WHEN $7 NOT IN ('lock', 'reopen') THEN p.locked_for END,
		reopened_by = CASE WHEN $7 = 'reopen' THEN $2::uuid ELSE p.reopened_by END,
		reopened_at = CASE WHEN $7 = 'reopen' THEN ilp.moment() ELSE p.reopened_at END,
		reopen_reason = CASE WHEN $7 = 'reopen' THEN $8 ELSE p.reopen_reason END
	FROM asked a
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = a.id AND p.state = a.state AND ilp.may($6::bigint, a.state, a.hat)
	  AND ($7 <> 'reopen' OR $8 <> '')
	RETURNING p.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id)
	SELECT tenant_id, changed_at, 'plan.' || CASE $7 WHEN 'unpublish' THEN 'unpublished' WHEN 'lock' THEN 'locked'
		WHEN 'reopen' THEN 'reopened' WHEN 'archive' THEN 'archived' ELSE 'restored' END, $2::uuid, plan_id, student_id
	FROM moved
)
SELECT a.id, coalesce(p.state, a.state), CASE
	WHEN a.hat IS NULL OR a.hat * 16843009::bigint & $6::bigint = 0 THEN 'not_yours'
	WHEN p.plan_id IS NOT NULL THEN NULL
	WHEN ilp.may($6::bigint, a.state, a.hat) THEN 'reason_missing'
	WHEN a.state <> ALL (CASE $7 WHEN 'unpublish' THEN ARRAY['draft'] WHEN 'lock' THEN ARRAY['locked']
		WHEN 'reopen' THEN ARRAY['published'] WHEN 'archive' THEN ARRAY['archived']
		ELSE ARRAY['draft', 'published', 'locked'] END) THEN 'state' END
FROM asked a LEFT JOIN moved p ON p.plan_id = a.id
ORDER BY a.i

-- Publishing undone, at once after it: besides the unpublishing above, what it locked is open
-- again, and tasks go back that nobody has touched where they went.
-- name: plan_undo
-- args: plans, person, role, course, reads, act
WITH RECURSIVE undone AS MATERIALIZED (
	SELECT z.tenant_id, z.plan_id FROM unnest($1::uuid[]) a (id)
	CROSS JOIN LATERAL ilp.seat(a.id, $2::uuid, $3, $4::uuid, $5::bigint) z
	WHERE z.state = 'draft' AND ilp.may($6::bigint, 'published', z.hat)
), line AS (
	SELECT p.plan_id AS heir, p.predecessor_id AS plan_id FROM undone u
	JOIN ilp.plan p ON p.tenant_id = u.tenant_id AND p.plan_id = u.plan_id AND p.predecessor_id IS NOT NULL
	UNION
	SELECT l.heir, o.predecessor_id FROM line l
	JOIN ilp.plan o ON o.tenant_id = ilp.current_tenant() AND o.plan_id = l.plan_id AND o.predecessor_id IS NOT NULL
), opened AS (
	UPDATE ilp.plan p SET state = 'published', rev = p.rev + 1, locked_by = NULL, locked_at = NULL, lock_reason = NULL,
		locked_for = NULL, changed_by = $2::uuid, changed_at = ilp.moment()
	FROM line l
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = l.plan_id AND p.locked_for = l.heir AND p.state = 'locked'
	RETURNING p.*, l.heir
), back AS (
	DELETE FROM ilp.task n USING opened o, ilp.task t
	WHERE n.tenant_id = o.tenant_id AND n.plan_id = o.heir AND t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id
	  AND t.task_id = n.moved_from AND t.moved_to = o.heir AND n.revs = t.revs AND n.status = t.status
	  AND n.confirmed_at IS NULL AND n.removed_at IS NULL AND n.moved_to IS NULL
	RETURNING n.*, t.plan_id AS home
), history AS (
	DELETE FROM ilp.plan_history h USING back b
	WHERE h.tenant_id = b.tenant_id AND h.plan_id = b.plan_id AND h.object_id = b.task_id
), tasks AS (
	UPDATE ilp.task t SET moved_to = NULL FROM back b
	WHERE t.tenant_id = b.tenant_id AND t.plan_id = b.home AND t.task_id = b.moved_from
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
SELECT tenant_id, changed_at, 'plan.reopened', $2::uuid, plan_id, student_id, jsonb_build_object('undo', heir) FROM opened

-- For good: what stands in it goes with it, and a stone without words stays (I-24). Once
-- published, only a headteacher (X-12); one who is mentor besides is asked as that.
-- name: plan_delete
-- args: plans, person, role, course, reads, act, confirm, reason
WITH asked AS MATERIALIZED (
	SELECT a.id, a.i, z.state, z.hat | CASE WHEN z.hat = 1 AND ilp.is_head($2::uuid, z.student_id) THEN 16 ELSE 0 END AS hat,
	       p.title, p.published_at, p.student_id
	FROM unnest($1::uuid[]) WITH ORDINALITY a (id, i)
	LEFT JOIN LATERAL ilp.seat(a.id, $2::uuid, $3, $4::uuid, $5::bigint) z ON true
	LEFT JOIN ilp.plan p ON p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id
), gone AS (
	DELETE FROM ilp.plan p USING asked a
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = a.id AND p.state = a.state
	  AND ilp.may($6::bigint, a.state, a.hat) AND (a.published_at IS NULL OR a.hat & 16 <> 0)
	  AND btrim(p.title) = btrim($7)
	RETURNING p.*
), stone AS (
	INSERT INTO ilp.plan_tombstone (tenant_id, plan_id, student_id, state, by_id, at, reason)
	SELECT tenant_id, plan_id, student_id, state, $2::uuid, ilp.moment(), coalesce($8, '') FROM gone
	ON CONFLICT DO NOTHING
), cursors AS (
	DELETE FROM ilp.writing w USING gone g WHERE w.tenant_id = g.tenant_id AND w.plan_id = g.plan_id
), shares AS (
	UPDATE ilp.share s SET plan_id = NULL FROM gone g WHERE s.tenant_id = g.tenant_id AND s.plan_id = g.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id)
	SELECT tenant_id, ilp.moment(), 'plan.deleted', $2::uuid, plan_id, student_id FROM gone
)
SELECT a.id, CASE WHEN g.plan_id IS NULL THEN a.state END, CASE
	WHEN g.plan_id IS NOT NULL OR t.plan_id IS NOT NULL THEN NULL
	WHEN a.hat IS NULL OR a.hat * 16843009::bigint & $6::bigint = 0 THEN 'not_yours'
	WHEN NOT ilp.may($6::bigint, a.state, a.hat) THEN 'state'
	WHEN a.published_at IS NOT NULL AND a.hat & 16 = 0 THEN 'was_published'
	WHEN coalesce(btrim($7), '') = '' THEN 'empty_confirm' ELSE 'confirm' END
FROM asked a
LEFT JOIN gone g ON g.plan_id = a.id
LEFT JOIN ilp.plan_tombstone t ON t.tenant_id = ilp.current_tenant() AND t.plan_id = a.id AND t.by_id = $2::uuid
ORDER BY a.i

-- Title and dates, for whoever saw the latest. Saying what stands there already is no conflict.
-- name: plan_change
-- args: plan, person, role, course, reads, act, rev, title, starts, ends
WITH changed AS (
	UPDATE ilp.plan p SET title = coalesce($8, p.title), starts_on = coalesce($9::date, p.starts_on),
		ends_on = coalesce($10::date, p.ends_on), rev = p.rev + 1, changed_by = $2::uuid, changed_at = ilp.moment()
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z
	WHERE p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id AND ilp.may($6::bigint, z.state, z.hat) AND p.rev = $7::int
	  AND (p.title, p.starts_on, p.ends_on) IS DISTINCT FROM
	      (coalesce($8, p.title), coalesce($9::date, p.starts_on), coalesce($10::date, p.ends_on))
	RETURNING p.*
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id)
SELECT tenant_id, changed_at, 'plan.changed', $2::uuid, plan_id, student_id FROM changed

-- Title and dates as they are, for whoever may change them.
-- name: plan_now
-- args: plan, person, role, course, reads, act
SELECT p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.currency(p.state, p.starts_on), ilp.iso(p.published_at), p.rev
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z
JOIN ilp.plan p ON p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id
WHERE ilp.may($6::bigint, z.state, z.hat)

-- Otherwise than the rule says, with a reason; NULL: as the rule says.
-- name: plan_track
-- args: plan, person, role, course, reads, act, track, reason
WITH said AS (
	UPDATE ilp.plan p SET track = $7, track_reason = $8, track_by = $2::uuid, track_at = ilp.moment(),
		changed_by = $2::uuid, changed_at = ilp.moment()
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z
	WHERE p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id AND ilp.may($6::bigint, z.state, z.hat)
	RETURNING p.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id)
	SELECT tenant_id, changed_at, 'plan.track', $2::uuid, plan_id, student_id FROM said
)
SELECT s.track, s.track_reason, ilp.called(p.name, p.given_name, p.family_name, p.person_id), ilp.iso(s.track_at)
FROM said s JOIN ilp.person p ON p.tenant_id = s.tenant_id AND p.person_id = s.track_by

-- The form of a plan that a field may be added to (X-1).
-- name: plan_form
-- args: plan, person, role, course, reads, act
SELECT z.form_id, f.definition::text, z.hat
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z
JOIN ilp.form f ON f.tenant_id = z.tenant_id AND f.form_id = z.form_id
WHERE ilp.may($6::bigint, z.state, z.hat) AND ilp.policy('mentor_fields') IS DISTINCT FROM 'false'

-- name: plan_form_set
-- args: plan, person, role, course, reads, act, old, form, field
WITH changed AS (
	UPDATE ilp.plan p SET form_id = $8::uuid, changed_by = $2::uuid, changed_at = ilp.moment()
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z
	WHERE p.tenant_id = z.tenant_id AND p.plan_id = z.plan_id AND ilp.may($6::bigint, z.state, z.hat) AND p.form_id = $7::uuid
	RETURNING p.*
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
SELECT tenant_id, changed_at, 'plan.field_added', $2::uuid, plan_id, student_id, jsonb_build_object('field', $9::text) FROM changed
RETURNING 1

-- Tasks of a locked plan that go on, by hand, in the nearest plan of its line that is being
-- worked with (I-08).
-- name: plan_transfer
-- args: plan, person, role, course, reads, act, tasks
WITH RECURSIVE seat AS (
	SELECT z.* FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) z WHERE ilp.may($6::bigint, z.state, z.hat)
), line AS (
	SELECT n.plan_id, n.state, n.created_at, 1 AS step
	FROM seat z JOIN ilp.plan n ON n.tenant_id = z.tenant_id AND n.predecessor_id = z.plan_id
	UNION ALL
	SELECT n.plan_id, n.state, n.created_at, l.step + 1
	FROM line l JOIN ilp.plan n ON n.tenant_id = ilp.current_tenant() AND n.predecessor_id = l.plan_id
), heir AS (
	SELECT plan_id FROM line WHERE state IN ('draft', 'published') ORDER BY step, created_at DESC LIMIT 1
), asked AS MATERIALIZED (
	SELECT a.id, a.i, t.moved_to, t.category, t.removed_at, t.task_id, z.plan_id, z.student_id, z.tenant_id, h.plan_id AS heir
	FROM seat z CROSS JOIN unnest($7::uuid[]) WITH ORDINALITY a (id, i)
	LEFT JOIN heir h ON true
	LEFT JOIN ilp.task t ON t.tenant_id = z.tenant_id AND t.plan_id = z.plan_id AND t.task_id = a.id
), moved AS MATERIALIZED (
	SELECT a.id, a.tenant_id, a.student_id, a.plan_id, a.heir, ilp.move_task(a.plan_id, a.task_id, a.heir, $2::uuid) AS task_id
	FROM asked a WHERE a.heir IS NOT NULL AND a.task_id IS NOT NULL AND a.moved_to IS NULL
), changed AS (
	UPDATE ilp.plan p SET changed_by = $2::uuid, changed_at = ilp.moment() FROM moved m
	WHERE p.tenant_id = m.tenant_id AND p.plan_id IN (m.plan_id, m.heir) AND m.task_id IS NOT NULL
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT DISTINCT tenant_id, ilp.moment(), 'task.transferred', $2::uuid, heir, student_id, jsonb_build_object('from', plan_id)
	FROM moved WHERE task_id IS NOT NULL
)
SELECT a.id, a.heir, CASE
	WHEN a.heir IS NULL THEN 'no_successor' WHEN m.task_id IS NOT NULL THEN NULL
	WHEN a.task_id IS NULL OR a.removed_at IS NOT NULL THEN 'not_found'
	WHEN a.moved_to = a.heir THEN NULL WHEN a.moved_to IS NOT NULL THEN 'moved_before' ELSE 'finished' END
FROM asked a LEFT JOIN moved m ON m.id = a.id
ORDER BY a.i
