-- Saves in a plan: values of fields, and the rows of the grid (ilp/work.h). Each is one
-- statement: the seat, the right in the field, what fits, the revision that was seen; then the
-- text, what it replaced, the plan's own time and the event. Nothing found is nothing changed.

-- The voice (I-23): NULL, or 4 where a mentor types for the student while they meet.
-- Whoever proposed a goal may still word it until it was taken up.
-- name: value_save
-- args: plan, person, role, course, reads, writes, proposes, meets, row, field, text, seen, voice
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.tenant_id, s.plan_id, s.student_id, coalesce($9::uuid, s.plan_id) AS object_id, coalesce($13::int, s.hat) AS hat,
	       CASE $13::int WHEN 4 THEN s.student_id ELSE $2::uuid END AS author_id,
	       CASE WHEN $13::int IS NOT NULL THEN $2::uuid END AS typed_by, ilp.value_fits(f.kind, f.codes, $11) AS fits
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = $9::uuid
	WHERE f.key = $10 AND CASE WHEN f.of = 'plan' THEN $9::uuid IS NULL ELSE r.kind = f.of END
	  AND ilp.may($6::bigint, s.state, coalesce($13::int, s.hat))
	  AND ($13::int IS NULL OR s.hat = 1 AND ilp.may($8::bigint, s.state, s.hat) AND EXISTS (
		SELECT 1 FROM ilp.meeting g WHERE g.tenant_id = s.tenant_id AND g.plan_id = s.plan_id AND g.state = 'held' AND g.step IS NOT NULL))
	  AND (f.edits & coalesce($13::int, s.hat) <> 0
	       OR f.head AND r.state = 'proposed' AND r.hat = s.hat AND ilp.may($7::bigint, s.state, s.hat))
), before AS (
	SELECT v.* FROM ilp.plan_value v, open o
	WHERE v.tenant_id = o.tenant_id AND v.plan_id = o.plan_id AND v.row_id = o.object_id AND v.field = $10
), saved AS (
	INSERT INTO ilp.plan_value AS v (tenant_id, plan_id, row_id, field, text, author_id, hat, typed_by, at)
	SELECT tenant_id, plan_id, object_id, $10, $11, author_id, hat, typed_by, ilp.moment() FROM open
	WHERE fits AND (EXISTS (SELECT 1 FROM before) OR ($12::int = 0 AND coalesce($11, '') <> ''))
	ON CONFLICT (tenant_id, plan_id, row_id, field) DO UPDATE
	SET text = excluded.text, rev = v.rev + 1, author_id = excluded.author_id, hat = excluded.hat,
	    typed_by = excluded.typed_by, at = excluded.at
	WHERE v.rev = $12::int AND coalesce(v.text, '') <> coalesce(excluded.text, '')
	RETURNING v.*
), replaced AS (
	INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.plan_id, b.row_id, b.field, b.rev, b.text, b.author_id, b.at
	FROM before b, saved v
	WHERE b.text <> '' AND (b.author_id <> v.author_id OR b.at < v.at - interval '10 minutes')
	ON CONFLICT DO NOTHING
), changed AS (
	UPDATE ilp.plan p SET changed_at = v.at, changed_by = $2::uuid
	FROM saved v WHERE p.tenant_id = v.tenant_id AND p.plan_id = v.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT v.tenant_id, v.at, 'value.saved', $2::uuid, v.plan_id, o.student_id,
	       jsonb_strip_nulls(jsonb_build_object('field', v.field, 'row', nullif(v.row_id, v.plan_id), 'rev', v.rev,
	                                            'voice', CASE WHEN v.typed_by IS NOT NULL THEN v.author_id END))
	FROM saved v, open o)
SELECT (SELECT fits FROM open), (SELECT rev FROM saved)

-- What stands there now, whoever wrote it.
-- name: value_now
-- args: plan, person, role, course, reads, row, field
SELECT v.text, v.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id), ilp.iso(v.at)
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
JOIN ilp.plan_value v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id
     AND v.row_id = coalesce($6::uuid, s.plan_id) AND v.field = f.key
