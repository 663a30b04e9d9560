-- Rosters: a course's members as the platform lists them (ilp/roster.c).

-- Somebody asks: at once, but for a platform that asked us to wait.
-- name: roster_want
-- args: course
UPDATE ilp.course
SET roster_state = 'wanted', roster_lease = NULL, roster_tries = 0,
    roster_error = CASE WHEN roster_retry_at > ilp.moment() THEN roster_error END
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND roster_url IS NOT NULL
  AND roster_state <> 'running'

-- name: roster_wake
-- args:
SELECT pg_notify('roster', '')

-- name: roster_notify
-- args: registration, deployment, context
SELECT pg_notify('roster', '') FROM ilp.course
WHERE tenant_id = ilp.current_tenant() AND registration_id = $1::uuid AND deployment_id = $2 AND context_id = $3
  AND roster_state = 'wanted'

-- Whose turn it is, of every tenant's: the registration after the one that had the last
-- turn, of its courses the one that waits longest. A lease that ran out is taken over; a
-- failed roster is tried again by itself. Resting platforms have just failed: only what
-- was never tried, or what a person asks for, is asked of them.
-- name: roster_due
-- args: after_registration, resting
SELECT c.tenant_id, c.course_id, c.registration_id
FROM ilp.course c, (SELECT ilp.moment() AS now) m
WHERE (roster_state IN ('wanted', 'running') OR roster_state = 'failed' AND roster_tries < 8)
  AND CASE WHEN roster_state = 'running' THEN roster_lease < m.now
           ELSE coalesce(roster_retry_at <= m.now, true) AND
                (roster_lease IS NULL OR
                 roster_lease + ilp.roster_pause(roster_tries) <= m.now AND registration_id <> ALL ($2::uuid[])) END
ORDER BY registration_id > $1::uuid DESC, registration_id, roster_lease NULLS FIRST, course_id
LIMIT 1

-- Goes on where the last turn ended, if that was today; else begins anew: with what
-- changed since, where the platform says that and the last whole list is not a week old.
-- name: roster_claim
-- args: course
UPDATE ilp.course c
SET roster_state = 'running', roster_lease = m.now + interval '5 minutes', roster_attempt = roster_attempt + 1,
    roster_kind = CASE WHEN m.goes_on THEN roster_kind
                       WHEN roster_differences IS NOT NULL AND roster_full_at > m.now - interval '7 days'
                       THEN 'differences' ELSE 'full' END,
    roster_next = CASE WHEN m.goes_on THEN roster_next END,
    roster_since = CASE WHEN m.goes_on THEN roster_since ELSE m.now END,
    roster_people = CASE WHEN m.goes_on THEN roster_people ELSE 0 END,
    roster_pages = CASE WHEN m.goes_on THEN roster_pages ELSE 0 END
FROM (SELECT ilp.moment() AS now, k.roster_next IS NOT NULL AND k.roster_since > ilp.moment() - interval '6 hours' AS goes_on
      FROM ilp.course k WHERE k.tenant_id = ilp.current_tenant() AND k.course_id = $1::uuid) m
WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = $1::uuid
  AND CASE WHEN roster_state = 'running' THEN roster_lease < m.now
           ELSE roster_state IN ('wanted', 'failed') AND coalesce(roster_retry_at <= m.now, true) END
RETURNING registration_id, roster_url, resource_link_id, context_id, roster_attempt, roster_kind = 'differences',
          CASE WHEN roster_next IS NOT NULL THEN roster_next WHEN roster_kind = 'differences' THEN roster_differences END,
          roster_pages, roster_people

-- The statements of a page are one transaction. This one goes first: it moves on, and
-- where the lease was lost it finds nothing, and so do those after it: taking over counts
-- the attempt up, and so does ending.
-- name: roster_page
-- args: course, attempt, next, differences, people
UPDATE ilp.course
SET roster_next = $3, roster_people = roster_people + $5::int, roster_pages = roster_pages + 1,
    roster_differences = CASE WHEN roster_pages = 0 THEN $4 ELSE coalesce(roster_differences, $4) END,
    roster_lease = ilp.moment() + interval '5 minutes'
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND roster_attempt = $2::int
RETURNING 1

