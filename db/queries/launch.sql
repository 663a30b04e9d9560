-- A launch is taken in: who arrives, in which course, whose children, with which session
-- (ilp/arrival.c). Run with a tenant set; `tenant_id = ilp.current_tenant()` lets the
-- planner use the keys that begin with it.

-- Most launches tell nothing new. This takes them in by one look and two rows; where
-- there is anything to write, be it that somebody was last seen an hour ago, it does
-- nothing and answers no row. What is asked here is what the statements below would
-- write.
-- name: launch_again
-- args: registration, sub, deployment, context, role, lti11, sis, given, family, name, email, locale, is_test, label, title, roster_url, stale_minutes, nonce, nonce_expires_s, session, secret_hash, hours, platform_name, platform_guid, notice_url, admin, placement, about_sub
WITH known AS (
	SELECT i.tenant_id, i.person_id, c.course_id
	FROM ilp.identity i
	JOIN ilp.person p ON p.tenant_id = i.tenant_id AND p.person_id = i.person_id
	JOIN ilp.course c ON c.tenant_id = i.tenant_id AND c.registration_id = i.registration_id
	     AND c.deployment_id = $3 AND c.context_id = $4
	JOIN ilp.membership m ON m.tenant_id = i.tenant_id AND m.course_id = c.course_id AND m.person_id = i.person_id
	JOIN lti.deployment d ON d.registration_id = c.registration_id AND d.deployment_id = c.deployment_id
	WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = $2
	  AND least(i.seen_at, m.seen_at, d.seen_at) >= ilp.moment() - interval '1 hour'
	  AND (d.platform_name, d.platform_guid, d.notice_url) IS NOT DISTINCT FROM
	      (coalesce($23, d.platform_name), coalesce($24, d.platform_guid), coalesce($25, d.notice_url))
	  AND m.role = $5 AND m.source = 'launch' AND m.left_at IS NULL
	  AND (i.lti11_id, i.sis_id) IS NOT DISTINCT FROM (coalesce($6, i.lti11_id), coalesce($7, i.sis_id))
	  AND (p.given_name, p.family_name, p.name, p.email, p.locale, p.is_test) IS NOT DISTINCT FROM
	      (coalesce($8, p.given_name), coalesce($9, p.family_name), coalesce($10, p.name),
	       coalesce($11, p.email), coalesce($12, p.locale), $13::boolean)
	  AND (c.label, c.title, c.roster_url) IS NOT DISTINCT FROM
	      (coalesce($14, c.label), coalesce($15, c.title), $16::text)
	  AND ($16::text IS NULL OR c.roster_state IN ('wanted', 'running') OR
	       c.roster_at >= ilp.moment() - $17::int * interval '1 minute')
), spent AS (
	INSERT INTO lti.nonce (registration_id, nonce, expires_at)
	SELECT $1::uuid, $18, to_timestamp($19::bigint) FROM known
)
INSERT INTO ilp.session AS s (tenant_id, session_id, secret_hash, person_id, course_id, role, admin, placement,
                              started_at, seen_at, expires_at)
SELECT tenant_id, $20::uuid, $21, person_id, course_id, $5, $26::boolean, $27::jsonb,
       ilp.moment(), ilp.moment(), ilp.moment() + $22::int * interval '1 hour'
FROM known
RETURNING s.person_id, s.course_id, (
	SELECT t.person_id FROM ilp.identity t
	WHERE t.tenant_id = s.tenant_id AND t.registration_id = $1::uuid AND t.sub = $28
	  AND (s.admin OR EXISTS (SELECT 1 FROM ilp.membership k
	       WHERE k.tenant_id = s.tenant_id AND k.course_id = s.course_id AND k.person_id = t.person_id
	         AND k.left_at IS NULL)))

-- The statements of any other launch, in this order, in one transaction. Each finds
-- what the one before it wrote by its natural key, so none waits for an answer. The NOT
-- EXISTS makes them a look-up where nothing changes, for an upsert that changes nothing
-- would still lock its row, and with it everybody of the course.

-- name: launch_nonce
-- args: registration, nonce, expires_s
INSERT INTO lti.nonce (registration_id, nonce, expires_at)
VALUES ($1::uuid, $2, to_timestamp($3::bigint))

