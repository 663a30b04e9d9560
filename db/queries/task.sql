-- Tasks (ilp/task.h): each property with its own revision, so that separate ones never clash.

-- A task begins with the first status of its list that is still to be done.
-- name: task_add
-- args: plan, person, role, course, reads, writes, task, row, field, text, due, responsible, link, after
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, coalesce($8::uuid, s.plan_id) AS row_id, b.position AS behind,
	       f.codes[coalesce(array_position(f.categories, 'todo'), 1)] AS status,
	       f.categories[coalesce(array_position(f.categories, 'todo'), 1)] AS category,
	       (SELECT count(*) FROM ilp.task t WHERE t.tenant_id = s.tenant_id AND t.plan_id = s.plan_id) >= 1000 AS is_full
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = $8::uuid
	LEFT JOIN ilp.task b ON b.tenant_id = s.tenant_id AND b.plan_id = s.plan_id AND b.task_id = $14::uuid
	WHERE f.key = $9 AND f.kind = 'tasks' AND f.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat)
	  AND CASE WHEN f.of = 'plan' THEN $8::uuid IS NULL ELSE r.kind = f.of END
	  AND ($14::uuid IS NULL OR b.field = $9 AND b.row_id = coalesce($8::uuid, s.plan_id))
), beside AS (
	SELECT t.position FROM open o
	JOIN ilp.task t ON t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id AND t.field = $9 AND t.row_id = o.row_id
), made AS (
	INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, responsible, link,
	                      by_id, hat, at, changed_by)
	SELECT tenant_id, plan_id, $7::uuid, $9, row_id,
	       CASE WHEN behind IS NULL THEN (SELECT coalesce(max(position), 0) + 1 FROM beside)
	            ELSE coalesce((behind + (SELECT min(position) FROM beside WHERE position > behind)) / 2, behind + 1) END,
	       $10, status, category, $11::date, $12, $13, $2::uuid, hat, ilp.moment(), $2::uuid
	FROM open WHERE NOT is_full
	ON CONFLICT DO NOTHING
	RETURNING *
), changed AS (
	UPDATE ilp.plan p SET changed_at = t.at, changed_by = t.by_id
	FROM made t WHERE p.tenant_id = t.tenant_id AND p.plan_id = t.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT t.tenant_id, t.at, 'task.added', t.by_id, t.plan_id, o.student_id, jsonb_build_object('task', t.task_id, 'field', t.field)
	FROM made t, open o)
SELECT (SELECT is_full FROM open), (SELECT task_id FROM made)

