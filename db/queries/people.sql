-- Who is here and who is whose (ilp/people.c).

-- name: viewer_facts
-- args: person, course
SELECT p.name, p.given_name, coalesce(p.language, p.locale, t.locale), t.name, t.help,
       (ilp.moment() AT TIME ZONE t.time_zone)::date, c.course_id, c.title, c.label,
       CASE WHEN c.roster_state = 'wanted' AND c.roster_error IS NOT NULL AND w.again > ilp.moment() THEN 'failed'
            ELSE c.roster_state END,
       to_char(c.roster_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), c.roster_error,
       p.family_name, CASE WHEN c.roster_state IN ('wanted', 'running') AND c.roster_since IS NOT NULL THEN c.roster_people END,
       CASE WHEN c.roster_state = 'wanted' OR c.roster_state = 'failed' AND c.roster_tries < 8
            THEN to_char(w.again AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END
FROM ilp.tenant t
JOIN ilp.person p ON p.tenant_id = t.tenant_id
LEFT JOIN ilp.course c ON c.tenant_id = t.tenant_id AND c.course_id = $2::uuid
LEFT JOIN LATERAL (SELECT greatest(c.roster_retry_at, c.roster_lease + ilp.roster_pause(c.roster_tries)) AS again
                   WHERE c.roster_error IS NOT NULL) w ON true
WHERE t.tenant_id = ilp.current_tenant() AND p.person_id = $1::uuid

-- name: viewer_language
-- args: person, language
UPDATE ilp.person SET language = $2 WHERE tenant_id = ilp.current_tenant() AND person_id = $1::uuid

-- name: course_people
-- args: course
SELECT p.person_id, m.role, p.name, p.given_name, p.family_name
FROM ilp.membership m JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id
WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = $1::uuid AND m.left_at IS NULL
  AND m.role IN ('student', 'teacher') AND NOT p.is_test

-- name: guardian_children
-- args: guardian
SELECT p.person_id, p.name, p.given_name, p.family_name
FROM ilp.guardian_link l JOIN ilp.person p ON p.tenant_id = l.tenant_id AND p.person_id = l.student_id
WHERE l.tenant_id = ilp.current_tenant() AND l.guardian_id = $1::uuid
  AND ilp.is_guardian(l.guardian_id, l.student_id)
