-- Administration of a tenant's platforms (web/api/admin_*.c). The tables of schema lti
-- have no row-level security, for they are read before a tenant is known: every
-- statement here names the tenant. A platform is a tenant's own, or one of those whose
-- deployments it has (Blackboard is one registration for all schools); only the own
-- ones may be changed. Rows are JSON, for they go out as they are.

-- name: admin_platforms
-- args: registration
SELECT jsonb_build_object(
	'id', r.registration_id, 'name', r.name, 'profile', r.profile, 'product', r.product,
	'issuer', r.issuer, 'clientId', r.client_id, 'authUrl', r.auth_url, 'tokenUrl', r.token_url,
	'jwksUrl', r.jwks_url, 'state', r.state, 'deployments', r.deployments, 'createdAt', r.created_at,
	'own', own, 'settings', CASE WHEN own THEN r.settings ELSE '{}' END,
	'granted', CASE WHEN own THEN r.granted ELSE '{}' END,
	'counts', jsonb_build_object(
		'deployments', (SELECT count(*) FROM lti.deployment d
		                WHERE d.registration_id = r.registration_id AND d.tenant_id = t.id AND d.state = 'active'),
		'pending', (SELECT count(*) FROM lti.deployment d
		            WHERE own AND d.registration_id = r.registration_id AND d.state = 'pending'),
		'courses', (SELECT count(*) FROM ilp.course c
		            WHERE c.tenant_id = t.id AND c.registration_id = r.registration_id),
		'people', (SELECT count(*) FROM ilp.identity i
		           WHERE i.tenant_id = t.id AND i.registration_id = r.registration_id)),
	'today', (SELECT jsonb_build_object(
		'launches', count(*) FILTER (WHERE l.reason IS NULL),
		'refused', count(*) FILTER (WHERE l.reason IS NOT NULL),
		'lastAt', max(l.at) FILTER (WHERE l.reason IS NULL),
		'lastReason', (array_agg(l.reason ORDER BY l.at DESC) FILTER (WHERE l.reason IS NOT NULL))[1])
		FROM (SELECT * FROM lti.launch k
		      WHERE k.registration_id = r.registration_id AND k.tenant_id = t.id AND k.at >= t.midnight
		      UNION ALL
		      SELECT * FROM lti.launch k
		      WHERE own AND k.registration_id = r.registration_id AND k.tenant_id IS NULL AND k.at >= t.midnight) l),
	'keys', jsonb_build_object('at', h.keys_at, 'error', h.keys_error),
	'token', jsonb_build_object('at', h.token_at, 'error', h.token_error),
	'roster', (SELECT jsonb_build_object(
		'at', max(c.roster_at), 'failed', count(*) FILTER (WHERE c.roster_state = 'failed'),
		'courses', count(*) FILTER (WHERE c.roster_url IS NOT NULL),
		'error', (array_agg(c.roster_error ORDER BY c.roster_at DESC NULLS LAST)
		          FILTER (WHERE c.roster_state = 'failed'))[1])
		FROM ilp.course c WHERE c.tenant_id = t.id AND c.registration_id = r.registration_id),
	'clock', jsonb_build_object('ms', h.clock_ms, 'at', h.clock_at),
	'check', CASE WHEN h.check_tenant = t.id
		THEN jsonb_build_object('wantedAt', h.check_wanted_at, 'at', h.check_at, 'steps', coalesce(h.check_result, '[]'))
		ELSE '{"wantedAt": null, "at": null, "steps": []}' END)
FROM (SELECT k.tenant_id AS id,
             (date_trunc('day', ilp.moment() AT TIME ZONE k.time_zone) AT TIME ZONE k.time_zone) AS midnight
      FROM ilp.tenant k WHERE k.tenant_id = ilp.current_tenant()) t
CROSS JOIN LATERAL (
	SELECT r.*, true AS own FROM lti.registration r WHERE r.tenant_id = t.id
	UNION ALL
	SELECT r.*, false
	FROM (SELECT DISTINCT d.registration_id FROM lti.deployment d WHERE d.tenant_id = t.id AND d.state = 'active') d
	CROSS JOIN LATERAL (SELECT * FROM lti.registration k WHERE k.registration_id = d.registration_id LIMIT 1) r
	WHERE r.tenant_id IS DISTINCT FROM t.id AND r.state = 'active') r
