-- Comments, notes, the log and topics (ilp/post.h). Each has its author and an audience, which
-- narrows what its field allows and never widens it (X-2); mentors are always in it (I-05).

-- Notes begin with staff alone, all else with whoever sees the field.
-- name: post_add
-- args: plan, person, role, course, reads, posts, logs, post, field, row, text, audience
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, coalesce($10::uuid, s.plan_id) AS row_id,
	       coalesce($12::int, CASE WHEN f.kind = 'notes' THEN 19 ELSE 31 END) & f.sees | 1 AS audience,
	       (SELECT count(*) FROM ilp.post p WHERE p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id) >= 2000 AS is_full
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = $10::uuid
	WHERE f.key = $9 AND (f.key IN ('_log', '_topics') OR f.kind IN ('notes', 'comments')) AND f.edits & s.hat <> 0
	  AND CASE WHEN f.of = 'plan' THEN $10::uuid IS NULL ELSE r.kind = f.of END
	  AND ilp.may(CASE WHEN f.key = '_log' THEN $7 ELSE $6 END::bigint, s.state, s.hat)
), made AS (
	INSERT INTO ilp.post (tenant_id, plan_id, post_id, field, row_id, text, audience, author_id, hat, at, changed_at)
	SELECT tenant_id, plan_id, $8::uuid, $9, row_id, $11, audience, $2::uuid, hat, ilp.moment(), ilp.moment()
	FROM open WHERE NOT is_full
	ON CONFLICT DO NOTHING
	RETURNING *
), changed AS (
	UPDATE ilp.plan p SET changed_at = m.at, changed_by = m.author_id
	FROM made m WHERE p.tenant_id = m.tenant_id AND p.plan_id = m.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT m.tenant_id, m.at, 'post.added', m.author_id, m.plan_id, o.student_id, jsonb_build_object('post', m.post_id, 'field', m.field)
	FROM made m, open o)
SELECT (SELECT is_full FROM open), (SELECT post_id FROM made)

-- A correction by the author. What was first said stays in the history, and so does whatever
-- stood for a while (I-27).
-- name: post_save
-- args: plan, person, role, course, reads, posts, logs, post, text, seen
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), before AS MATERIALIZED (
	SELECT p.*, s.student_id, $9 <> '' AS fits
	FROM s CROSS JOIN LATERAL ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) p
	JOIN ilp.form_field f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = p.field
	WHERE p.post_id = $8::uuid AND p.author_id = $2::uuid AND p.removed_at IS NULL AND f.edits & s.hat <> 0
	  AND ilp.may(CASE WHEN f.key = '_log' THEN $7 ELSE $6 END::bigint, s.state, s.hat)
), saved AS (
	UPDATE ilp.post p SET text = $9, rev = p.rev + 1, edited_at = ilp.moment(), changed_at = ilp.moment()
	FROM before b
	WHERE p.tenant_id = b.tenant_id AND p.plan_id = b.plan_id AND p.post_id = b.post_id
	  AND b.fits AND p.rev = $10::int AND p.text <> $9
	RETURNING p.*
), replaced AS (
	INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.plan_id, b.post_id, 'text', b.rev, b.text, b.author_id, coalesce(b.edited_at, b.at)
	FROM before b, saved p
	WHERE b.rev = 1 OR coalesce(b.edited_at, b.at) < p.edited_at - interval '10 minutes'
	ON CONFLICT DO NOTHING
), changed AS (
	UPDATE ilp.plan n SET changed_at = p.changed_at, changed_by = p.author_id
	FROM saved p WHERE n.tenant_id = p.tenant_id AND n.plan_id = p.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT p.tenant_id, p.changed_at, 'post.corrected', p.author_id, p.plan_id, b.student_id,
	       jsonb_build_object('post', p.post_id, 'field', p.field, 'rev', p.rev)
	FROM saved p, before b)
SELECT (SELECT fits FROM before), (SELECT rev FROM saved)

-- name: post_now
-- args: plan, person, role, course, reads, post
SELECT p.text, p.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id), ilp.iso(coalesce(p.edited_at, p.at))
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
CROSS JOIN LATERAL ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) p
JOIN ilp.person a ON a.tenant_id = p.tenant_id AND a.person_id = p.author_id
WHERE p.post_id = $6::uuid AND p.removed_at IS NULL

-- Who may read it: of staff's posts, by their author or a mentor. Taken away and back by the
-- author. Talked about: a topic, by whoever adds topics.
-- name: post_change
-- args: plan, person, role, course, reads, posts, logs, post, audience, removed, done
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.tenant_id, s.plan_id, s.student_id, p.post_id, p.audience AS old, $9::int & f.sees | 1 AS new
	FROM s CROSS JOIN LATERAL ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) p
	JOIN ilp.form_field f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = p.field
	WHERE p.post_id = $8::uuid AND f.edits & s.hat <> 0
	  AND ilp.may(CASE WHEN f.key = '_log' THEN $7 ELSE $6 END::bigint, s.state, s.hat)
	  AND ($9::int IS NULL OR p.hat & 19 <> 0 AND (p.author_id = $2::uuid OR s.hat = 1))
	  AND ($10::boolean IS NULL OR p.author_id = $2::uuid)
	  AND ($11::boolean IS NULL OR f.key = '_topics')
	  AND (p.removed_at IS NULL OR $9::int IS NULL AND $11::boolean IS NULL)
), done AS (
	UPDATE ilp.post p SET
		audience = coalesce(o.new, p.audience), changed_at = ilp.moment(),
		shared_at = CASE WHEN o.new & ~o.old <> 0 THEN ilp.moment() ELSE p.shared_at END,
		hidden_at = CASE WHEN o.old & ~o.new <> 0 THEN ilp.moment() ELSE p.hidden_at END,
		hidden_from = CASE WHEN o.old & ~o.new <> 0 THEN o.old & ~o.new ELSE p.hidden_from END,
		removed_at = CASE WHEN $10::boolean IS NULL THEN p.removed_at WHEN $10::boolean THEN coalesce(p.removed_at, ilp.moment()) END,
		done_at = CASE WHEN $11::boolean IS NULL THEN p.done_at WHEN $11::boolean THEN coalesce(p.done_at, ilp.moment()) END
	FROM open o
	WHERE p.tenant_id = o.tenant_id AND p.plan_id = o.plan_id AND p.post_id = o.post_id
	  AND (o.new <> o.old OR $10::boolean IS NOT NULL AND $10::boolean <> (p.removed_at IS NOT NULL)
	       OR $11::boolean IS NOT NULL AND $11::boolean <> (p.done_at IS NOT NULL))
	RETURNING p.*
), changed AS (
	UPDATE ilp.plan n SET changed_at = p.changed_at, changed_by = $2::uuid
	FROM done p WHERE n.tenant_id = p.tenant_id AND n.plan_id = p.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT p.tenant_id, p.changed_at, CASE WHEN $10::boolean THEN 'post.removed' WHEN NOT $10::boolean THEN 'post.restored'
	       WHEN o.new & ~o.old <> 0 THEN 'post.shared' WHEN o.new <> o.old THEN 'post.narrowed' ELSE 'post.done' END,
	       $2::uuid, p.plan_id, o.student_id, jsonb_build_object('post', p.post_id, 'field', p.field)
	FROM done p, open o)
SELECT 1 FROM open
