-- Sessions: entered by every request, swept when they are old (ilp/session.c).

-- The first statement of every batch made for somebody: the session lives, and its
-- person still has the role in the course it was made with; else nothing of the batch
-- happens (SQLSTATE ILP01). It slides while it is used.
-- name: session_enter
-- args: session, secret_hash, hours
WITH slid AS (
	UPDATE ilp.session SET seen_at = ilp.moment(), expires_at = ilp.moment() + $3::int * interval '1 hour'
	WHERE tenant_id = ilp.current_tenant() AND session_id = $1::uuid AND secret_hash = $2
	  AND revoked_at IS NULL AND expires_at > ilp.moment() AND seen_at < ilp.moment() - interval '5 minutes')
SELECT CASE WHEN NOT EXISTS (
	SELECT 1 FROM ilp.session s
	LEFT JOIN ilp.membership m ON m.tenant_id = s.tenant_id AND m.course_id = s.course_id
	     AND m.person_id = s.person_id
	WHERE s.tenant_id = ilp.current_tenant() AND s.session_id = $1::uuid AND s.secret_hash = $2
	  AND s.revoked_at IS NULL AND s.expires_at > ilp.moment()
	  AND (s.course_id IS NULL OR (m.role = s.role AND m.left_at IS NULL)))
THEN ilp.no_session() END

-- The moment is a sub-select, worked out once: behind row-level security an index is
-- only asked with what cannot leak, and arithmetic on times counts as if it could.
-- name: session_sweep
-- args: grace_hours
DELETE FROM ilp.session WHERE expires_at < (SELECT ilp.moment() - $1::int * interval '1 hour')

-- name: nonce_sweep
-- args:
DELETE FROM lti.nonce WHERE expires_at < now()

-- A second session of the same viewer, to be redeemed in another window; it lasts half a
-- minute unless it is. What a picker was opened for stays where it is.
-- name: session_code_make
-- args: fresh_session, secret_hash, session
INSERT INTO ilp.session (tenant_id, session_id, secret_hash, person_id, course_id, role, admin,
                         started_at, seen_at, expires_at)
SELECT tenant_id, $1::uuid, $2, person_id, course_id, role, admin,
       ilp.moment(), ilp.moment(), ilp.moment() + interval '30 seconds'
FROM ilp.session WHERE tenant_id = ilp.current_tenant() AND session_id = $3::uuid

-- A code becomes a session, once: its secret gives way to one that nobody has seen.
-- name: session_redeem
-- args: session, code_hash, secret_hash, hours
UPDATE ilp.session SET secret_hash = $3, seen_at = ilp.moment(),
       expires_at = ilp.moment() + $4::int * interval '1 hour'
WHERE tenant_id = ilp.current_tenant() AND session_id = $1::uuid AND secret_hash = $2
  AND revoked_at IS NULL AND started_at > ilp.moment() - interval '30 seconds'
RETURNING session_id

-- name: session_end
-- args: session, secret_hash
UPDATE ilp.session SET revoked_at = ilp.moment()
WHERE tenant_id = ilp.current_tenant() AND session_id = $1::uuid AND secret_hash = $2 AND revoked_at IS NULL

-- Everywhere the same person is signed in.
-- name: session_end_all
-- args: person
UPDATE ilp.session SET revoked_at = ilp.moment()
WHERE tenant_id = ilp.current_tenant() AND person_id = $1::uuid AND revoked_at IS NULL
  AND expires_at > (SELECT ilp.moment())
