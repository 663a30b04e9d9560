-- Registrations as a shell makes and lists them (lti/platform.c). A shell is the
-- operator's, not a school's: what it lists are all schools' platforms.

-- Settings are laid over those that stand, but for the names in `unset`. Whoever adds a
-- registration that waits has accepted it.
-- name: platform_put
-- args: id, tenant, name, profile, issuer, client, auth, token, jwks, deployments, settings, unset
INSERT INTO lti.registration AS r (registration_id, tenant_id, name, profile, issuer, client_id, auth_url,
                                   token_url, jwks_url, deployments, settings)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb - $12::text[])
ON CONFLICT (registration_id) DO UPDATE
SET tenant_id = excluded.tenant_id, name = excluded.name, profile = excluded.profile, issuer = excluded.issuer,
    client_id = excluded.client_id, auth_url = excluded.auth_url, token_url = excluded.token_url,
    jwks_url = excluded.jwks_url, deployments = excluded.deployments,
    settings = (r.settings || $11::jsonb) - $12::text[],
    state = CASE WHEN r.state = 'pending' THEN 'active' ELSE r.state END, claim_code = NULL

-- name: platform_changed
-- args:
SELECT pg_notify('registration', '')

-- name: platform_list
-- args:
SELECT r.registration_id, r.profile, r.name, r.issuer, r.client_id, r.state, r.tenant_id, r.deployments,
       d.active, d.pending, d.closed,
       (SELECT to_char(max(l.at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM lti.launch l WHERE l.registration_id = r.registration_id AND l.reason IS NULL),
       r.claim_code
FROM lti.registration r
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'active') AS active,
                           count(*) FILTER (WHERE state = 'pending') AS pending,
                           count(*) FILTER (WHERE state = 'closed') AS closed
                    FROM lti.deployment k WHERE k.registration_id = r.registration_id) d
ORDER BY r.name, r.registration_id

-- name: platform_waiting
-- args:
SELECT registration_id, deployment_id, platform_name, claim_code
FROM lti.deployment WHERE state = 'pending' ORDER BY registration_id, first_at DESC LIMIT 1000

-- Where the newest course of a platform has its list. Run as worker: courses are of schools.
-- name: platform_roster
-- args: registration
SELECT roster_url FROM ilp.course
WHERE registration_id = $1::uuid AND roster_url IS NOT NULL
ORDER BY roster_at DESC NULLS LAST, created_at DESC LIMIT 1

-- What was seen under a code, of whatever school.
-- name: launch_lookup
-- args: code
SELECT to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       coalesce(r.name || ' ', '') || coalesce(l.registration_id::text, 'unknown'), l.deployment_id, l.message, l.browser,
       l.rung, CASE WHEN l.verified THEN 'verified' ELSE 'not verified' END, l.reason,
       l.person_id, l.course_id, l.role, l.why, nullif(l.facts::text, '{}'), l.steps::text
FROM lti.launch l LEFT JOIN lti.registration r ON r.registration_id = l.registration_id
WHERE l.code = $1 ORDER BY l.at LIMIT 20