-- The members of a page as JSON: [{"sub","person","lti11","sis","given","family","name","email","role"}],
-- where "person" is a fresh id for who is not known yet.
-- name: roster_identities
-- args: registration, members, course, attempt
INSERT INTO ilp.identity AS i (tenant_id, registration_id, sub, person_id, lti11_id, sis_id, seen_at)
SELECT DISTINCT ON (r.sub) ilp.current_tenant(), $1::uuid, r.sub, r.person, r.lti11, r.sis, ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, person uuid, lti11 text, sis text)
WHERE EXISTS (SELECT 1 FROM ilp.course c WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = $3::uuid
              AND c.roster_attempt = $4::int)
ON CONFLICT (tenant_id, registration_id, sub) DO UPDATE
SET lti11_id = coalesce(excluded.lti11_id, i.lti11_id), sis_id = coalesce(excluded.sis_id, i.sis_id)
WHERE (i.lti11_id, i.sis_id) IS DISTINCT FROM
      (coalesce(excluded.lti11_id, i.lti11_id), coalesce(excluded.sis_id, i.sis_id))

-- LIMIT 1 makes it a look-up for each member, not a walk through the whole school.
-- name: roster_people
-- args: registration, members, course, attempt
INSERT INTO ilp.person AS p (tenant_id, person_id, given_name, family_name, name, email, is_test, created_at, updated_at)
SELECT DISTINCT ON (i.person_id) i.tenant_id, i.person_id, coalesce(r.given, ''), coalesce(r.family, ''), coalesce(r.name, ''), r.email,
       r.test, ilp.moment(), ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, given text, family text, name text, email text, test boolean)
CROSS JOIN LATERAL (SELECT k.tenant_id, k.person_id FROM ilp.identity k
                    WHERE k.tenant_id = ilp.current_tenant() AND k.registration_id = $1::uuid AND k.sub = r.sub LIMIT 1) i
WHERE EXISTS (SELECT 1 FROM ilp.course c WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = $3::uuid
              AND c.roster_attempt = $4::int)
ON CONFLICT (tenant_id, person_id) DO UPDATE
SET given_name = coalesce(nullif(excluded.given_name, ''), p.given_name),
    family_name = coalesce(nullif(excluded.family_name, ''), p.family_name),
    name = coalesce(nullif(excluded.name, ''), p.name), email = coalesce(excluded.email, p.email),
    updated_at = excluded.updated_at
WHERE (p.given_name, p.family_name, p.name, p.email) IS DISTINCT FROM
      (coalesce(nullif(excluded.given_name, ''), p.given_name),
       coalesce(nullif(excluded.family_name, ''), p.family_name),
       coalesce(nullif(excluded.name, ''), p.name), coalesce(excluded.email, p.email))

-- name: roster_members
-- args: registration, members, course, attempt
INSERT INTO ilp.membership AS m (tenant_id, course_id, person_id, role, source, joined_at, seen_at, listed_at)
SELECT DISTINCT ON (i.person_id) i.tenant_id, c.course_id, i.person_id, r.role, 'roster', ilp.moment(), ilp.moment(), ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, role text)
CROSS JOIN LATERAL (SELECT k.tenant_id, k.person_id FROM ilp.identity k
                    WHERE k.tenant_id = ilp.current_tenant() AND k.registration_id = $1::uuid AND k.sub = r.sub LIMIT 1) i
JOIN ilp.course c ON c.tenant_id = ilp.current_tenant() AND c.course_id = $3::uuid AND c.roster_attempt = $4::int
ON CONFLICT (tenant_id, course_id, person_id) DO UPDATE
SET role = CASE WHEN m.source = 'launch' AND m.left_at IS NULL THEN m.role ELSE excluded.role END,
    source = CASE WHEN m.source = 'launch' AND m.left_at IS NULL THEN 'launch' ELSE 'roster' END,
    left_at = NULL, listed_at = excluded.listed_at

-- Who is listed as inactive or deleted has left; nothing of theirs is deleted. Those who
-- were never here are nobody's business.
-- name: roster_leavers
-- args: registration, subs, course, attempt
UPDATE ilp.membership m SET left_at = ilp.moment()
FROM ilp.identity i, ilp.course c
WHERE i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = ANY ($2::text[])
  AND c.tenant_id = i.tenant_id AND c.course_id = $3::uuid AND c.roster_attempt = $4::int
  AND m.tenant_id = i.tenant_id AND m.course_id = c.course_id AND m.person_id = i.person_id AND m.left_at IS NULL

