-- Administrators let in by a link from the shell (ilp/administrator.c).

-- name: administrator_put
-- args: person, name
WITH made AS (
	INSERT INTO ilp.person (tenant_id, person_id, name)
	SELECT ilp.current_tenant(), $1::uuid, $2
	WHERE NOT EXISTS (SELECT 1 FROM ilp.administrator a
	                  WHERE a.tenant_id = ilp.current_tenant() AND a.name = $2)
	RETURNING tenant_id, person_id
)
INSERT INTO ilp.administrator (tenant_id, person_id, name, created_at)
SELECT tenant_id, person_id, $2, ilp.moment() FROM made

-- A session that nobody has entered: what is known of it is the hash of the link's secret.
-- name: administrator_session
-- args: session, secret_hash, name
INSERT INTO ilp.session (tenant_id, session_id, secret_hash, person_id, role, admin,
                         started_at, seen_at, expires_at)
SELECT a.tenant_id, $1::uuid, $2, a.person_id, 'none', true,
       ilp.moment(), ilp.moment(), ilp.moment() + interval '10 minutes'
FROM ilp.administrator a WHERE a.tenant_id = ilp.current_tenant() AND a.name = $3
RETURNING session_id
