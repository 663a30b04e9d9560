-- Signatures (ilp/sign.h): copies of a plan as each hat sees it, frozen with their hash,
-- and who was asked to sign them. Nothing here is ever changed once it is answered (I-27).

-- May copies be made, and what state is the plan in? Asked before and after it is read.
-- name: sign_begin
-- args: plan, person, role, course, reads, asks
SELECT ilp.may($6::bigint, s.state, s.hat), p.changed_at::text, s.hat
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id

-- The copies, unless the plan was changed since they were read; where the newest ones say
-- the same, more people are asked to sign those. A newer copy supersedes what is unsigned.
-- name: sign_ask
-- args: plan, person, role, course, reads, asks, snapshot, people, hats, contents, hashes, changed
WITH open AS (
	SELECT s.tenant_id, s.plan_id, s.student_id
	FROM ilp.plan p, ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	WHERE ilp.may($6::bigint, s.state, s.hat) AND p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
	  AND p.changed_at = $12::timestamptz
	FOR NO KEY UPDATE OF p
), asked AS (
	SELECT w.person, CASE WHEN w.person = o.student_id THEN 4
	                      WHEN ilp.is_guardian(w.person, o.student_id) THEN 8
	                      WHEN ilp.is_mentor(w.person, o.student_id) THEN 1 END AS hat
	FROM open o, unnest($8::uuid[]) AS w (person)
), fits AS (
	SELECT count(*) > 0 AND bool_and(hat IS NOT NULL) AS yes FROM asked
), latest AS (
	SELECT c.snapshot_id, c.hash FROM open o
	JOIN ilp.snapshot c ON c.tenant_id = o.tenant_id AND c.plan_id = o.plan_id AND c.reason = 'sign' AND c.hat = 1
	ORDER BY c.at DESC, c.snapshot_id DESC LIMIT 1
), used AS (
	SELECT coalesce((SELECT l.snapshot_id FROM latest l WHERE l.hash = ($11::text[])[1]), $7::uuid) AS id
), frozen AS (
	INSERT INTO ilp.snapshot (tenant_id, plan_id, snapshot_id, hat, reason, content, hash, by_id, at)
	SELECT o.tenant_id, o.plan_id, u.id, c.hat, 'sign', c.content, c.hash, $2::uuid, ilp.moment()
	FROM open o, used u, fits f, unnest($9::int[], $10::text[], $11::text[]) AS c (hat, content, hash)
	WHERE f.yes AND u.id = $7::uuid
	ON CONFLICT DO NOTHING
), requests AS (
	INSERT INTO ilp.sign_off (tenant_id, plan_id, snapshot_id, person_id, hat, asked_by, asked_at)
	SELECT o.tenant_id, o.plan_id, u.id, a.person, a.hat, $2::uuid, ilp.moment()
	FROM open o, used u, fits f, asked a WHERE f.yes
	ON CONFLICT DO NOTHING RETURNING *
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, detail)
	SELECT o.tenant_id, ilp.moment(), 'signature.asked', $2::uuid, o.student_id, o.plan_id,
	       jsonb_build_object('snapshot', u.id, 'people', (SELECT jsonb_agg(r.person_id) FROM requests r))
	FROM open o, used u WHERE EXISTS (SELECT 1 FROM requests))
SELECT EXISTS (SELECT 1 FROM open), (SELECT yes FROM fits), (SELECT id FROM used)

-- One answer to one copy: one's own, or written down by a mentor for who signed in the
-- room or on paper. When nobody else is still to sign, a shared meeting is closed.
-- name: sign_give
-- args: plan, person, role, course, reads, asks, signs, snapshot, signer, answer, method, reason
WITH seat AS (
	SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s WHERE s.hat <> 2
), newest AS (
	SELECT c.snapshot_id FROM seat s
	JOIN ilp.snapshot c ON c.tenant_id = s.tenant_id AND c.plan_id = s.plan_id AND c.reason = 'sign'
	ORDER BY c.at DESC, c.snapshot_id DESC LIMIT 1
), asked AS (
	SELECT f.*, s.student_id FROM seat s
	JOIN ilp.sign_off f ON f.tenant_id = s.tenant_id AND f.plan_id = s.plan_id AND f.snapshot_id = $8::uuid
	     AND f.person_id = $9::uuid
	WHERE CASE WHEN $11 = 'app' THEN f.person_id = $2::uuid AND f.hat = s.hat AND ilp.may($7::bigint, s.state, s.hat)
	           ELSE ilp.may($6::bigint, s.state, s.hat) END
	  AND (f.hat <> 8 OR ilp.is_guardian(f.person_id, s.student_id))
), done AS (
	UPDATE ilp.sign_off f SET answer = $10, method = $11, reason = nullif($12, ''), answered_at = ilp.moment(),
		typed_by = CASE WHEN $11 <> 'app' THEN $2::uuid END
	FROM asked a
	WHERE f.tenant_id = a.tenant_id AND f.plan_id = a.plan_id AND f.snapshot_id = a.snapshot_id AND f.person_id = a.person_id
	  AND f.answer IS NULL AND f.snapshot_id = (SELECT snapshot_id FROM newest)
	RETURNING f.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, detail)
	SELECT d.tenant_id, d.answered_at, CASE d.answer WHEN 'signed' THEN 'signature.given' ELSE 'signature.declined' END,
	       $2::uuid, a.student_id, d.plan_id, jsonb_build_object('snapshot', d.snapshot_id, 'person', d.person_id, 'method', d.method)
	FROM done d, asked a
), closed AS (
	UPDATE ilp.meeting m SET state = 'closed', rev = m.rev + 1, changed_at = ilp.moment()
	FROM done d
	WHERE d.answer = 'signed' AND m.tenant_id = d.tenant_id AND m.plan_id = d.plan_id AND m.state = 'shared'
	  AND NOT EXISTS (SELECT 1 FROM ilp.sign_off o WHERE o.tenant_id = d.tenant_id AND o.plan_id = d.plan_id
	                  AND o.snapshot_id = d.snapshot_id AND o.person_id <> d.person_id AND o.answer IS DISTINCT FROM 'signed')
	RETURNING m.*
), told AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id)
	SELECT tenant_id, changed_at, 'meeting.closed', $2::uuid, student_id, plan_id, meeting_id FROM closed)
