-- What stands in a plan, as a hat sees it (ilp/work.h). Every statement begins at ilp.seat();
-- what follows joins the fields, rows, tasks and posts that the hat sees, so that nothing of
-- what is hidden is read at all (I-03). $6: the hat whose eyes a mentor borrows.

-- The plan itself, its student and its form. Families hear no reasons; who follows and went
-- before is named where it may be read itself.
-- name: work_plan
-- args: plan, person, role, course, reads, as
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.currency(p.state, p.starts_on), ilp.iso(p.published_at),
       p.rev, s.hat, s.real_hat, ilp.iso(p.locked_at), CASE WHEN s.hat & 19 <> 0 THEN p.lock_reason END,
       b.plan_id, b.title, a.plan_id, a.title, a.state,
       CASE WHEN p.state = 'draft' AND p.moves_tasks AND b.state = 'published' THEN (
		SELECT count(*) FROM ilp.seen_tasks(b.plan_id, b.form_id, s.hat) t
		WHERE t.category IN ('todo', 'doing') AND t.moved_to IS NULL) END,
       CASE WHEN s.hat & 19 <> 0 THEN ilp.called(m.name, m.given_name, m.family_name, m.person_id) END,
       k.person_id, k.name, k.given_name, k.family_name, f.definition::text,
       CASE WHEN $6::int IS NULL THEN ilp.iso(ilp.looked(p.plan_id, $2::uuid)) END,
       CASE s.hat WHEN 4 THEN ilp.policy('students_propose') IS DISTINCT FROM 'false'
                  WHEN 8 THEN ilp.policy('guardians_propose') IS DISTINCT FROM 'false' ELSE true END,
       ilp.policy('mentor_fields') IS DISTINCT FROM 'false' AND f.definition ? 'ceiling',
       s.form_id
FROM s
JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
JOIN ilp.form f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id
JOIN ilp.person k ON k.tenant_id = s.tenant_id AND k.person_id = s.student_id
LEFT JOIN ilp.person m ON m.tenant_id = p.tenant_id AND m.person_id = p.created_by
LEFT JOIN ilp.plan b ON b.tenant_id = p.tenant_id AND b.plan_id = p.predecessor_id
     AND ilp.may($5::bigint, b.state, s.hat) AND ilp.history_open(b.state, s.hat, b.published_at, b.state_before)
LEFT JOIN LATERAL (
	SELECT n.plan_id, n.title, n.state FROM ilp.plan n
	WHERE n.tenant_id = p.tenant_id AND n.predecessor_id = p.plan_id
	  AND ilp.may($5::bigint, n.state, s.hat) AND ilp.history_open(n.state, s.hat, n.published_at, n.state_before)
	ORDER BY n.created_at DESC LIMIT 1) a ON true

-- name: work_rows
-- args: plan, person, role, course, reads, as, since, only
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT r.row_id, r.kind, r.parent_id, r.place, r.state, r.objective,
       ilp.called(a.name, a.given_name, a.family_name, a.person_id), r.hat, s.hat = 1 OR s.hat = r.hat
FROM s CROSS JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r
JOIN ilp.person a ON a.tenant_id = s.tenant_id AND a.person_id = r.by_id
WHERE ($7::timestamptz IS NULL OR r.at >= $7::timestamptz) AND ($8::uuid IS NULL OR r.row_id = $8::uuid)
ORDER BY r.kind, r.place, r.row_id

-- A row that comes back brings what stands in it.
-- name: work_values
-- args: plan, person, role, course, reads, as, since
WITH s AS MATERIALIZED (
	SELECT *, CASE WHEN $6::int IS NULL THEN ilp.looked(plan_id, $2::uuid) END AS looked
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT nullif(v.row_id, s.plan_id), v.field, v.text, v.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id),
       v.hat, CASE WHEN v.typed_by IS NOT NULL THEN ilp.called(t.name, t.given_name, t.family_name, t.person_id) END,
       ilp.iso(v.at), coalesce(v.at > s.looked AND coalesce(v.typed_by, v.author_id) <> $2::uuid, false), f.kind