-- After the last page. Who was in the course and was not in this whole list, nor in the
-- one before it, has left (R77: two full syncs): students, and others if a list ever
-- named them. Moodle's administrators teach without standing in any.
-- name: roster_finish
-- args: course, attempt
WITH gone AS (
	UPDATE ilp.membership m SET left_at = ilp.moment()
	FROM ilp.course c
	WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = $1::uuid AND c.roster_attempt = $2::int
	  AND c.roster_kind = 'full'
	  AND m.tenant_id = c.tenant_id AND m.course_id = c.course_id AND m.left_at IS NULL
	  AND greatest(m.seen_at, m.listed_at) < least(c.roster_since, c.roster_full_at)
	  AND c.roster_full_at IS NOT NULL AND (m.role = 'student' OR m.listed_at IS NOT NULL)
	RETURNING 1)
UPDATE ilp.course
SET roster_state = 'done', roster_at = roster_since, roster_error = NULL, roster_lease = ilp.moment(),
    roster_full_at = CASE roster_kind WHEN 'full' THEN roster_since ELSE roster_full_at END,
    roster_next = NULL, roster_since = NULL, roster_retry_at = NULL, roster_tries = 0, roster_attempt = roster_attempt + 1
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND roster_attempt = $2::int
RETURNING (SELECT count(*) FROM gone)

-- The turn is over before the roster is: to the back of the queue.
-- name: roster_rest
-- args: course, attempt
UPDATE ilp.course SET roster_state = 'wanted', roster_lease = ilp.moment(), roster_attempt = roster_attempt + 1
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND roster_attempt = $2::int

-- What was taken in stays, nobody has left. anew: what we went on with is no more, so the
-- next try begins from the start; the first time it does so at once.
-- name: roster_fail
-- args: course, attempt, reason, retry_after_s, anew
UPDATE ilp.course
SET roster_state = CASE WHEN $5::boolean AND roster_tries = 0 THEN 'wanted' ELSE 'failed' END,
    roster_error = CASE WHEN $5::boolean AND roster_tries = 0 THEN NULL ELSE $3 END,
    roster_lease = CASE WHEN $5::boolean AND roster_tries = 0 THEN NULL ELSE ilp.moment() END,
    roster_retry_at = CASE WHEN $4::bigint > 0
                           THEN ilp.moment() + least($4::bigint, 6 * 3600) * interval '1 second' END,
    roster_tries = roster_tries + 1, roster_attempt = roster_attempt + 1,
    roster_next = CASE WHEN NOT $5::boolean THEN roster_next END,
    roster_differences = CASE WHEN NOT $5::boolean THEN roster_differences END
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND roster_attempt = $2::int

-- name: roster_tenants
-- args:
SELECT DISTINCT tenant_id FROM lti.deployment WHERE tenant_id IS NOT NULL

-- Between one and five of the school's night, each course at a minute of its own, once a
-- night; those that somebody came to from the platform within 120 days.
-- name: roster_nightly
-- args:
UPDATE ilp.course c SET roster_state = 'wanted'
FROM ilp.tenant t, LATERAL (SELECT ilp.moment() AT TIME ZONE t.time_zone AS local) n,
     LATERAL (SELECT date_trunc('day', n.local) + interval '1 hour' AS one) w
WHERE t.tenant_id = ilp.current_tenant() AND c.tenant_id = t.tenant_id AND c.roster_url IS NOT NULL
  AND c.roster_state IN ('done', 'failed')
  AND n.local >= w.one + mod(abs(hashtext(c.course_id::text)::bigint), 240) * interval '1 minute'
  AND n.local < w.one + interval '4 hours'
  AND coalesce(c.roster_lease, '-infinity') < w.one AT TIME ZONE t.time_zone
  AND (SELECT true FROM ilp.membership m
       WHERE m.tenant_id = c.tenant_id AND m.course_id = c.course_id AND m.source = 'launch'
         AND m.seen_at > ilp.moment() - interval '120 days' LIMIT 1)
RETURNING 1