LEFT JOIN LATERAL (SELECT * FROM lti.health k WHERE k.registration_id = r.registration_id LIMIT 1) h ON true
WHERE $1::uuid IS NULL OR r.registration_id = $1::uuid
ORDER BY r.state = 'closed', r.name, r.registration_id

-- name: admin_invitations
-- args:
SELECT jsonb_build_object('id', invitation_id, 'note', note, 'createdAt', created_at, 'expiresAt', expires_at,
                          'usedAt', used_at, 'registrationId', registration_id)
FROM lti.invitation WHERE tenant_id = ilp.current_tenant() ORDER BY created_at DESC LIMIT 100

-- name: admin_keys
-- args:
SELECT jsonb_build_object('kid', kid, 'state', state, 'createdAt', created_at, 'activeAt', active_at,
                          'retiringAt', retiring_at)
FROM keys.signing_key WHERE state <> 'gone' ORDER BY created_at

-- name: admin_platform_add
-- args: id, name, profile, issuer, client, auth, token, jwks, deployments
INSERT INTO lti.registration (registration_id, tenant_id, name, profile, issuer, client_id, auth_url, token_url,
                              jwks_url, deployments)
VALUES ($1::uuid, ilp.current_tenant(), $2, $3, $4, $5, $6, $7, $8, $9)

-- What is to be changed must be there already, and be ours.
-- name: admin_platform_own
-- args: registration
SELECT name, profile, issuer, client_id, auth_url, token_url, jwks_url, deployments, settings::text, state
FROM lti.registration WHERE registration_id = $1::uuid AND tenant_id = ilp.current_tenant()

-- What is not given stays as it is now, whatever it was when it was read.
-- name: admin_platform_change
-- args: registration, name, profile, issuer, client, auth, token, jwks, deployments, settings, state
UPDATE lti.registration
SET name = coalesce($2, name), profile = coalesce($3, profile), issuer = coalesce($4, issuer),
    client_id = coalesce($5, client_id), auth_url = coalesce($6, auth_url), token_url = coalesce($7, token_url),
    jwks_url = coalesce($8, jwks_url), deployments = coalesce($9, deployments),
    settings = coalesce($10::jsonb, settings), state = coalesce($11, state)
WHERE registration_id = $1::uuid AND tenant_id = ilp.current_tenant()

-- Where the platform's administrators may no longer administer here, those who came as
-- such go on without it.
-- name: admin_sessions_end
-- args: registration
UPDATE ilp.session s SET revoked_at = ilp.moment()
FROM ilp.identity i
WHERE s.tenant_id = ilp.current_tenant() AND s.admin AND s.revoked_at IS NULL AND i.tenant_id = s.tenant_id
  AND i.person_id = s.person_id AND i.registration_id = $1::uuid

-- A test of a platform one has a part in; subscriptions that failed are tried again too.
-- It asks for a list of that school's, so what it finds is shown to that school alone.
-- name: admin_check_want
-- args: registration
WITH mine AS (
	SELECT r.registration_id FROM lti.registration r
	WHERE r.registration_id = $1::uuid AND r.state = 'active'
	  AND (r.tenant_id = ilp.current_tenant() OR EXISTS (
		SELECT 1 FROM lti.deployment d WHERE d.registration_id = r.registration_id
		  AND d.tenant_id = ilp.current_tenant() AND d.state = 'active'))
), again AS (
	UPDATE lti.deployment d SET notice_error = NULL FROM mine
	WHERE d.registration_id = mine.registration_id AND d.tenant_id = ilp.current_tenant() AND d.notice_at IS NULL
)
INSERT INTO lti.health AS h (registration_id, check_wanted_at, check_tenant)
SELECT registration_id, now(), ilp.current_tenant() FROM mine
ON CONFLICT (registration_id) DO UPDATE
SET check_wanted_at = coalesce(h.check_wanted_at, now()), check_tenant = excluded.check_tenant,
    check_at = CASE WHEN h.check_tenant = excluded.check_tenant THEN h.check_at END,
    check_result = CASE WHEN h.check_tenant = excluded.check_tenant THEN h.check_result END
RETURNING registration_id

-- name: errand_wake
-- args:
SELECT pg_notify('errand', '')

-- name: check_due
-- args:
SELECT h.registration_id,
       (SELECT c.roster_url FROM ilp.course c
        WHERE c.tenant_id = h.check_tenant AND c.registration_id = h.registration_id AND c.roster_url IS NOT NULL
        ORDER BY c.roster_at DESC NULLS LAST LIMIT 1),
       h.check_tenant