FROM s
JOIN ilp.plan_value v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = v.row_id
JOIN ilp.person a ON a.tenant_id = v.tenant_id AND a.person_id = v.author_id
LEFT JOIN ilp.person t ON t.tenant_id = v.tenant_id AND t.person_id = v.typed_by
WHERE f.key = v.field AND CASE WHEN f.of = 'plan' THEN v.row_id = s.plan_id ELSE r.kind = f.of END
  AND ($7::timestamptz IS NULL OR greatest(v.at, r.at) >= $7::timestamptz)
ORDER BY v.row_id, v.field

-- name: work_tasks
-- args: plan, person, role, course, reads, as, since, only
WITH s AS MATERIALIZED (
	SELECT *, CASE WHEN $6::int IS NULL THEN ilp.looked(plan_id, $2::uuid) END AS looked
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT t.task_id, t.field, nullif(t.row_id, s.plan_id), t.position, t.text, t.status, t.category, t.due_on, t.responsible,
       t.link, t.detail, t.revs[1], t.revs[2], t.revs[3], t.revs[4], t.revs[5], t.revs[6],
       CASE WHEN t.status_by IS NOT NULL THEN ilp.called(b.name, b.given_name, b.family_name, b.person_id) END,
       ilp.iso(t.status_at),
       CASE WHEN t.confirmed_at IS NOT NULL THEN ilp.called(c.name, c.given_name, c.family_name, c.person_id) END,
       ilp.iso(t.confirmed_at), t.moved_from IS NOT NULL, t.moved_to,
       coalesce(t.at > s.looked AND coalesce(t.changed_by, t.by_id) <> $2::uuid, false), s.hat = 1 OR s.hat = t.hat
FROM s CROSS JOIN LATERAL ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
LEFT JOIN ilp.person b ON b.tenant_id = t.tenant_id AND b.person_id = t.status_by
LEFT JOIN ilp.person c ON c.tenant_id = t.tenant_id AND c.person_id = t.confirmed_by
WHERE ($7::timestamptz IS NULL OR t.at >= $7::timestamptz OR EXISTS (
	SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = t.row_id AND r.at >= $7::timestamptz))
  AND ($8::uuid IS NULL OR t.task_id = $8::uuid)
ORDER BY t.row_id, t.position, t.task_id

-- name: work_posts
-- args: plan, person, role, course, reads, as, since, only
WITH s AS MATERIALIZED (
	SELECT *, CASE WHEN $6::int IS NULL THEN ilp.looked(plan_id, $2::uuid) END AS looked,
	       CASE WHEN $6::int IS NULL THEN $2::uuid END AS me
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT p.post_id, p.field, nullif(p.row_id, s.plan_id), CASE WHEN p.removed_at IS NULL THEN p.text ELSE '' END, p.audience, p.rev,
       ilp.called(a.name, a.given_name, a.family_name, a.person_id), p.author_id, p.hat, ilp.iso(p.at), ilp.iso(p.edited_at),
       p.removed_at IS NOT NULL, ilp.iso(p.done_at), coalesce(p.author_id = s.me, false),
       coalesce(greatest(p.at, p.edited_at, p.shared_at) > s.looked AND p.author_id <> $2::uuid, false)
FROM s CROSS JOIN LATERAL ilp.seen_posts(s.plan_id, s.form_id, s.hat, s.me) p
JOIN ilp.person a ON a.tenant_id = p.tenant_id AND a.person_id = p.author_id
WHERE ($7::timestamptz IS NULL OR p.changed_at >= $7::timestamptz OR EXISTS (
	SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = p.row_id AND r.at >= $7::timestamptz))
  AND ($8::uuid IS NULL OR p.post_id = $8::uuid)
ORDER BY p.at, p.post_id

-- name: work_evidence
-- args: plan, person, role, course, reads, as, only
WITH s AS MATERIALIZED (
	SELECT *, CASE WHEN $6::int IS NULL THEN $2::uuid END AS me
	FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT v.evidence_id, v.field, nullif(v.row_id, s.plan_id), v.title, v.url, v.file_type, v.file_size,
       ilp.called(a.name, a.given_name, a.family_name, a.person_id), v.hat, ilp.iso(v.at), coalesce(v.author_id = s.me, false)
FROM s
JOIN ilp.evidence v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.removed_at IS NULL
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = v.row_id
JOIN ilp.person a ON a.tenant_id = v.tenant_id AND a.person_id = v.author_id
WHERE f.key = v.field AND (v.row_id = s.plan_id OR r.row_id IS NOT NULL) AND ($7::uuid IS NULL OR v.evidence_id = $7::uuid)
ORDER BY v.at, v.evidence_id

-- Reviews of any course that were entered within the plan's dates (R-190, I-14), worked out
-- anew whenever it is read (I-15). Families read the released copy by the rules of
-- ilp/family.c, course teachers that of their own course, mentors and headteachers besides
-- what is ready (I-12). The student's own words: theirs as they stand, families' as released.
-- name: work_reviews
-- args: plan, person, role, course, reads, as
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT r.review_id, c.title, r.title, r.scale::text, CASE WHEN x.is_ready THEN t.ready_value ELSE t.value END,
       CASE WHEN x.is_ready THEN t.ready_comment ELSE t.comment END,
       ilp.called(a.name, a.given_name, a.family_name, a.person_id), e.entered_on,
       CASE WHEN x.is_released THEN ilp.iso(e.released_at) END,
       CASE WHEN x.is_released THEN ilp.iso(e.corrected_at) END, r.self_assessment,
       CASE WHEN s.hat = 8 THEN t.self_value_released ELSE t.self_value END,
       CASE WHEN s.hat = 8 THEN t.self_comment_released ELSE t.self_comment END, r.self_scale::text
FROM s
JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
JOIN ilp.entry e ON e.tenant_id = s.tenant_id AND e.student_id = s.student_id AND e.entered_on BETWEEN p.starts_on AND p.ends_on
JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id
JOIN ilp.course c ON c.tenant_id = r.tenant_id AND c.course_id = r.course_id
CROSS JOIN LATERAL (
	SELECT e.released_at IS NOT NULL AND CASE s.hat WHEN 4 THEN r.to_students WHEN 8 THEN r.to_guardians ELSE true END AS is_released,
	       e.ready_at IS NOT NULL AND s.hat & 17 <> 0 AS is_ready,
	       CASE WHEN e.ready_at IS NOT NULL AND s.hat & 17 <> 0 THEN e.ready_by ELSE e.released_by END AS by_id
	OFFSET 0) x
LEFT JOIN LATERAL (
	SELECT max(released_text) FILTER (WHERE field = 'value') AS value,
	       max(released_text) FILTER (WHERE field = 'comment') AS comment,
	       max(ready_text) FILTER (WHERE field = 'value') AS ready_value,
	       max(ready_text) FILTER (WHERE field = 'comment') AS ready_comment,
	       max(text) FILTER (WHERE field = 'self_value') AS self_value,
	       max(text) FILTER (WHERE field = 'self_comment') AS self_comment,
	       max(released_text) FILTER (WHERE field = 'self_value') AS self_value_released,
	       max(released_text) FILTER (WHERE field = 'self_comment') AS self_comment_released
	FROM ilp.entry_text
	WHERE tenant_id = e.tenant_id AND review_id = e.review_id AND student_id = e.student_id) t ON true
LEFT JOIN ilp.person a ON a.tenant_id = e.tenant_id AND a.person_id = x.by_id
WHERE (x.is_released OR x.is_ready) AND (s.hat <> 2 OR r.course_id = $4::uuid)
ORDER BY e.entered_on DESC, c.title, r.review_id

-- All plans of the student that this hat reads, the one it looks at among them.
-- name: work_plans
-- args: plan, person, role, course, reads, as
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat <> 0)
SELECT p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.currency(p.state, p.starts_on), ilp.iso(p.published_at),
       EXISTS (SELECT 1 FROM ilp.seen_fields(p.form_id, s.hat) f WHERE f.kind = 'tasks'), t.todo, t.doing, t.done, t.dropped
FROM s
JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.student_id = s.student_id
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE category = 'todo') AS todo, count(*) FILTER (WHERE category = 'doing') AS doing,
	       count(*) FILTER (WHERE category = 'done') AS done, count(*) FILTER (WHERE category = 'dropped') AS dropped
	FROM ilp.seen_tasks(p.plan_id, p.form_id, s.hat) WHERE moved_to IS NULL) t
