-- Learning objectives and their frameworks (ilp/objective.c).

-- The id of an objective is made from framework and the source's id, so that what is
-- imported again is the same. What the source no longer has stays without a place (-1):
-- goals may name it, nobody finds it. A parent that is not in the file counts as none.
-- name: framework_put
-- args: title, source, source_id, language, objectives, by
WITH known AS (
	SELECT framework_id FROM ilp.framework
	WHERE tenant_id = ilp.current_tenant() AND source = $2 AND source_id = $3
	ORDER BY imported_at LIMIT 1
), id AS (
	SELECT coalesce((SELECT framework_id FROM known), gen_random_uuid()) AS framework_id
), framework AS (
	INSERT INTO ilp.framework AS f (tenant_id, framework_id, title, source, source_id, language, imported_by, imported_at)
	SELECT ilp.current_tenant(), framework_id, $1, $2, $3, $4, $6::uuid, ilp.moment() FROM id
	ON CONFLICT (tenant_id, framework_id) DO UPDATE
	SET title = excluded.title, language = excluded.language, imported_by = excluded.imported_by,
	    imported_at = excluded.imported_at, retired_at = NULL
	RETURNING framework_id
), line AS (
	SELECT DISTINCT ON (o.source_id) o.*, n::int AS n,
	       md5((SELECT framework_id FROM id)::text || ' ' || o.source_id)::uuid AS objective_id
	FROM jsonb_array_elements($5::jsonb) WITH ORDINALITY AS e (value, n),
	     LATERAL jsonb_to_record(e.value) AS o (source_id text, parent text, code text, text text, level text)
	ORDER BY o.source_id, n
), gone AS (
	UPDATE ilp.objective o SET position = -1
	FROM id WHERE o.tenant_id = ilp.current_tenant() AND o.framework_id = id.framework_id
	  AND NOT EXISTS (SELECT 1 FROM line l WHERE l.source_id = o.source_id)
), put AS (
	INSERT INTO ilp.objective AS o (tenant_id, framework_id, objective_id, source_id, parent_id, position, code, text, level)
	SELECT ilp.current_tenant(), id.framework_id, l.objective_id, l.source_id, p.objective_id, l.n, l.code, l.text, l.level
	FROM id CROSS JOIN line l LEFT JOIN line p ON p.source_id = l.parent AND p.source_id <> l.source_id
	ON CONFLICT (tenant_id, framework_id, source_id) DO UPDATE
	SET parent_id = excluded.parent_id, position = excluded.position, code = excluded.code,
	    text = excluded.text, level = excluded.level
	RETURNING 1
), told AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
	SELECT ilp.current_tenant(), ilp.moment(), 'framework.imported', $6::uuid, jsonb_build_object('framework', framework_id)
	FROM framework
)
SELECT (SELECT framework_id FROM framework), (SELECT count(*) FROM put)

-- name: framework_retire
-- args: framework, retired, by
WITH done AS (
	UPDATE ilp.framework SET retired_at = CASE WHEN $2::boolean THEN coalesce(retired_at, ilp.moment()) END
	WHERE tenant_id = ilp.current_tenant() AND framework_id = $1::uuid RETURNING tenant_id, framework_id)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
SELECT tenant_id, ilp.moment(), CASE WHEN $2::boolean THEN 'framework.retired' ELSE 'framework.restored' END, $3::uuid,
       jsonb_build_object('framework', framework_id)
FROM done RETURNING 1

-- name: framework_list
-- args: all
SELECT f.framework_id, f.title, f.source, f.language, ilp.iso(f.imported_at),
       (SELECT count(*) FROM ilp.objective o WHERE o.tenant_id = f.tenant_id AND o.framework_id = f.framework_id AND o.position >= 0),
       CASE WHEN $1::boolean THEN (SELECT count(*) FROM ilp.objective o
        JOIN ilp.plan_row r ON r.tenant_id = o.tenant_id AND r.objective_id = o.objective_id AND r.removed_at IS NULL
        WHERE o.tenant_id = f.tenant_id AND o.framework_id = f.framework_id) END,
       f.retired_at IS NOT NULL
FROM ilp.framework f
WHERE f.tenant_id = ilp.current_tenant() AND ($1::boolean OR f.retired_at IS NULL)
ORDER BY f.title, f.framework_id

-- name: objective_find
-- args: framework, search, parent
SELECT o.objective_id, o.parent_id, o.code, o.text, o.level,
       EXISTS (SELECT 1 FROM ilp.objective c WHERE c.tenant_id = o.tenant_id AND c.framework_id = o.framework_id
               AND c.parent_id = o.objective_id AND c.position >= 0)
FROM ilp.framework f
JOIN ilp.objective o ON o.tenant_id = f.tenant_id AND o.framework_id = f.framework_id AND o.position >= 0
WHERE f.tenant_id = ilp.current_tenant() AND f.framework_id = $1::uuid AND f.retired_at IS NULL
  AND CASE WHEN $2::text IS NULL THEN o.parent_id IS NOT DISTINCT FROM $3::uuid
      ELSE NOT EXISTS (SELECT 1 FROM regexp_split_to_table(lower($2), '\s+') w (word)
                       WHERE strpos(lower(o.code || ' ' || o.text), w.word) = 0) END
ORDER BY o.position LIMIT 200
