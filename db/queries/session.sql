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