WHERE p.plan_id = s.plan_id
   OR ilp.may($5::bigint, p.state, s.hat) AND ilp.history_open(p.state, s.hat, p.published_at, p.state_before)
ORDER BY p.starts_on DESC, p.created_at DESC

-- What the school's rule makes of the plan, and what somebody said instead (R-056): for
-- mentors and headteachers, from what they see.
-- name: work_track
-- args: plan, person, role, course, reads, as
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int) WHERE hat & 17 <> 0)
SELECT p.track, p.track_reason, CASE WHEN p.track IS NOT NULL THEN ilp.called(b.name, b.given_name, b.family_name, b.person_id) END,
       CASE WHEN p.track IS NOT NULL THEN ilp.iso(p.track_at) END,
       ilp.track_of(coalesce(ilp.policy('track'), '{}'), n.todo + n.doing + n.done, n.done, n.late, n.help, p.starts_on, p.ends_on,
		CASE WHEN p.state IN ('locked', 'archived') THEN coalesce(p.locked_at::date, p.ends_on) ELSE ilp.today() END, n.watch, n.risk)
FROM s
JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
LEFT JOIN ilp.person b ON b.tenant_id = p.tenant_id AND b.person_id = p.track_by
CROSS JOIN LATERAL ilp.plan_numbers(s.plan_id, s.form_id, s.hat, s.student_id, p.starts_on, p.ends_on, NULL) n