FROM lti.health h WHERE h.check_wanted_at IS NOT NULL ORDER BY h.check_wanted_at LIMIT 1

-- name: check_done
-- args: registration, steps, tenant
UPDATE lti.health SET check_wanted_at = NULL, check_at = now(), check_result = $2::jsonb
WHERE registration_id = $1::uuid AND check_tenant IS NOT DISTINCT FROM $3::uuid

-- name: subscription_due
-- args:
SELECT d.registration_id, d.deployment_id, d.notice_url
FROM lti.deployment d JOIN lti.registration r ON r.registration_id = d.registration_id AND r.state = 'active'
WHERE d.notice_url IS NOT NULL AND d.notice_at IS NULL AND d.notice_error IS NULL AND d.state = 'active'
LIMIT 1

-- What failed is tried again, a few an hour, of those that somebody still launches from.
-- name: subscription_again
-- args:
UPDATE lti.deployment d SET notice_error = NULL
FROM (SELECT registration_id, deployment_id FROM lti.deployment
      WHERE notice_error IS NOT NULL AND state = 'active' AND seen_at > now() - interval '1 day'
      ORDER BY seen_at DESC LIMIT 20) k
WHERE d.registration_id = k.registration_id AND d.deployment_id = k.deployment_id

-- name: subscription_done
-- args: registration, deployment, error
UPDATE lti.deployment SET notice_error = $3, notice_at = CASE WHEN $3::text IS NULL THEN now() END
WHERE registration_id = $1::uuid AND deployment_id = $2

-- Deployments of this tenant; the pending ones of its own registration too.
-- name: admin_deployments
-- args: registration
SELECT jsonb_build_object('id', d.deployment_id, 'state', d.state, 'platformName', d.platform_name,
	'platformGuid', d.platform_guid, 'firstAt', d.first_at, 'seenAt', d.seen_at,
	'courses', (SELECT count(*) FROM ilp.course c WHERE c.tenant_id = ilp.current_tenant()
	            AND c.registration_id = d.registration_id AND c.deployment_id = d.deployment_id))
FROM lti.deployment d JOIN lti.registration r ON r.registration_id = d.registration_id
WHERE d.registration_id = $1::uuid
  AND (d.tenant_id = ilp.current_tenant() OR (d.tenant_id IS NULL AND r.tenant_id = ilp.current_tenant()))
ORDER BY d.state = 'pending' DESC, d.seen_at DESC, d.deployment_id LIMIT 500

-- name: admin_deployment_change
-- args: registration, deployment, state
UPDATE lti.deployment d SET state = $3, tenant_id = ilp.current_tenant(), claim_code = NULL
FROM lti.registration r
WHERE d.registration_id = $1::uuid AND d.deployment_id = $2 AND r.registration_id = d.registration_id
  AND (d.tenant_id = ilp.current_tenant() OR (d.tenant_id IS NULL AND r.tenant_id = ilp.current_tenant()))
RETURNING d.deployment_id

-- Whoever has the code takes over what waits under it. Codes are read to people over the
-- telephone: letters that look like digits count as those, and dashes as nothing.
-- name: claim_take
-- args: code
WITH said AS (
	SELECT left(c, 5) || '-' || substr(c, 6) AS code
	FROM translate(upper(regexp_replace($1, '[^0-9A-Za-z]', '', 'g')), 'OIL', '011') c
), registration AS (
	UPDATE lti.registration r SET tenant_id = ilp.current_tenant(), state = 'active', claim_code = NULL
	FROM said WHERE r.claim_code = said.code AND r.state = 'pending'
	RETURNING r.registration_id, r.deployments
), waiting AS (
	UPDATE lti.deployment d SET tenant_id = ilp.current_tenant(), state = 'active', claim_code = NULL
	FROM registration r
	WHERE d.registration_id = r.registration_id AND d.state = 'pending' AND r.deployments = 'auto'
), deployment AS (
	UPDATE lti.deployment d SET tenant_id = ilp.current_tenant(), state = 'active', claim_code = NULL
	FROM said, lti.registration r
	WHERE d.claim_code = said.code AND d.state = 'pending'
	  AND r.registration_id = d.registration_id AND r.state = 'active'
	RETURNING d.registration_id
), told AS (
	SELECT pg_notify('registration', '')
)
SELECT k.kind, k.registration_id
FROM (SELECT 'registration' AS kind, registration_id FROM registration
      UNION ALL SELECT 'deployment', registration_id FROM deployment) k, told