-- Whose deployment it is stays as it is. Another address for notices is subscribed to
-- anew, at once; that somebody was here is written once an hour.
-- name: launch_deployment
-- args: registration, deployment, platform_name, platform_guid, notice_url
WITH put AS (
INSERT INTO lti.deployment AS d (registration_id, deployment_id, tenant_id, state, platform_name, platform_guid,
                                 notice_url, seen_at)
SELECT $1::uuid, $2, ilp.current_tenant(), 'active', coalesce($3, ''), coalesce($4, ''), $5, ilp.moment()
WHERE NOT EXISTS (
	SELECT 1 FROM lti.deployment k
	WHERE k.registration_id = $1::uuid AND k.deployment_id = $2
	  AND k.seen_at >= ilp.moment() - interval '1 hour'
	  AND (k.platform_name, k.platform_guid, k.notice_url) IS NOT DISTINCT FROM
	      (coalesce($3, k.platform_name), coalesce($4, k.platform_guid), coalesce($5, k.notice_url)))
ON CONFLICT (registration_id, deployment_id) DO UPDATE
SET platform_name = coalesce($3, d.platform_name), platform_guid = coalesce($4, d.platform_guid),
    notice_url = coalesce($5, d.notice_url), seen_at = excluded.seen_at,
    notice_at = CASE WHEN coalesce($5, d.notice_url) IS NOT DISTINCT FROM d.notice_url THEN d.notice_at END,
    notice_error = CASE WHEN coalesce($5, d.notice_url) IS NOT DISTINCT FROM d.notice_url THEN d.notice_error END
WHERE d.tenant_id = ilp.current_tenant()
RETURNING notice_url, notice_at)
SELECT pg_notify('errand', '') FROM put WHERE notice_url IS NOT NULL AND notice_at IS NULL

-- name: launch_identity
-- args: registration, sub, fresh_person, lti11, sis
INSERT INTO ilp.identity AS i (tenant_id, registration_id, sub, person_id, lti11_id, sis_id, seen_at)
SELECT ilp.current_tenant(), $1::uuid, $2, $3::uuid, $4, $5, ilp.moment()
WHERE NOT EXISTS (
	SELECT 1 FROM ilp.identity k
	WHERE k.tenant_id = ilp.current_tenant() AND k.registration_id = $1::uuid AND k.sub = $2
	  AND k.seen_at >= ilp.moment() - interval '1 hour'
	  AND (k.lti11_id, k.sis_id) IS NOT DISTINCT FROM (coalesce($4, k.lti11_id), coalesce($5, k.sis_id)))
ON CONFLICT (tenant_id, registration_id, sub) DO UPDATE
SET lti11_id = coalesce(excluded.lti11_id, i.lti11_id), sis_id = coalesce(excluded.sis_id, i.sis_id),
    seen_at = excluded.seen_at

-- What a platform does not say is kept as it was.
-- name: launch_person
-- args: registration, sub, given, family, name, email, locale, is_test
INSERT INTO ilp.person AS p (tenant_id, person_id, given_name, family_name, name, email, locale, is_test,
                             created_at, updated_at)
SELECT tenant_id, person_id, coalesce($3, ''), coalesce($4, ''), coalesce($5, ''), $6, $7, $8::boolean,
       ilp.moment(), ilp.moment()
FROM ilp.identity i WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid AND sub = $2
  AND NOT EXISTS (
	SELECT 1 FROM ilp.person k
	WHERE k.tenant_id = i.tenant_id AND k.person_id = i.person_id
	  AND (k.given_name, k.family_name, k.name, k.email, k.locale, k.is_test) IS NOT DISTINCT FROM
	      (coalesce($3, k.given_name), coalesce($4, k.family_name), coalesce($5, k.name),
	       coalesce($6, k.email), coalesce($7, k.locale), $8::boolean))
ON CONFLICT (tenant_id, person_id) DO UPDATE
SET given_name = coalesce($3, p.given_name), family_name = coalesce($4, p.family_name),
    name = coalesce($5, p.name), email = coalesce($6, p.email), locale = coalesce($7, p.locale),
    is_test = $8::boolean, updated_at = ilp.moment()

-- name: launch_course
-- args: fresh_course, registration, deployment, context, label, title, resource_link, roster_url, stale_minutes
INSERT INTO ilp.course AS c (tenant_id, course_id, registration_id, deployment_id, context_id, label, title,
                             resource_link_id, roster_url, roster_state)
