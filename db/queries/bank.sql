-- Sentences to use again: one's own, and the school's for everybody (owner_id NULL).

-- name: bank_list
-- args: person, kind, school
-- $3: only the school's, for whoever keeps them.
SELECT b.bank_id, b.kind, b.subject, b.text, b.uses, b.owner_id IS NULL, ilp.iso(b.at)
FROM (
	SELECT * FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $2 AND owner_id = $1::uuid AND NOT $3::boolean
	UNION ALL
	SELECT * FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $2 AND owner_id IS NULL) b
ORDER BY b.uses DESC, b.at DESC, b.bank_id LIMIT 2000

-- The id comes from the browser: sent twice it is one, and what was deleted can come back.
-- The same sentence is kept once.
-- name: bank_add
-- args: id, person, kind, subject, text, school, most
WITH there AS (
	SELECT text FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $3 AND owner_id = $2::uuid AND NOT $6::boolean
	UNION ALL
	SELECT text FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $3 AND owner_id IS NULL AND $6::boolean
), made AS (
	INSERT INTO ilp.bank (tenant_id, bank_id, owner_id, kind, subject, text, created_by, at)
	SELECT ilp.current_tenant(), $1::uuid, CASE WHEN NOT $6::boolean THEN $2::uuid END, $3, $4, $5, $2::uuid, ilp.moment()
	WHERE NOT EXISTS (SELECT 1 FROM there WHERE text = $5) AND $7::int > (SELECT count(*) FROM there)
	ON CONFLICT (tenant_id, bank_id) DO NOTHING RETURNING *
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, at, 'bank.added', created_by, jsonb_build_object('bank', bank_id) FROM made

-- The one that is meant: by its id, or the same sentence that was there before.
-- name: bank_now
-- args: id, person, kind, text, school
SELECT b.bank_id, b.kind, b.subject, b.text, b.uses, b.owner_id IS NULL, ilp.iso(b.at)
FROM (
	SELECT *, 0 AS rank FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND bank_id = $1::uuid
	UNION ALL
	SELECT *, 1 FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $3 AND text = $4
	  AND owner_id = $2::uuid AND NOT $5::boolean
	UNION ALL
	SELECT *, 2 FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND kind = $3 AND text = $4
	  AND owner_id IS NULL AND $5::boolean) b
WHERE CASE WHEN $5::boolean THEN b.owner_id IS NULL ELSE b.owner_id = $2::uuid END
ORDER BY b.rank LIMIT 1

-- NULL leaves as it is.
-- name: bank_change
-- args: id, person, subject, text, school
WITH changed AS (
	UPDATE ilp.bank SET subject = coalesce($3, subject), text = coalesce($4, text), at = ilp.moment()
	WHERE tenant_id = ilp.current_tenant() AND bank_id = $1::uuid
	  AND CASE WHEN $5::boolean THEN owner_id IS NULL ELSE owner_id = $2::uuid END
	RETURNING *
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
	SELECT tenant_id, at, 'bank.changed', $2::uuid, jsonb_build_object('bank', bank_id) FROM changed
)
SELECT bank_id, kind, subject, text, uses, owner_id IS NULL, ilp.iso(at) FROM changed

-- Counted, so that what is used most stands first; the school's counts for everybody.
-- name: bank_use
-- args: id, person
UPDATE ilp.bank SET uses = uses + 1
WHERE tenant_id = ilp.current_tenant() AND bank_id = $1::uuid AND (owner_id = $2::uuid OR owner_id IS NULL)
RETURNING bank_id, kind, subject, text, uses, owner_id IS NULL, ilp.iso(at)

-- name: bank_delete
-- args: id, person, school
WITH gone AS (
	DELETE FROM ilp.bank WHERE tenant_id = ilp.current_tenant() AND bank_id = $1::uuid
	  AND CASE WHEN $3::boolean THEN owner_id IS NULL ELSE owner_id = $2::uuid END
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, ilp.moment(), 'bank.deleted', $2::uuid, jsonb_build_object('bank', bank_id) FROM gone
RETURNING 1
