-- Links and files in a plan (ilp/evidence.h).

-- A link or a file; `bytes` is hexadecimal. A plan holds 200 of them and 100 MB.
-- name: evidence_add
-- args: plan, person, role, course, reads, writes, evidence, field, row, title, url, type, size, bytes
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.*, coalesce($9::uuid, s.plan_id) AS row_id, (
		SELECT count(*) >= 200 OR coalesce(sum(v.file_size), 0) + coalesce($13::int, 0) > 104857600
		FROM ilp.evidence v WHERE v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.evidence_id <> $7::uuid) AS is_full
	FROM s CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	LEFT JOIN LATERAL ilp.seen_rows(s.plan_id, s.form_id, s.hat) r ON r.row_id = $9::uuid
	WHERE f.key = $8 AND f.kind = 'files' AND f.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat)
	  AND CASE WHEN f.of = 'plan' THEN $9::uuid IS NULL ELSE r.kind = f.of END
), made AS (
	INSERT INTO ilp.evidence (tenant_id, plan_id, evidence_id, field, row_id, title, url, file_type, file_size, file_bytes, author_id, hat, at)
	SELECT tenant_id, plan_id, $7::uuid, $8, row_id, $10, $11, $12, $13::int, decode($14, 'hex'), $2::uuid, hat, ilp.moment()
	FROM open WHERE NOT is_full
	ON CONFLICT DO NOTHING
	RETURNING tenant_id, plan_id, evidence_id, field, author_id, at
), changed AS (
	UPDATE ilp.plan p SET changed_at = v.at, changed_by = v.author_id
	FROM made v WHERE p.tenant_id = v.tenant_id AND p.plan_id = v.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT v.tenant_id, v.at, 'evidence.added', v.author_id, v.plan_id, o.student_id,
	       jsonb_build_object('evidence', v.evidence_id, 'field', v.field)
	FROM made v, open o)
SELECT (SELECT is_full FROM open), (SELECT evidence_id FROM made)

-- name: evidence_file
-- args: plan, person, role, course, reads, evidence
SELECT v.title, v.file_type, encode(v.file_bytes, 'hex')
FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
JOIN ilp.evidence v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.evidence_id = $6::uuid
     AND v.removed_at IS NULL AND v.file_bytes IS NOT NULL
CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
WHERE f.key = v.field
  AND (v.row_id = s.plan_id OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = v.row_id))

-- By its author or a mentor. A file's bytes go at once: nobody asked us to keep them.
-- name: evidence_remove
-- args: plan, person, role, course, reads, writes, evidence
WITH s AS MATERIALIZED (SELECT * FROM ilp.seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint)
), open AS MATERIALIZED (
	SELECT s.tenant_id, s.plan_id, s.student_id, v.evidence_id
	FROM s
	JOIN ilp.evidence v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.evidence_id = $7::uuid
	     AND (v.author_id = $2::uuid OR s.hat = 1)
	CROSS JOIN LATERAL ilp.seen_fields(s.form_id, s.hat) f
	WHERE f.key = v.field AND f.edits & s.hat <> 0 AND ilp.may($6::bigint, s.state, s.hat)
	  AND (v.row_id = s.plan_id OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = v.row_id))
), gone AS (
	DELETE FROM ilp.evidence v USING open o
	WHERE v.tenant_id = o.tenant_id AND v.plan_id = o.plan_id AND v.evidence_id = o.evidence_id
	RETURNING v.tenant_id, v.plan_id, v.evidence_id, v.field
), changed AS (
	UPDATE ilp.plan p SET changed_at = ilp.moment(), changed_by = $2::uuid
	FROM gone v WHERE p.tenant_id = v.tenant_id AND p.plan_id = v.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, plan_id, student_id, detail)
	SELECT v.tenant_id, ilp.moment(), 'evidence.removed', $2::uuid, v.plan_id, o.student_id,
	       jsonb_build_object('evidence', v.evidence_id, 'field', v.field)
	FROM gone v, open o)
SELECT 1 FROM open