SELECT ilp.current_tenant(), $1::uuid, $2::uuid, $3, $4, coalesce($5, ''), coalesce($6, ''), $7, $8,
       CASE WHEN $8::text IS NULL THEN 'none' ELSE 'wanted' END
WHERE NOT EXISTS (
	SELECT 1 FROM ilp.course k
	WHERE k.tenant_id = ilp.current_tenant() AND k.registration_id = $2::uuid AND k.deployment_id = $3
	  AND k.context_id = $4
	  AND (k.label, k.title, k.roster_url) IS NOT DISTINCT FROM
	      (coalesce($5, k.label), coalesce($6, k.title), coalesce($8, k.roster_url))
	  AND ($8::text IS NULL OR k.roster_state IN ('wanted', 'running') OR
	       k.roster_at >= ilp.moment() - $9::int * interval '1 minute'))
ON CONFLICT (tenant_id, registration_id, deployment_id, context_id) DO UPDATE
SET label = coalesce($5, c.label), title = coalesce($6, c.title),
    resource_link_id = coalesce($7, c.resource_link_id), roster_url = coalesce($8, c.roster_url),
    roster_state = CASE WHEN $8::text IS NULL OR c.roster_state = 'running' THEN c.roster_state
                        ELSE 'wanted' END

-- Of which courses a course that is new to us is a copy; never of itself. A course made
-- in this transaction bears its time.
-- name: launch_origins
-- args: registration, deployment, context, origins
INSERT INTO ilp.course_origin (tenant_id, course_id, origin_context, source, at)
SELECT c.tenant_id, c.course_id, origin, 'history', ilp.moment()
FROM ilp.course c, unnest($4::text[]) origin
WHERE c.tenant_id = ilp.current_tenant() AND c.registration_id = $1::uuid AND c.deployment_id = $2
  AND c.context_id = $3 AND c.created_at = now() AND origin <> c.context_id
ON CONFLICT DO NOTHING

-- A launch outranks the roster (I-25).
-- name: launch_membership
-- args: registration, sub, deployment, context, role
INSERT INTO ilp.membership AS m (tenant_id, course_id, person_id, role, source, joined_at, seen_at)
SELECT c.tenant_id, c.course_id, i.person_id, $5, 'launch', ilp.moment(), ilp.moment()
FROM ilp.identity i JOIN ilp.course c ON c.tenant_id = i.tenant_id AND c.registration_id = i.registration_id
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = $2
  AND c.deployment_id = $3 AND c.context_id = $4
  AND NOT EXISTS (
	SELECT 1 FROM ilp.membership k
	WHERE k.tenant_id = c.tenant_id AND k.course_id = c.course_id AND k.person_id = i.person_id
	  AND k.role = $5 AND k.source = 'launch' AND k.left_at IS NULL
	  AND k.seen_at >= ilp.moment() - interval '1 hour')
ON CONFLICT (tenant_id, course_id, person_id) DO UPDATE
SET role = excluded.role, source = 'launch', left_at = NULL, seen_at = excluded.seen_at

-- What this launch says of a guardian's children in this course replaces what an
-- earlier one said.
-- name: launch_claims_clear
-- args: registration, sub, deployment, context, children
DELETE FROM ilp.guardian_claim g
USING ilp.identity i, ilp.course c
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = $2
  AND c.tenant_id = i.tenant_id AND c.registration_id = i.registration_id
  AND c.deployment_id = $3 AND c.context_id = $4
  AND g.tenant_id = i.tenant_id AND g.guardian_id = i.person_id AND g.course_id = c.course_id
  AND g.registration_id = i.registration_id AND g.child_sub <> ALL ($5::text[])

-- name: launch_claims
-- args: registration, sub, deployment, context, children, sources
INSERT INTO ilp.guardian_claim (tenant_id, guardian_id, registration_id, course_id, child_sub, source, claimed_at)
SELECT i.tenant_id, i.person_id, i.registration_id, c.course_id, said.child, said.source, ilp.moment()
FROM ilp.identity i JOIN ilp.course c ON c.tenant_id = i.tenant_id AND c.registration_id = i.registration_id,
     unnest($5::text[], $6::text[]) said (child, source)
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = $2
  AND c.deployment_id = $3 AND c.context_id = $4
ON CONFLICT (tenant_id, guardian_id, registration_id, course_id, child_sub) DO UPDATE
SET source = excluded.source, claimed_at = excluded.claimed_at

