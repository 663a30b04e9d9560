-- Registering by itself (lti/dynamic_database.c). Anybody may come here, so that nothing that
-- works already is changed without an invitation of its school. No tenant is in scope yet.

-- name: dynamic_invitation
-- args: secret_hash
SELECT invitation_id, tenant_id FROM lti.invitation
WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > ilp.moment()

-- name: dynamic_school
-- args:
SELECT name FROM ilp.tenant WHERE tenant_id = ilp.current_tenant()

-- name: dynamic_waiting
-- args: days
SELECT count(*) FROM lti.registration
WHERE state = 'pending' AND tenant_id IS NULL AND created_at > ilp.moment() - make_interval(days => $1::integer)

-- name: dynamic_spend
-- args: ticket
INSERT INTO lti.nonce (registration_id, nonce, expires_at)
VALUES ($1::uuid, 'registration', ilp.moment() + interval '1 hour')

-- name: dynamic_unspend
-- args: ticket
DELETE FROM lti.nonce WHERE registration_id = $1::uuid AND nonce = 'registration'

-- The school's registration with this platform that was last made, if the platform said
-- where it can be changed.
-- name: dynamic_known
-- args: tenant, issuer, auth
SELECT update_url, update_token FROM lti.registration
WHERE tenant_id = $1::uuid AND issuer = $2 AND state <> 'closed' AND auth_url = $3 AND update_url IS NOT NULL
ORDER BY created_at DESC LIMIT 1

-- The invitation is spent by the statement that makes what it was for, and only if that may
-- be made. Uninvited, a row that waits is made or changed, while there is room, and never
-- pointed elsewhere.
-- name: dynamic_put
-- args: id, invitation, name, profile, issuer, client, auth, token, jwks, settings, product, report, update_url, update_token, code, most, days, deployment
WITH spent AS (
	UPDATE lti.invitation i
	   SET used_at = ilp.moment(),
	       registration_id = coalesce((SELECT r.registration_id FROM lti.registration r
	                                    WHERE r.issuer = $5 AND r.client_id = $6), $1::uuid)
	 WHERE i.invitation_id = $2::uuid AND i.used_at IS NULL AND i.expires_at > ilp.moment()
	   AND NOT EXISTS (SELECT FROM lti.registration r
	                    WHERE r.issuer = $5 AND r.client_id = $6 AND r.tenant_id IS DISTINCT FROM i.tenant_id
	                      AND NOT (r.tenant_id IS NULL AND r.state = 'pending'))
	RETURNING i.tenant_id
), owner AS (
	SELECT tenant_id FROM spent
	UNION ALL
	SELECT NULL::uuid
	 WHERE $2::uuid IS NULL
	   AND ((SELECT count(*) FROM lti.registration
	          WHERE state = 'pending' AND tenant_id IS NULL
	            AND created_at > ilp.moment() - make_interval(days => $17::integer)) < $16::integer
	        OR EXISTS (SELECT FROM lti.registration WHERE issuer = $5 AND client_id = $6))
), put AS (
	INSERT INTO lti.registration AS r (registration_id, tenant_id, name, profile, issuer, client_id, auth_url, token_url,
	                                   jwks_url, settings, product, granted, update_url, update_token, state,
	                                   claim_code, deployments, created_at)
	SELECT $1::uuid, o.tenant_id, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11,
	       $12::jsonb || jsonb_build_object('at', ilp.moment()), $13, $14,
	       CASE WHEN o.tenant_id IS NULL THEN 'pending' ELSE 'active' END,
	       CASE WHEN o.tenant_id IS NULL THEN $15 END, 'auto', ilp.moment()
	  FROM owner o
	ON CONFLICT (issuer, client_id) DO UPDATE
	   SET tenant_id = excluded.tenant_id, name = excluded.name, profile = excluded.profile,
	       auth_url = excluded.auth_url, token_url = excluded.token_url, jwks_url = excluded.jwks_url,
	       settings = (r.settings - ARRAY['trusted', 'observees', 'groups', 'history']) || excluded.settings,
	       product = excluded.product, granted = excluded.granted,
	       update_url = coalesce(excluded.update_url, r.update_url),
	       update_token = CASE WHEN excluded.update_url IS NULL THEN r.update_token
	                           ELSE coalesce(excluded.update_token, CASE WHEN r.update_url = excluded.update_url
	                                                                     THEN r.update_token END) END,
	       state = excluded.state,
	       claim_code = CASE WHEN excluded.state = 'pending' THEN coalesce(r.claim_code, excluded.claim_code) END
	 WHERE excluded.tenant_id IS NOT NULL
	    OR (r.state = 'pending' AND r.tenant_id IS NULL AND r.auth_url = excluded.auth_url
	        AND r.token_url = excluded.token_url AND r.jwks_url = excluded.jwks_url)
	RETURNING r.registration_id, r.tenant_id, r.state, r.claim_code
), deployed AS (
	INSERT INTO lti.deployment AS d (registration_id, deployment_id, tenant_id, state, first_at, seen_at)
	SELECT p.registration_id, $18, p.tenant_id, 'active', ilp.moment(), ilp.moment()
	  FROM put p WHERE p.state = 'active' AND $18::text IS NOT NULL
	ON CONFLICT (registration_id, deployment_id) DO UPDATE
	   SET tenant_id = excluded.tenant_id, state = 'active', claim_code = NULL
	 WHERE d.state = 'pending' AND d.tenant_id IS NULL
)
SELECT registration_id, state, claim_code FROM put

-- Why nothing was put: is it there already, and just as the platform says?
-- name: dynamic_there
-- args: issuer, client, auth, token, jwks
SELECT registration_id, auth_url = $3 AND token_url = $4 AND jwks_url = $5 FROM lti.registration
WHERE issuer = $1 AND client_id = $2
