-- Statements of the house itself. Each block is one statement; the build makes
-- DB_<NAME> of its name and counts its arguments.

-- name: schema_number
-- args:
SELECT count(*) FROM public.schema_version

-- name: alive
-- args:
SELECT 1

-- name: tenant_put
-- args: tenant, name, time_zone, locale, help
INSERT INTO ilp.tenant (tenant_id, name, time_zone, locale, help)
SELECT $1::uuid, $2, z.name, $4, $5 FROM pg_timezone_names z WHERE z.name = $3
ON CONFLICT (tenant_id) DO UPDATE
SET name = excluded.name, time_zone = excluded.time_zone, locale = excluded.locale, help = excluded.help
RETURNING tenant_id

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