-- A claim becomes a link when its child is a student of that course (lti.md 3.3: ids
-- that nobody there has are dropped). A block stays a block; one that came before any
-- link and was lifted is no link of the school's. Unconfirmed for 180
-- days, a link counts no more (ilp.is_guardian) until a launch confirms it again; what
-- an earlier launch said, found once more by a roster, confirms nothing.
-- name: guardian_links_make
-- args: registration, guardian_sub, course_context
INSERT INTO ilp.guardian_link AS l (tenant_id, student_id, guardian_id, source, confirmed_at, expires_at, created_at)
SELECT DISTINCT ON (m.person_id, g.guardian_id)
       g.tenant_id, m.person_id, g.guardian_id, g.source, g.claimed_at, g.claimed_at + interval '180 days', ilp.moment()
FROM ilp.guardian_claim g
JOIN ilp.identity i ON i.tenant_id = g.tenant_id AND i.registration_id = g.registration_id
     AND g.child_sub IN (i.sub, i.lti11_id)
JOIN ilp.membership m ON m.tenant_id = g.tenant_id AND m.course_id = g.course_id
     AND m.person_id = i.person_id AND m.role = 'student' AND m.left_at IS NULL
JOIN ilp.course c ON c.tenant_id = g.tenant_id AND c.course_id = g.course_id
WHERE g.tenant_id = ilp.current_tenant() AND g.registration_id = $1::uuid
  AND ($2::text IS NULL OR g.guardian_id = (SELECT person_id FROM ilp.identity
       WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid AND sub = $2))
  AND c.context_id = $3 AND m.person_id <> g.guardian_id
ORDER BY m.person_id, g.guardian_id, g.claimed_at DESC
ON CONFLICT (tenant_id, student_id, guardian_id) DO UPDATE
SET source = CASE WHEN excluded.confirmed_at < l.confirmed_at AND l.source <> 'manual' THEN l.source
                  ELSE excluded.source END,
    confirmed_at = greatest(excluded.confirmed_at, l.confirmed_at),
    expires_at = greatest(excluded.expires_at, l.expires_at), state = 'active'
WHERE l.state <> 'blocked' AND (l.source IN ('role_scope_mentor', 'canvas_observees') OR
                                (l.source = 'manual' AND l.state = 'ended'))

-- The platform no longer names a child of this guardian anywhere: its link ends now,
-- not when it would expire (custody changes).
-- name: guardian_links_end
-- args: registration, sub
UPDATE ilp.guardian_link l SET state = 'ended'
FROM ilp.identity i
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = $2
  AND l.tenant_id = i.tenant_id AND l.guardian_id = i.person_id AND l.state = 'active'
  AND l.source IN ('role_scope_mentor', 'canvas_observees')
  AND NOT EXISTS (SELECT 1 FROM ilp.guardian_claim g JOIN ilp.identity c
                  ON c.tenant_id = g.tenant_id AND c.registration_id = g.registration_id
                     AND g.child_sub IN (c.sub, c.lti11_id)
                  WHERE g.tenant_id = l.tenant_id AND g.guardian_id = l.guardian_id
                    AND c.person_id = l.student_id)

-- name: launch_session
-- args: session, secret_hash, registration, sub, deployment, context, role, hours, admin, placement, about_sub
INSERT INTO ilp.session AS s (tenant_id, session_id, secret_hash, person_id, course_id, role, admin, placement,
                              started_at, seen_at, expires_at)
SELECT i.tenant_id, $1::uuid, $2, i.person_id, c.course_id, $7, $9::boolean, $10::jsonb,
       ilp.moment(), ilp.moment(), ilp.moment() + $8::int * interval '1 hour'
FROM ilp.identity i
LEFT JOIN ilp.course c ON c.tenant_id = i.tenant_id AND c.registration_id = i.registration_id
     AND c.deployment_id = $5 AND c.context_id = $6
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $3::uuid AND i.sub = $4
RETURNING s.person_id, s.course_id, (
	SELECT t.person_id FROM ilp.identity t
	WHERE t.tenant_id = s.tenant_id AND t.registration_id = $3::uuid AND t.sub = $11
	  AND (s.admin OR EXISTS (SELECT 1 FROM ilp.membership k
	       WHERE k.tenant_id = s.tenant_id AND k.course_id = s.course_id AND k.person_id = t.person_id
	         AND k.left_at IS NULL)))
