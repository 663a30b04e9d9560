-- Platforms and their deployments (lti/registration.c). Read for the registry, and
-- then kept in memory.

-- name: lti_registrations
-- args:
SELECT registration_id, tenant_id, name, profile, issuer, client_id, auth_url, token_url,
       jwks_url, deployments, settings
  FROM lti.registration
 WHERE state = 'active';

-- name: lti_deployment
-- args: registration, deployment
SELECT state, tenant_id
  FROM lti.deployment
 WHERE registration_id = $1::uuid AND deployment_id = $2;

-- A login that named no client (R4): two rows are as good as none.
-- name: lti_registrations_of_deployment
-- args: issuer, deployment
SELECT r.registration_id
  FROM lti.registration r
  JOIN lti.deployment d USING (registration_id)
 WHERE r.issuer = $1 AND r.state = 'active' AND d.deployment_id = $2 AND d.state <> 'closed'
 LIMIT 2;

-- The role rules of one tenant. Run with it set.
-- name: lti_rules
-- args: registration
SELECT rule_id, kind, name, value, becomes
  FROM ilp.role_rule
 WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid
 ORDER BY position, rule_id
 LIMIT 5000;

-- A deployment nobody has claimed yet, written down once its platform has signed for it.
-- Again at every launch of it: the code stays, and what the platform calls itself is
-- looked at once an hour. A platform that makes them up is stopped at a thousand.
-- name: lti_deployment_pending
-- args: registration, deployment, code, platform_name, platform_guid
INSERT INTO lti.deployment AS d (registration_id, deployment_id, state, claim_code, platform_name,
                                 platform_guid, first_at, seen_at)
SELECT $1::uuid, $2, 'pending', $3, left($4, 255), left($5, 255), ilp.moment(), ilp.moment()
 WHERE EXISTS (SELECT 1 FROM lti.deployment k WHERE k.registration_id = $1::uuid AND k.deployment_id = $2)
    OR (SELECT count(*) FROM (SELECT 1 FROM lti.deployment w
                               WHERE w.registration_id = $1::uuid AND w.state = 'pending' LIMIT 1000) few) < 1000
ON CONFLICT (registration_id, deployment_id) DO UPDATE
   SET claim_code = coalesce(d.claim_code, excluded.claim_code), seen_at = excluded.seen_at,
       platform_name = coalesce(nullif(excluded.platform_name, ''), d.platform_name),
       platform_guid = coalesce(nullif(excluded.platform_guid, ''), d.platform_guid)
 WHERE d.state = 'pending' AND (d.claim_code IS NULL OR d.seen_at < ilp.moment() - interval '1 hour');

-- name: lti_deployment_code
-- args: registration, deployment
SELECT CASE WHEN state = 'pending' THEN claim_code END
  FROM lti.deployment
 WHERE registration_id = $1::uuid AND deployment_id = $2;

-- What nobody came back for: registrations that were made without an invitation and never
-- taken over in two weeks, deployments nobody claimed or used in three months. The
-- launches of old are kept by their own days, and name them by id only.
-- name: registration_sweep
-- args:
WITH old AS (
	SELECT r.registration_id
	  FROM lti.registration r
	 WHERE r.state = 'pending' AND r.tenant_id IS NULL AND r.created_at < ilp.moment() - interval '14 days'
	   AND NOT EXISTS (SELECT 1 FROM lti.invitation i WHERE i.registration_id = r.registration_id)
	   AND NOT EXISTS (SELECT 1 FROM lti.deployment d WHERE d.registration_id = r.registration_id
	                                                    AND d.state <> 'pending')
	 ORDER BY r.created_at
	 LIMIT 100 -- the rest tomorrow: each is looked for in every table that may name it
), health AS (
	DELETE FROM lti.health h USING old WHERE h.registration_id = old.registration_id
), binding AS (
	DELETE FROM lti.binding b USING old WHERE b.registration_id = old.registration_id
), notice AS (
	DELETE FROM lti.notice n USING old WHERE n.registration_id = old.registration_id
), deployment AS (
	DELETE FROM lti.deployment d
	 WHERE d.state = 'pending' AND d.tenant_id IS NULL
	   AND (d.seen_at < ilp.moment() - interval '90 days' OR
	        d.registration_id IN (SELECT registration_id FROM old))
	RETURNING 1
), registration AS (
	DELETE FROM lti.registration r USING old WHERE r.registration_id = old.registration_id
	RETURNING 1
)
SELECT (SELECT count(*) FROM registration), (SELECT count(*) FROM deployment);