-- Who of the family has opened it, and said that they have read it (ACT_SEE_READERS).
-- name: work_readers
-- args: plan, person, role, course, reads, as, sees_readers
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint, $6::int)
	WHERE hat = real_hat AND ilp.may($7::bigint, state, hat)
), reader AS (
	SELECT s.tenant_id, s.plan_id, s.student_id AS person_id, 4 AS hat FROM s
	UNION
	SELECT l.tenant_id, s.plan_id, l.guardian_id, 8 FROM s
	JOIN ilp.guardian_link l ON l.tenant_id = s.tenant_id AND l.student_id = s.student_id
	WHERE ilp.is_guardian(l.guardian_id, l.student_id))
SELECT ilp.called(a.name, a.given_name, a.family_name, a.person_id), w.hat, ilp.iso(k.seen_at), ilp.iso((
	SELECT max(y.confirmed_at) FROM ilp.meeting g
	JOIN ilp.meeting_party y ON y.tenant_id = g.tenant_id AND y.meeting_id = g.meeting_id AND y.person_id = w.person_id
	WHERE g.tenant_id = w.tenant_id AND g.plan_id = w.plan_id))
FROM reader w
JOIN ilp.person a ON a.tenant_id = w.tenant_id AND a.person_id = w.person_id
LEFT JOIN ilp.plan_look k ON k.tenant_id = w.tenant_id AND k.plan_id = w.plan_id AND k.person_id = w.person_id
ORDER BY w.hat, a.family_name, a.given_name, a.person_id

