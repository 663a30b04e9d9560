-- Platforms and their deployments (lti/registration.c). Read for the registry, and
-- then kept in memory.

-- name: lti_registrations
-- args:
SELECT registration_id, tenant_id, name, profile, issuer, client_id, auth_url, token_url,
       jwks_url, coalesce(nullif(token_audience, ''), token_url), algorithms, audiences,
       observees, skew_s, deployments, anonymous
  FROM lti.registration
 WHERE active;

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
 WHERE r.issuer = $1 AND r.active AND d.deployment_id = $2 AND d.state <> 'closed'
 LIMIT 2;
