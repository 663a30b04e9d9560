-- Registrations as a shell makes and lists them (lti/platform.c).

-- name: platform_put
-- args: id, tenant, name, profile, issuer, client, auth, token, jwks, observees, deployments, anonymous
INSERT INTO lti.registration AS r (registration_id, tenant_id, name, profile, issuer, client_id, auth_url,
                                   token_url, jwks_url, observees, deployments, anonymous)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::boolean)
ON CONFLICT (registration_id) DO UPDATE
SET tenant_id = excluded.tenant_id, name = excluded.name, profile = excluded.profile, issuer = excluded.issuer,
    client_id = excluded.client_id, auth_url = excluded.auth_url, token_url = excluded.token_url,
    jwks_url = excluded.jwks_url, observees = excluded.observees, deployments = excluded.deployments,
    anonymous = excluded.anonymous

-- name: platform_changed
-- args:
SELECT pg_notify('registration', '')

-- name: platform_list
-- args:
SELECT r.registration_id, r.profile, r.name, r.issuer, r.client_id, r.deployments,
       (SELECT count(*) FROM lti.deployment d WHERE d.registration_id = r.registration_id)
FROM lti.registration r ORDER BY r.name