-- What happened since, besides rows, values, tasks and posts: where the plan is, and the
-- moment of this reading, a little earlier, for what commits meanwhile.
-- name: work_now
-- args: plan, person, role, course, reads
SELECT s.state, to_char((ilp.moment() - interval '20 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s

-- What was taken away since, of what this viewer had seen. Of a post whose audience was
-- narrowed only those hear who had been in it.
-- name: work_gone
-- args: plan, person, role, course, reads, since
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), gone AS MATERIALIZED (
	SELECT r.row_id FROM s
	JOIN ilp.plan_row r ON r.tenant_id = s.tenant_id AND r.plan_id = s.plan_id
	LEFT JOIN ilp.plan_row u ON u.tenant_id = r.tenant_id AND u.plan_id = r.plan_id AND u.row_id = r.parent_id
	WHERE greatest(r.removed_at, u.removed_at) >= $6::timestamptz AND (r.state = 'agreed' OR s.hat = 1 OR r.hat = s.hat)
	  AND (u.row_id IS NULL OR u.state = 'agreed' OR s.hat = 1 OR u.hat = s.hat)
	  AND EXISTS (SELECT 1 FROM ilp.seen_fields(s.form_id, s.hat) f WHERE f.key = '_rows')
), there AS MATERIALIZED (
	SELECT r.row_id FROM s CROSS JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r
	UNION ALL SELECT plan_id FROM s)
SELECT row_id FROM gone
UNION ALL
SELECT t.task_id FROM s
JOIN ilp.task t ON t.tenant_id = s.tenant_id AND t.plan_id = s.plan_id
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
WHERE f.key = t.field AND (t.row_id IN (SELECT row_id FROM gone)
      OR t.removed_at >= $6::timestamptz AND t.row_id IN (SELECT row_id FROM there))
UNION ALL
SELECT p.post_id FROM s
JOIN ilp.post p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
WHERE f.key = p.field AND p.author_id <> $2::uuid AND (
	(p.audience & s.hat <> 0 AND (p.row_id IN (SELECT row_id FROM gone)
	 OR p.removed_at >= $6::timestamptz AND s.hat <> 1 AND p.row_id IN (SELECT row_id FROM there)))
	OR p.hidden_at >= $6::timestamptz AND p.hidden_from & s.hat <> 0 AND p.audience & s.hat = 0)

-- Who else is writing where, in what this viewer sees.
-- name: work_writers
-- args: plan, person, role, course, reads
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint))
SELECT ilp.called(a.name, a.given_name, a.family_name, a.person_id), w.object_id, w.field
FROM s
JOIN ilp.writing w ON w.tenant_id = s.tenant_id AND w.plan_id = s.plan_id AND w.person_id <> $2::uuid AND w.until > ilp.moment()
JOIN ilp.person a ON a.tenant_id = w.tenant_id AND a.person_id = w.person_id
WHERE w.object_id = s.plan_id AND EXISTS (SELECT 1 FROM ilp.seen_fields(s.form_id, s.hat) f WHERE f.key = w.field AND f.of = 'plan')
   OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r
              JOIN ilp.seen_fields(s.form_id, s.hat) f ON f.key = w.field AND f.of = r.kind WHERE r.row_id = w.object_id)
   OR EXISTS (SELECT 1 FROM ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t WHERE t.task_id = w.object_id)

-- The cursor is in a field that this viewer writes, or in a voice of the conversation that
-- goes on (object: whose); an empty field takes the hint away.
-- name: work_writing
-- args: plan, person, role, course, reads, writes, object, field
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), stopped AS (
	DELETE FROM ilp.writing w USING s WHERE $8 = '' AND w.tenant_id = s.tenant_id AND w.plan_id = s.plan_id AND w.person_id = $2::uuid
), hint AS (
	INSERT INTO ilp.writing AS w (tenant_id, plan_id, person_id, object_id, field, hat, until)
	SELECT s.tenant_id, s.plan_id, $2::uuid, $7::uuid, $8, s.hat, ilp.moment() + interval '60 seconds'
	FROM s
	WHERE $8 <> '' AND ilp.may($6::bigint, s.state, s.hat) AND (
		$7::uuid = s.plan_id AND EXISTS (
			SELECT 1 FROM ilp.seen_fields(s.form_id, s.hat) f WHERE f.key = $8 AND f.of = 'plan' AND f.edits & s.hat <> 0)
		OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r
			JOIN ilp.seen_fields(s.form_id, s.hat) f ON f.key = $8 AND f.of = r.kind AND f.edits & s.hat <> 0 WHERE r.row_id = $7::uuid)
		OR EXISTS (SELECT 1 FROM ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
			JOIN ilp.seen_fields(s.form_id, s.hat) f ON f.key = t.field AND f.edits & s.hat <> 0 WHERE t.task_id = $7::uuid)
		OR EXISTS (SELECT 1 FROM ilp.meeting m
			WHERE m.tenant_id = s.tenant_id AND m.plan_id = s.plan_id AND m.state = 'held' AND m.step IS NOT NULL
			  AND CASE WHEN $8 = 'minutes' THEN s.hat = 1 AND $7::uuid = m.meeting_id
			           ELSE $8 LIKE 'talk.%' AND (s.hat = 1 OR s.hat IN (4, 8) AND $7::uuid = $2::uuid)
			                AND ($7::uuid = m.organiser_id OR EXISTS (SELECT 1 FROM ilp.meeting_party y
			                     WHERE y.tenant_id = m.tenant_id AND y.meeting_id = m.meeting_id AND y.person_id = $7::uuid)) END))
	ON CONFLICT (tenant_id, plan_id, person_id) DO UPDATE
	SET object_id = excluded.object_id, field = excluded.field, hat = excluded.hat, until = excluded.until)