SELECT (SELECT answer FROM asked), EXISTS (SELECT 1 FROM done), EXISTS (SELECT 1 FROM asked),
       EXISTS (SELECT 1 FROM asked a, newest n WHERE a.snapshot_id = n.snapshot_id)

-- Copies, the newest first, with who was asked and what they answered. That somebody
-- declined, and why, is between them and the school.
-- name: sign_list
-- args: plan, person, role, course, reads, asks, signs
SELECT s.hat, ilp.may($6::bigint, s.state, s.hat), ilp.may($7::bigint, s.state, s.hat),
	coalesce((SELECT jsonb_agg(jsonb_build_object('id', c.snapshot_id, 'at', ilp.iso(c.at),
		'hash', CASE WHEN c.hat = s.hat THEN c.hash END,
		'by', ilp.called(b.name, b.given_name, b.family_name, b.person_id),
		'requests', (SELECT jsonb_agg(jsonb_build_object('person', f.person_id,
				'name', ilp.called(a.name, a.given_name, a.family_name, a.person_id), 'hat', ilp.hat_name(f.hat),
				'askedAt', ilp.iso(f.asked_at), 'mine', f.person_id = $2::uuid AND f.hat = s.hat)
			|| CASE WHEN f.answer = 'signed' OR f.person_id = $2::uuid OR s.hat IN (1, 16)
			   THEN jsonb_build_object('answer', f.answer, 'answeredAt', ilp.iso(f.answered_at), 'method', f.method,
				'reason', f.reason, 'typedBy', ilp.called(y.name, y.given_name, y.family_name, y.person_id))
			   ELSE '{"answer": null}' END
			ORDER BY array_position('{4,8,1,16}', f.hat), f.person_id)
			FROM ilp.sign_off f
			JOIN ilp.person a ON a.tenant_id = f.tenant_id AND a.person_id = f.person_id
			LEFT JOIN ilp.person y ON y.tenant_id = f.tenant_id AND y.person_id = f.typed_by
			WHERE f.tenant_id = c.tenant_id AND f.plan_id = c.plan_id AND f.snapshot_id = c.snapshot_id))
		ORDER BY c.at DESC, c.snapshot_id DESC)
	FROM ilp.snapshot c
	JOIN ilp.person b ON b.tenant_id = c.tenant_id AND b.person_id = c.by_id
	WHERE c.tenant_id = s.tenant_id AND c.plan_id = s.plan_id AND c.reason = 'sign'
	  AND c.hat = CASE s.hat WHEN 16 THEN 1 ELSE s.hat END), '[]'),
	CASE WHEN ilp.may($6::bigint, s.state, s.hat) THEN (
		SELECT jsonb_agg(jsonb_build_object('id', w.person_id, 'name', ilp.called(a.name, a.given_name, a.family_name, a.person_id),
			'hat', ilp.hat_name(w.hat)) ORDER BY array_position('{4,8,1}', w.hat), a.name)
		FROM (SELECT s.student_id AS person_id, 4 AS hat
		      UNION ALL SELECT l.guardian_id, 8 FROM ilp.guardian_link l
		      WHERE l.tenant_id = s.tenant_id AND l.student_id = s.student_id AND ilp.is_guardian(l.guardian_id, l.student_id)
		      UNION ALL SELECT $2::uuid, 1 WHERE s.hat = 1) w
		JOIN ilp.person a ON a.tenant_id = s.tenant_id AND a.person_id = w.person_id) ELSE '[]' END
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
WHERE s.hat <> 2

-- The copy as this hat sees it. Headteachers have none: what a mentor signs holds more than
-- they see.
-- name: sign_copy
-- args: plan, person, role, course, reads, snapshot
SELECT c.content, c.hash, ilp.iso(c.at), ilp.called(b.name, b.given_name, b.family_name, b.person_id)
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
JOIN ilp.snapshot c ON c.tenant_id = s.tenant_id AND c.plan_id = s.plan_id AND c.snapshot_id = $6::uuid AND c.hat = s.hat
JOIN ilp.person b ON b.tenant_id = c.tenant_id AND b.person_id = c.by_id
WHERE s.hat <> 2