-- name: admin_invite
-- args: id, secret_hash, note, days
INSERT INTO lti.invitation (invitation_id, tenant_id, secret_hash, note, expires_at)
VALUES ($1::uuid, ilp.current_tenant(), $2, $3, now() + $4::int * interval '1 day')
RETURNING to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')

-- name: admin_invite_revoke
-- args: id
DELETE FROM lti.invitation
WHERE invitation_id = $1::uuid AND tenant_id = ilp.current_tenant() AND used_at IS NULL
RETURNING invitation_id

-- The launch log -----------------------------------------------------------------

-- What is the tenant's, and what was refused before it was known whose it is, of its own
-- platforms: two ways to them, so that nothing of others is read.
-- name: admin_launches
-- args: registration, code, state, before_id, limit
WITH until AS (
	SELECT CASE WHEN $4::uuid IS NULL THEN 'infinity'
	            ELSE (SELECT b.at FROM lti.launch b WHERE b.launch_id = $4::uuid) END AS at,
	       coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS id
), ours AS (
	SELECT l.launch_id FROM lti.launch l
	WHERE l.tenant_id = ilp.current_tenant()
	  AND (l.at, l.launch_id) < ((SELECT at FROM until), (SELECT id FROM until))
	  AND ($1::uuid IS NULL OR l.registration_id = $1::uuid) AND ($2::text IS NULL OR l.code = $2)
	  AND ($3::text IS NULL OR ($3 = 'refused') = (l.reason IS NOT NULL))
	ORDER BY l.at DESC, l.launch_id DESC LIMIT $5::int
), nobodys AS (
	SELECT n.launch_id FROM lti.registration r CROSS JOIN LATERAL (
		SELECT l.launch_id FROM lti.launch l
		WHERE l.registration_id = r.registration_id AND l.tenant_id IS NULL
		  AND (l.at, l.launch_id) < ((SELECT at FROM until), (SELECT id FROM until))
		  AND ($2::text IS NULL OR l.code = $2)
		  AND ($3::text IS NULL OR ($3 = 'refused') = (l.reason IS NOT NULL))
		ORDER BY l.at DESC, l.launch_id DESC LIMIT $5::int) n
	WHERE r.tenant_id = ilp.current_tenant() AND ($1::uuid IS NULL OR r.registration_id = $1::uuid)
)
SELECT jsonb_build_object('id', l.launch_id, 'at', l.at, 'code', l.code, 'platform', l.registration_id,
	'platformName', r.name, 'deployment', l.deployment_id, 'verified', l.verified, 'reason', l.reason,
	'message', l.message, 'browser', l.browser, 'rung', l.rung, 'role', l.role, 'why', l.why,
	'person', CASE WHEN p.person_id IS NOT NULL THEN jsonb_build_object('id', p.person_id,
		'name', ilp.called(p.name, p.given_name, p.family_name, p.person_id)) END,
	'course', CASE WHEN c.course_id IS NOT NULL THEN jsonb_build_object('id', c.course_id, 'title', c.title) END)
FROM (SELECT launch_id FROM ours UNION ALL SELECT launch_id FROM nobodys) k
JOIN lti.launch l ON l.launch_id = k.launch_id
JOIN lti.registration r ON r.registration_id = l.registration_id
LEFT JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = l.person_id
LEFT JOIN ilp.course c ON c.tenant_id = ilp.current_tenant() AND c.course_id = l.course_id
ORDER BY l.at DESC, l.launch_id DESC LIMIT $5::int

-- name: admin_launch
-- args: launch
SELECT jsonb_build_object('id', l.launch_id, 'at', l.at, 'code', l.code, 'platform', l.registration_id,
	'platformName', r.name, 'deployment', l.deployment_id, 'verified', l.verified, 'reason', l.reason,
	'message', l.message, 'browser', l.browser, 'rung', l.rung, 'role', l.role, 'why', l.why,
	'facts', l.facts, 'steps', l.steps,
	'person', CASE WHEN p.person_id IS NOT NULL THEN jsonb_build_object('id', p.person_id,
		'name', ilp.called(p.name, p.given_name, p.family_name, p.person_id)) END,
	'course', CASE WHEN c.course_id IS NOT NULL THEN jsonb_build_object('id', c.course_id, 'title', c.title) END)