-- One property. Words, date, who, link and detail belong to those who write in the list. A
-- status is set by whoever the form names for it: students of any task, guardians of home's,
-- course teachers where they write. What was dropped is taken up again by those who may drop,
-- what a mentor confirmed is opened by mentors; what has moved on stays as it is (I-09).
-- name: task_save
-- args: plan, person, role, course, reads, writes, sets_status, task, field, text, seen
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), before AS MATERIALIZED (
	SELECT t.*, s.hat AS my_hat, s.student_id, f.codes, f.categories, x.i, c.at AS code,
	       CASE $9 WHEN 'text' THEN t.text WHEN 'status' THEN t.status WHEN 'due' THEN coalesce(t.due_on::text, '')
	               WHEN 'responsible' THEN t.responsible WHEN 'link' THEN coalesce(t.link, '') ELSE t.detail END AS now,
	       CASE $9 WHEN 'text' THEN length($10) <= 2000
	               WHEN 'status' THEN coalesce(f.setters[c.at] & s.hat <> 0, false)
	               WHEN 'due' THEN ilp.value_fits('date', NULL, $10)
	               WHEN 'responsible' THEN $10 IN ('student', 'home', 'school')
	               WHEN 'link' THEN length($10) <= 2000
	               ELSE length($10) <= 200 END AS fits
	FROM s CROSS JOIN LATERAL ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
	JOIN ilp.form_field f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = t.field
	CROSS JOIN LATERAL (SELECT array_position(ARRAY['text', 'status', 'due', 'responsible', 'link', 'detail'], $9) AS i) x
	CROSS JOIN LATERAL (SELECT array_position(f.codes, $10) AS at) c
	WHERE t.task_id = $8::uuid AND x.i IS NOT NULL AND t.moved_to IS NULL
	  AND CASE WHEN $9 = 'status' THEN ilp.may($7::bigint, s.state, s.hat)
	           AND CASE s.hat WHEN 8 THEN t.responsible = 'home' WHEN 2 THEN f.edits & 2 <> 0 ELSE true END
	           AND (t.confirmed_at IS NULL OR s.hat = 1)
	           AND (t.category <> 'dropped' OR coalesce(f.setters[array_position(f.codes, t.status)] & s.hat <> 0, s.hat = 1))
	      ELSE f.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat) END
), saved AS (
	UPDATE ilp.task t SET
		text = CASE WHEN $9 = 'text' THEN $10 ELSE t.text END,
		text_by = CASE WHEN $9 = 'text' THEN $2::uuid ELSE t.text_by END,
		text_at = CASE WHEN $9 = 'text' THEN ilp.moment() ELSE t.text_at END,
		status = CASE WHEN $9 = 'status' THEN $10 ELSE t.status END,
		category = CASE WHEN $9 = 'status' THEN b.categories[b.code] ELSE t.category END,
		status_by = CASE WHEN $9 = 'status' THEN $2::uuid ELSE t.status_by END,
		status_at = CASE WHEN $9 = 'status' THEN ilp.moment() ELSE t.status_at END,
		confirmed_by = CASE WHEN $9 <> 'status' OR b.categories[b.code] = 'done' THEN t.confirmed_by END,
		confirmed_at = CASE WHEN $9 <> 'status' OR b.categories[b.code] = 'done' THEN t.confirmed_at END,
		due_on = CASE WHEN $9 = 'due' THEN nullif($10, '')::date ELSE t.due_on END,
		responsible = CASE WHEN $9 = 'responsible' THEN $10 ELSE t.responsible END,
		link = CASE WHEN $9 = 'link' THEN nullif($10, '') ELSE t.link END,
		detail = CASE WHEN $9 = 'detail' THEN $10 ELSE t.detail END,
		revs[b.i] = t.revs[b.i] + 1, at = ilp.moment(), changed_by = $2::uuid
	FROM before b
	WHERE t.tenant_id = b.tenant_id AND t.plan_id = b.plan_id AND t.task_id = b.task_id
	  AND b.fits AND t.revs[b.i] = $11::int AND b.now <> $10
	RETURNING t.*
), replaced AS (
	INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.plan_id, b.task_id, 'text', b.revs[1], b.text, coalesce(b.text_by, b.by_id), coalesce(b.text_at, b.at)
	FROM before b, saved t
	WHERE $9 = 'text' AND b.text <> ''
	  AND (coalesce(b.text_by, b.by_id) <> $2::uuid OR coalesce(b.text_at, b.at) < t.at - interval '10 minutes')
	ON CONFLICT DO NOTHING
), changed AS (
	UPDATE ilp.plan p SET changed_at = t.at, changed_by = $2::uuid
	FROM saved t WHERE p.tenant_id = t.tenant_id AND p.plan_id = t.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT t.tenant_id, t.at, CASE WHEN $9 = 'status' THEN 'task.status' ELSE 'task.saved' END, $2::uuid, t.plan_id, b.student_id,
	       jsonb_strip_nulls(jsonb_build_object('task', t.task_id, 'field', $9, 'category', CASE WHEN $9 = 'status' THEN t.category END))
	FROM saved t, before b)
SELECT (SELECT fits FROM before), (SELECT revs[(SELECT i FROM before)] FROM saved)

-- OFFSET: whoever it was is found by a plain id, as row-level security lets an index be used.
-- name: task_now
-- args: plan, person, role, course, reads, task, field
SELECT CASE $7 WHEN 'text' THEN t.text WHEN 'status' THEN t.status WHEN 'due' THEN coalesce(t.due_on::text, '')
               WHEN 'responsible' THEN t.responsible WHEN 'link' THEN coalesce(t.link, '') ELSE t.detail END,
       t.revs[array_position(ARRAY['text', 'status', 'due', 'responsible', 'link', 'detail'], $7)],
       (SELECT ilp.called(a.name, a.given_name, a.family_name, a.person_id) FROM ilp.person a
        WHERE a.tenant_id = t.tenant_id AND a.person_id = x.by_id), ilp.iso(x.at)
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
CROSS JOIN LATERAL ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
CROSS JOIN LATERAL (
	SELECT CASE $7 WHEN 'text' THEN coalesce(t.text_by, t.by_id) WHEN 'status' THEN coalesce(t.status_by, t.by_id)
	               ELSE coalesce(t.changed_by, t.by_id) END AS by_id,
	       CASE $7 WHEN 'text' THEN coalesce(t.text_at, t.at) WHEN 'status' THEN coalesce(t.status_at, t.at) ELSE t.at END AS at
	OFFSET 0) x