JOIN ilp.person a ON a.tenant_id = v.tenant_id AND a.person_id = v.author_id
WHERE f.key = $7
  AND (f.of = 'plan' OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = v.row_id))

-- A competence or goal, with its own words in the head field. Who edits the grid and that
-- field agrees by adding; students and guardians propose goals else, where the school lets
-- them. A plan has at most 500 rows.
-- name: row_add
-- args: plan, person, role, course, reads, writes, proposes, row, kind, parent, after, text, framework, objective
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, h.key AS head, x.agrees, o.text AS objective_text,
	       (SELECT count(*) FROM ilp.plan_row r WHERE r.tenant_id = s.tenant_id AND r.plan_id = s.plan_id) >= 500 AS is_full
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) g
	JOIN ilp.form_field h ON h.tenant_id = s.tenant_id AND h.form_id = s.form_id AND h.head AND h.of = $9
	CROSS JOIN LATERAL (SELECT g.edits & h.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat) AS agrees) x
	LEFT JOIN ilp.objective o ON o.tenant_id = s.tenant_id AND o.framework_id = $13::uuid AND o.objective_id = $14::uuid
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) u ON u.row_id = $10::uuid
	LEFT JOIN ilp.plan_row b ON b.tenant_id = s.tenant_id AND b.plan_id = s.plan_id AND b.row_id = $11::uuid
	WHERE g.key = '_rows' AND CASE WHEN $9 = 'goal' THEN u.kind = 'competence' ELSE $10::uuid IS NULL END
	  AND ($14::uuid IS NULL OR o.objective_id IS NOT NULL)
	  AND ($11::uuid IS NULL OR b.kind = $9 AND b.parent_id IS NOT DISTINCT FROM $10::uuid)
	  AND (x.agrees OR $9 = 'goal' AND ilp.may($7::bigint, s.state, s.hat)
	       AND CASE s.hat WHEN 4 THEN ilp.policy('students_propose') WHEN 8 THEN ilp.policy('guardians_propose') END
	           IS DISTINCT FROM 'false')
), beside AS (
	SELECT r.position FROM open o
	JOIN ilp.plan_row r ON r.tenant_id = o.tenant_id AND r.plan_id = o.plan_id
	     AND r.kind = $9 AND r.parent_id IS NOT DISTINCT FROM $10::uuid
), made AS (
	INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, state, objective_id, objective, by_id, hat, at)
	SELECT tenant_id, plan_id, $8::uuid, $9, $10::uuid, (
		SELECT CASE WHEN $11::uuid IS NULL THEN (SELECT coalesce(max(position), 0) + 1 FROM beside) ELSE (
			SELECT coalesce((r.position + (SELECT min(position) FROM beside WHERE position > r.position)) / 2, r.position + 1)
			FROM ilp.plan_row r WHERE r.tenant_id = o.tenant_id AND r.plan_id = o.plan_id AND r.row_id = $11::uuid) END),
	       CASE WHEN agrees THEN 'agreed' ELSE 'proposed' END, $14::uuid, objective_text, $2::uuid, hat, ilp.moment()
	FROM open o WHERE NOT is_full
	ON CONFLICT DO NOTHING
	RETURNING *
), worded AS (
	INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at)
	SELECT r.tenant_id, r.plan_id, r.row_id, o.head, $12, r.by_id, r.hat, r.at FROM made r, open o WHERE $12 <> ''
), changed AS (
	UPDATE ilp.plan p SET changed_at = r.at, changed_by = r.by_id
	FROM made r WHERE p.tenant_id = r.tenant_id AND p.plan_id = r.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT r.tenant_id, r.at, CASE r.state WHEN 'agreed' THEN 'row.added' ELSE 'row.proposed' END, r.by_id, r.plan_id, o.student_id,
	       jsonb_build_object('row', r.row_id, 'kind', r.kind)
	FROM made r, open o)
SELECT (SELECT is_full FROM open), (SELECT row_id FROM made)