FROM lti.launch l
JOIN lti.registration r ON r.registration_id = l.registration_id
LEFT JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = l.person_id
LEFT JOIN ilp.course c ON c.tenant_id = ilp.current_tenant() AND c.course_id = l.course_id
WHERE l.launch_id = $1::uuid
  AND (l.tenant_id = ilp.current_tenant() OR (l.tenant_id IS NULL AND r.tenant_id = ilp.current_tenant()))

-- Holds nothing of a person; whoever was given the code may look.
-- name: admin_doctor
-- args: code
SELECT jsonb_build_object('code', code, 'at', at, 'result', result) FROM lti.doctor WHERE code = $1

-- Role rules ---------------------------------------------------------------------

-- Roles are a school's own business also where the registration is shared: whoever has a
-- deployment of it may say what they mean in its courses.
-- name: admin_platform_ways
-- args: registration
SELECT r.profile, r.settings::text FROM lti.registration r
WHERE r.registration_id = $1::uuid
  AND (r.tenant_id = ilp.current_tenant() OR (r.state = 'active' AND EXISTS (
	SELECT 1 FROM lti.deployment d WHERE d.registration_id = r.registration_id
	  AND d.tenant_id = ilp.current_tenant() AND d.state = 'active')))

-- name: admin_rules
-- args: registration
SELECT jsonb_build_object('id', rule_id, 'kind', kind, 'name', name, 'value', value, 'becomes', becomes, 'note', note)
FROM ilp.role_rule
WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid
ORDER BY position

-- name: admin_rules_clear
-- args: registration
DELETE FROM ilp.role_rule WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid

-- name: admin_rules_add
-- args: registration, rules
INSERT INTO ilp.role_rule (tenant_id, rule_id, registration_id, position, kind, name, value, becomes, note)
SELECT ilp.current_tenant(), id, $1::uuid, position, kind, name, value, becomes, note
FROM jsonb_to_recordset($2::jsonb) r (id uuid, position int, kind text, name text, value text, becomes text, note text)

-- A rule that names a person holds at once; what came of other facts is decided anew
-- at the next launch or roster.
-- name: admin_rules_apply
-- args: registration
UPDATE ilp.membership m SET role = x.becomes
FROM (SELECT DISTINCT ON (i.person_id) i.person_id, r.becomes
      FROM ilp.identity i CROSS JOIN LATERAL (VALUES (i.sub), (i.sis_id), (i.lti11_id)) k (value)
      JOIN ilp.role_rule r ON r.tenant_id = i.tenant_id AND r.registration_id = i.registration_id AND r.value = k.value
      WHERE r.tenant_id = ilp.current_tenant() AND r.registration_id = $1::uuid AND r.kind = 'user'
      ORDER BY i.person_id, r.position) x
JOIN ilp.course c ON c.tenant_id = ilp.current_tenant() AND c.registration_id = $1::uuid
WHERE m.tenant_id = ilp.current_tenant() AND m.person_id = x.person_id AND m.course_id = c.course_id
  AND m.role <> x.becomes

-- name: admin_rules_preview
-- args: registration
SELECT l.launch_id, to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       ilp.called(p.name, p.given_name, p.family_name, p.person_id), l.facts::text, l.role, i.sub, i.sis_id, i.lti11_id
FROM lti.launch l
JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = l.person_id
JOIN ilp.identity i ON i.tenant_id = ilp.current_tenant() AND i.registration_id = l.registration_id
     AND i.person_id = l.person_id
WHERE l.registration_id = $1::uuid AND l.tenant_id = ilp.current_tenant() AND l.reason IS NULL
ORDER BY l.at DESC LIMIT 50

-- The way in from the shell --------------------------------------------------------

-- name: admin_enter
-- args: session, old_hash, new_hash, hours
UPDATE ilp.session SET secret_hash = $3, started_at = ilp.moment(), seen_at = ilp.moment(),
       expires_at = ilp.moment() + $4::int * interval '1 hour'
WHERE tenant_id = ilp.current_tenant() AND session_id = $1::uuid AND secret_hash = $2 AND admin
  AND revoked_at IS NULL AND expires_at > ilp.moment() AND expires_at <= started_at + interval '10 minutes'
RETURNING person_id
