-- Rosters: a course's members as the platform lists them (ilp/roster.c).

-- name: roster_want
-- args: course
UPDATE ilp.course SET roster_state = 'wanted', roster_error = NULL
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

-- Sees every tenant's wanted rosters; a lease that ran out is taken over.
-- name: roster_due
-- args:
SELECT tenant_id, course_id FROM ilp.course
WHERE roster_state = 'wanted' OR (roster_state = 'running' AND roster_lease < now())
ORDER BY roster_lease NULLS FIRST LIMIT 1

-- name: roster_claim
-- args: course
UPDATE ilp.course SET roster_state = 'running', roster_lease = now() + interval '5 minutes'
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid
  AND (roster_state = 'wanted' OR (roster_state = 'running' AND roster_lease < now()))
RETURNING registration_id, roster_url, resource_link_id, context_id, ilp.moment()::text

-- The members of a page as JSON: [{"sub","person","lti11","sis","given","family","name","email","role"}],
-- where "person" is a fresh id for who is not known yet.
-- name: roster_identities
-- args: registration, members
INSERT INTO ilp.identity AS i (tenant_id, registration_id, sub, person_id, lti11_id, sis_id, seen_at)
SELECT DISTINCT ON (r.sub) ilp.current_tenant(), $1::uuid, r.sub, r.person, r.lti11, r.sis, ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, person uuid, lti11 text, sis text)
ON CONFLICT (tenant_id, registration_id, sub) DO UPDATE
SET lti11_id = coalesce(excluded.lti11_id, i.lti11_id), sis_id = coalesce(excluded.sis_id, i.sis_id)
WHERE (i.lti11_id, i.sis_id) IS DISTINCT FROM
      (coalesce(excluded.lti11_id, i.lti11_id), coalesce(excluded.sis_id, i.sis_id))

-- name: roster_people
-- args: registration, members
INSERT INTO ilp.person AS p (tenant_id, person_id, given_name, family_name, name, email, is_test, created_at, updated_at)
SELECT DISTINCT ON (i.person_id) i.tenant_id, i.person_id, coalesce(r.given, ''), coalesce(r.family, ''), coalesce(r.name, ''), r.email,
       r.test, ilp.moment(), ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, given text, family text, name text, email text, test boolean)
JOIN ilp.identity i ON i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = r.sub
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
-- args: registration, members, course
INSERT INTO ilp.membership AS m (tenant_id, course_id, person_id, role, source, joined_at, seen_at)
SELECT DISTINCT ON (i.person_id) i.tenant_id, $3::uuid, i.person_id, r.role, 'roster', ilp.moment(), ilp.moment()
FROM jsonb_to_recordset($2::jsonb) r (sub text, role text)
JOIN ilp.identity i ON i.tenant_id = ilp.current_tenant() AND i.registration_id = $1::uuid AND i.sub = r.sub
ON CONFLICT (tenant_id, course_id, person_id) DO UPDATE
SET role = CASE WHEN m.source = 'launch' AND m.left_at IS NULL THEN m.role ELSE excluded.role END,
    source = CASE WHEN m.source = 'launch' AND m.left_at IS NULL THEN 'launch' ELSE 'roster' END,
    left_at = NULL, seen_at = excluded.seen_at

-- Who was in the course and was not in this roster, nor in the one before it, has
-- left (R77: two full syncs); nothing of theirs is deleted.
-- name: roster_finish
-- args: course, started
WITH gone AS (
	UPDATE ilp.membership m SET left_at = ilp.moment()
	FROM ilp.course c
	WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = $1::uuid AND m.tenant_id = c.tenant_id
	  AND m.course_id = c.course_id AND m.left_at IS NULL AND m.role = 'student'
	  AND m.seen_at < $2::timestamptz AND m.seen_at < c.roster_at
	RETURNING 1)
UPDATE ilp.course SET roster_state = 'done', roster_at = $2::timestamptz, roster_error = NULL, roster_lease = NULL
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid
RETURNING (SELECT count(*) FROM gone)

-- name: roster_fail
-- args: course, reason
UPDATE ilp.course SET roster_state = 'failed', roster_error = $2, roster_lease = NULL
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid
