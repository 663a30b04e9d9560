-- Guardians' relations, seen and blocked (ilp/relation.c).

-- name: relations
-- args: course, query, limit
SELECT l.student_id, ilp.called(s.name, s.given_name, s.family_name, s.person_id),
       l.guardian_id, ilp.called(g.name, g.given_name, g.family_name, g.person_id), l.source,
       CASE WHEN l.state = 'active' AND l.expires_at <= ilp.moment() THEN 'expired' ELSE l.state END,
       to_char(l.confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(l.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), l.note
FROM (SELECT k.* FROM ilp.membership m
      JOIN ilp.guardian_link k ON k.tenant_id = m.tenant_id AND k.student_id = m.person_id
      WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = $1::uuid AND m.role = 'student' AND m.left_at IS NULL
      UNION ALL
      SELECT k.* FROM ilp.guardian_link k WHERE k.tenant_id = ilp.current_tenant() AND $1::uuid IS NULL) l
JOIN ilp.person s ON s.tenant_id = l.tenant_id AND s.person_id = l.student_id
JOIN ilp.person g ON g.tenant_id = l.tenant_id AND g.person_id = l.guardian_id
WHERE ($2::text IS NULL
       OR strpos(lower(ilp.called(s.name, s.given_name, s.family_name, s.person_id)), lower($2)) > 0
       OR strpos(lower(ilp.called(g.name, g.given_name, g.family_name, g.person_id)), lower($2)) > 0)
ORDER BY l.confirmed_at DESC, l.student_id, l.guardian_id LIMIT $3::int

-- A block may come before any link: nobody becomes a guardian of that student by a launch.
-- name: relation_block
-- args: student, guardian, note, by
INSERT INTO ilp.guardian_link AS l (tenant_id, student_id, guardian_id, source, state, confirmed_at, created_at,
                                    changed_by, changed_at, note)
SELECT s.tenant_id, s.person_id, g.person_id, 'manual', 'blocked', ilp.moment(), ilp.moment(), $4::uuid,
       ilp.moment(), $3
FROM ilp.person s JOIN ilp.person g ON g.tenant_id = s.tenant_id AND g.person_id = $2::uuid
WHERE s.tenant_id = ilp.current_tenant() AND s.person_id = $1::uuid AND s.person_id <> g.person_id
ON CONFLICT (tenant_id, student_id, guardian_id) DO UPDATE
SET state = 'blocked', changed_by = excluded.changed_by, changed_at = excluded.changed_at, note = excluded.note
RETURNING l.student_id

-- What a platform says to this day lives again at once. What it stopped saying meanwhile,
-- what has expired, and what only a block made waits for somebody to say it again.
-- name: relation_unblock
-- args: student, guardian, note, by
UPDATE ilp.guardian_link l
SET state = CASE WHEN l.expires_at > ilp.moment() AND EXISTS (
		SELECT 1 FROM ilp.guardian_claim g
		JOIN ilp.identity c ON c.tenant_id = g.tenant_id AND c.registration_id = g.registration_id
		     AND g.child_sub IN (c.sub, c.lti11_id)
		WHERE g.tenant_id = l.tenant_id AND g.guardian_id = l.guardian_id AND c.person_id = l.student_id)
	THEN 'active' ELSE 'ended' END,
    changed_by = $4::uuid, changed_at = ilp.moment(), note = $3
WHERE l.tenant_id = ilp.current_tenant() AND l.student_id = $1::uuid AND l.guardian_id = $2::uuid
  AND l.state = 'blocked'
RETURNING l.student_id