-- Moves a row, takes it away, brings it back, takes a proposal up or declines it. Mentors
-- remove anything, others what their own side added; a proposal may be withdrawn by its side
-- until it is answered. Answers whether such a row is there for this viewer to change.
-- name: row_change
-- args: plan, person, role, course, reads, writes, proposes, confirms, row, moves, after, parent, state, removed
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, r.row_id, r.kind, coalesce($12::uuid, r.parent_id) AS new_parent, b.position AS behind
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) g
	JOIN ilp.plan_row r ON r.tenant_id = s.tenant_id AND r.plan_id = s.plan_id AND r.row_id = $9::uuid
	     AND (r.state = 'agreed' OR s.hat = 1 OR r.hat = s.hat)
	LEFT JOIN ilp.plan_row b ON b.tenant_id = s.tenant_id AND b.plan_id = s.plan_id AND b.row_id = $11::uuid
	WHERE g.key = '_rows'
	  AND (g.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat)
	       OR r.state = 'proposed' AND r.hat = s.hat AND NOT $10::boolean AND $12::uuid IS NULL AND ilp.may($7::bigint, s.state, s.hat))
	  AND ($14::boolean IS NULL OR s.hat = 1 OR r.hat = s.hat)
	  AND ($13::text IS NULL OR ilp.may($8::bigint, s.state, s.hat))
	  AND ($12::uuid IS NULL OR r.kind = 'goal' AND EXISTS (
		SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) u WHERE u.row_id = $12::uuid AND u.kind = 'competence'))
	  AND ($11::uuid IS NULL OR b.row_id <> r.row_id AND b.kind = r.kind
	       AND b.parent_id IS NOT DISTINCT FROM coalesce($12::uuid, r.parent_id))
), beside AS (
	SELECT r.row_id, r.position FROM open o
	JOIN ilp.plan_row r ON r.tenant_id = o.tenant_id AND r.plan_id = o.plan_id AND r.row_id <> o.row_id
	     AND r.kind = o.kind AND r.parent_id IS NOT DISTINCT FROM o.new_parent
), done AS (
	UPDATE ilp.plan_row r SET
		parent_id = o.new_parent, state = coalesce($13, r.state), at = ilp.moment(),
		removed_at = CASE WHEN $14::boolean IS NULL THEN r.removed_at WHEN $14::boolean THEN coalesce(r.removed_at, ilp.moment()) END,
		position = CASE WHEN NOT $10::boolean AND $12::uuid IS NULL THEN r.position
			WHEN NOT $10::boolean THEN (SELECT coalesce(max(position), 0) + 1 FROM beside)
			WHEN o.behind IS NULL THEN (SELECT coalesce(min(position), 2) - 1 FROM beside)
			ELSE coalesce((o.behind + (SELECT min(position) FROM beside WHERE position > o.behind)) / 2, o.behind + 1) END
	FROM open o
	WHERE r.tenant_id = o.tenant_id AND r.plan_id = o.plan_id AND r.row_id = o.row_id
	  -- said again, it stands there already
	  AND ($10::boolean AND (o.new_parent IS DISTINCT FROM r.parent_id OR $11::uuid IS DISTINCT FROM (
		SELECT u.row_id FROM beside u WHERE u.position < r.position ORDER BY u.position DESC LIMIT 1))
	       OR NOT $10::boolean AND o.new_parent IS DISTINCT FROM r.parent_id OR $13::text IS DISTINCT FROM r.state AND $13::text IS NOT NULL
	       OR $14::boolean IS DISTINCT FROM (r.removed_at IS NOT NULL) AND $14::boolean IS NOT NULL)
	RETURNING r.*
), changed AS (
	UPDATE ilp.plan p SET changed_at = r.at, changed_by = $2::uuid
	FROM done r WHERE p.tenant_id = r.tenant_id AND p.plan_id = r.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT r.tenant_id, r.at, CASE WHEN $14::boolean THEN 'row.removed' WHEN NOT $14::boolean THEN 'row.restored'
	                               WHEN $13::text IS NOT NULL THEN 'row.' || r.state ELSE 'row.moved' END,
	       $2::uuid, r.plan_id, o.student_id, jsonb_build_object('row', r.row_id, 'kind', r.kind)
	FROM done r, open o)
SELECT 1 FROM open