SELECT 1 FROM s

-- Somebody has the plan before them. One sitting is one look, with its first event.
-- name: work_look
-- args: plan, person, role, course, reads
WITH s AS MATERIALIZED (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), looked AS (
	INSERT INTO ilp.plan_look AS k (tenant_id, plan_id, person_id, hat, first_at, seen_at)
	SELECT s.tenant_id, s.plan_id, $2::uuid, s.hat, ilp.moment(), ilp.moment() FROM s
	ON CONFLICT (tenant_id, plan_id, person_id) DO UPDATE
	SET hat = excluded.hat, seen_at = excluded.seen_at,
	    previous_at = CASE WHEN k.seen_at > excluded.seen_at - interval '30 minutes' THEN k.previous_at ELSE k.seen_at END
	RETURNING k.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id)
	SELECT k.tenant_id, k.seen_at, 'plan.opened', $2::uuid, k.plan_id, s.student_id FROM looked k, s WHERE k.first_at = k.seen_at)
SELECT 1 FROM s

-- What stood in a field before. Mentors read all of it; others of what they see, staff and
-- whoever wrote it: what somebody took back is nobody else's to read.
-- name: work_history
-- args: plan, person, role, course, reads, object, field
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS (
	SELECT s.*, true AS all_of_it, v.rev, v.text, v.author_id, v.at FROM s
	JOIN ilp.plan_value v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.row_id = $6::uuid AND v.field = $7
	CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = v.row_id
	WHERE f.key = v.field AND CASE WHEN f.of = 'plan' THEN v.row_id = s.plan_id ELSE r.kind = f.of END
	UNION ALL
	SELECT s.*, true, t.revs[1], t.text, coalesce(t.text_by, t.by_id), coalesce(t.text_at, t.at)
	FROM s CROSS JOIN LATERAL ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t WHERE t.task_id = $6::uuid AND $7 = 'text'
	UNION ALL
	SELECT s.*, s.hat = 1 OR p.author_id = $2::uuid, p.rev, CASE WHEN p.removed_at IS NULL THEN p.text ELSE '' END,
	       p.author_id, coalesce(p.edited_at, p.at)
	FROM s CROSS JOIN LATERAL ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) p WHERE p.post_id = $6::uuid AND $7 = 'text')
SELECT x.rev, x.text, ilp.called(a.name, a.given_name, a.family_name, a.person_id), ilp.iso(x.at)
FROM (
	SELECT tenant_id, rev, text, author_id, at FROM open
	UNION ALL
	SELECT h.tenant_id, h.rev, h.text, h.author_id, h.at FROM open o
	JOIN ilp.plan_history h ON h.tenant_id = o.tenant_id AND h.plan_id = o.plan_id AND h.object_id = $6::uuid AND h.field = $7
	WHERE o.hat = 1 OR h.author_id = $2::uuid OR o.all_of_it AND o.hat & 18 <> 0) x
JOIN ilp.person a ON a.tenant_id = x.tenant_id AND a.person_id = x.author_id
ORDER BY x.rev DESC LIMIT 200