WHERE t.task_id = $6::uuid

-- Moves a task, also to another goal; takes it away and back; confirms that it is done. As
-- with rows: mentors remove anything, others what their own side added.
-- name: task_change
-- args: plan, person, role, course, reads, writes, confirms, task, moves, after, row, removed, confirmed
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, t.task_id, t.field, coalesce($11::uuid, t.row_id) AS new_row, b.position AS behind
	FROM s
	JOIN ilp.task t ON t.tenant_id = s.tenant_id AND t.plan_id = s.plan_id AND t.task_id = $8::uuid AND t.moved_to IS NULL
	CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = coalesce($11::uuid, t.row_id)
	LEFT JOIN ilp.task b ON b.tenant_id = s.tenant_id AND b.plan_id = s.plan_id AND b.task_id = $10::uuid
	WHERE f.key = t.field AND (t.row_id = s.plan_id AND $11::uuid IS NULL OR r.kind = f.of)
	  AND (NOT $9::boolean AND $11::uuid IS NULL AND $12::boolean IS NULL OR f.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat))
	  AND ($12::boolean IS NULL OR s.hat = 1 OR t.hat = s.hat)
	  AND ($13::boolean IS NULL OR ilp.may($7::bigint, s.state, s.hat) AND t.removed_at IS NULL AND (t.category = 'done' OR NOT $13::boolean))
	  AND ($10::uuid IS NULL OR b.task_id <> t.task_id AND b.field = t.field AND b.row_id = coalesce($11::uuid, t.row_id))
), beside AS (
	SELECT t.task_id, t.position FROM open o
	JOIN ilp.task t ON t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id AND t.field = o.field AND t.row_id = o.new_row
	     AND t.task_id <> o.task_id
), done AS (
	UPDATE ilp.task t SET
		row_id = o.new_row, at = ilp.moment(), changed_by = $2::uuid,
		removed_at = CASE WHEN $12::boolean IS NULL THEN t.removed_at WHEN $12::boolean THEN coalesce(t.removed_at, ilp.moment()) END,
		confirmed_by = CASE WHEN $13::boolean IS NULL THEN t.confirmed_by WHEN $13::boolean THEN coalesce(t.confirmed_by, $2::uuid) END,
		confirmed_at = CASE WHEN $13::boolean IS NULL THEN t.confirmed_at WHEN $13::boolean THEN coalesce(t.confirmed_at, ilp.moment()) END,
		position = CASE WHEN NOT $9::boolean AND $11::uuid IS NULL THEN t.position
			WHEN NOT $9::boolean THEN (SELECT coalesce(max(position), 0) + 1 FROM beside)
			WHEN o.behind IS NULL THEN (SELECT coalesce(min(position), 2) - 1 FROM beside)
			ELSE coalesce((o.behind + (SELECT min(position) FROM beside WHERE position > o.behind)) / 2, o.behind + 1) END
	FROM open o
	WHERE t.tenant_id = o.tenant_id AND t.plan_id = o.plan_id AND t.task_id = o.task_id
	  -- said again, it stands there already
	  AND ($9::boolean AND (o.new_row <> t.row_id OR $10::uuid IS DISTINCT FROM (
		SELECT u.task_id FROM beside u WHERE u.position < t.position ORDER BY u.position DESC LIMIT 1))
	       OR NOT $9::boolean AND o.new_row <> t.row_id
	       OR $12::boolean IS NOT NULL AND $12::boolean <> (t.removed_at IS NOT NULL)
	       OR $13::boolean IS NOT NULL AND $13::boolean <> (t.confirmed_at IS NOT NULL))
	RETURNING t.*
), changed AS (
	UPDATE ilp.plan p SET changed_at = t.at, changed_by = $2::uuid
	FROM done t WHERE p.tenant_id = t.tenant_id AND p.plan_id = t.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT t.tenant_id, t.at, CASE WHEN $12::boolean THEN 'task.removed' WHEN NOT $12::boolean THEN 'task.restored'
	                               WHEN $13::boolean THEN 'task.confirmed' WHEN NOT $13::boolean THEN 'task.opened' ELSE 'task.moved' END,
	       $2::uuid, t.plan_id, o.student_id, jsonb_build_object('task', t.task_id)
	FROM done t, open o)
SELECT 1 FROM open
