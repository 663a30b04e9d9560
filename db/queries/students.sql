-- Lists of students and their plans (ilp/students.c): each statement begins at ilp.listed(),
-- and tells of a plan what its hat may read. search_begins: how a name begins,
-- search_words: all that stands in it. OFFSET keeps people and plans found by their student,
-- whatever the planner thinks a list may hold.

-- name: listed_students
-- args: person, course, group, search_begins, search_words, reads
SELECT s.student_id, p.name, p.given_name, p.family_name, s.hat, s.groups, l.plan_id, l.title, l.ends_on,
       CASE WHEN s.hat = 16 THEN NOT EXISTS (SELECT 1 FROM ilp.charge c
		WHERE c.tenant_id = ilp.current_tenant() AND c.student_id = s.student_id OFFSET 0) END
FROM (SELECT student_id, min(hat) AS hat, string_agg(group_id::text, ' ' ORDER BY group_id) AS groups
      FROM ilp.listed($1::uuid, $2::uuid, $3::uuid, lower($4)) GROUP BY student_id) s
CROSS JOIN LATERAL (SELECT x.* FROM ilp.person x
	WHERE x.tenant_id = ilp.current_tenant() AND x.person_id = s.student_id AND NOT x.is_test OFFSET 0) p
LEFT JOIN LATERAL (
	SELECT o.plan_id, o.title, o.ends_on FROM ilp.plan o
	WHERE o.tenant_id = ilp.current_tenant() AND o.student_id = p.person_id AND o.state IN ('locked', 'archived')
	  AND ilp.may($6::bigint, o.state, s.hat)
	ORDER BY o.ends_on DESC, o.plan_id LIMIT 1) l ON true
WHERE NOT EXISTS (SELECT 1 FROM unnest($5::text[]) w
	WHERE position(lower(w) IN lower(ilp.called(p.name, p.given_name, p.family_name, p.person_id))) = 0)

-- One row a plan (R-152). What only mentors and headteachers know is NULL for course
-- teachers, tasks are where no list of tasks shows to them, and of reviews they are told
-- those of their course.
-- Read at home: NULL where nobody is there who could.
-- name: listed_plans
-- args: person, course, group, search_begins, reads, states
SELECT p.plan_id, p.student_id, p.title, p.starts_on, p.ends_on, p.state, ilp.currency(p.state, p.starts_on),
       CASE WHEN s.hat & 17 <> 0 THEN ilp.iso(p.published_at) END,
       f.tasks, n.todo, n.doing, n.done, n.dropped, n.late, n.help,
       CASE WHEN f.tasks THEN coalesce(p.track, ilp.track_of(rule.of_track, n.todo + n.doing + n.done, n.done, n.late, n.help,
		p.starts_on, p.ends_on, rule.today, n.watch, n.risk)) END,
       p.track IS NOT NULL, CASE WHEN s.hat & 17 <> 0 THEN p.track_reason END,
       s.hat & 17 <> 0, k.student, k.home, m.student, m.home,
       (SELECT count(*) FROM ilp.plan_row r WHERE s.hat = 1 AND r.tenant_id = p.tenant_id AND r.plan_id = p.plan_id
		AND r.state = 'proposed' AND r.removed_at IS NULL),
       (SELECT count(*) FROM ilp.seen_posts(p.plan_id, p.form_id, s.hat, NULL) o
		WHERE s.hat & 17 <> 0 AND o.hat & 12 <> 0 AND o.removed_at IS NULL
		  AND o.at > coalesce((SELECT x.seen_at FROM ilp.plan_look x WHERE x.tenant_id = p.tenant_id AND x.plan_id = p.plan_id
			AND x.person_id = $1::uuid), '-infinity')),
       CASE WHEN s.hat & 17 <> 0 THEN ilp.iso(p.changed_at) END,
       CASE WHEN s.hat & 17 <> 0 THEN ilp.called(b.name, b.given_name, b.family_name, b.person_id) END
FROM (SELECT student_id, min(hat) AS hat FROM ilp.listed($1::uuid, $2::uuid, $3::uuid, lower($4)) GROUP BY student_id) s
CROSS JOIN (SELECT coalesce(ilp.policy('track'), '{}') AS of_track, ilp.today() AS today) rule
CROSS JOIN LATERAL (SELECT x.* FROM ilp.plan x
	WHERE x.tenant_id = ilp.current_tenant() AND x.student_id = s.student_id
	  AND x.state = ANY ($6::text[]) AND ilp.may($5::bigint, x.state, s.hat) OFFSET 0) p
LEFT JOIN ilp.person b ON b.tenant_id = p.tenant_id AND b.person_id = p.changed_by
CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM ilp.seen_fields(p.form_id, s.hat) x WHERE x.kind = 'tasks') AS tasks) f
CROSS JOIN LATERAL ilp.plan_numbers(p.plan_id, p.form_id, s.hat, p.student_id, p.starts_on, p.ends_on,
	CASE WHEN s.hat = 2 THEN $2::uuid END) n
CROSS JOIN LATERAL (
	SELECT coalesce(bool_or(x.hat = 4), false) AS student,
	       CASE WHEN bool_or(x.hat = 8) THEN true
	            WHEN EXISTS (SELECT 1 FROM ilp.guardian_link l WHERE l.tenant_id = p.tenant_id AND l.student_id = p.student_id
			AND l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > ilp.moment())) THEN false END AS home
	FROM ilp.plan_look x
	WHERE s.hat & 17 <> 0 AND x.tenant_id = p.tenant_id AND x.plan_id = p.plan_id) k
CROSS JOIN LATERAL (
	SELECT bool_or(x.confirmed_at IS NOT NULL) FILTER (WHERE x.hat = 4) AS student,
	       bool_or(x.confirmed_at IS NOT NULL) FILTER (WHERE x.hat = 8) AS home
	FROM ilp.meeting g
	JOIN ilp.meeting_party x ON x.tenant_id = g.tenant_id AND x.meeting_id = g.meeting_id
	WHERE s.hat & 17 <> 0 AND g.tenant_id = p.tenant_id AND g.plan_id = p.plan_id AND g.state = 'planned'
	  AND g.asks_reading AND g.starts_at > (SELECT ilp.moment() - interval '12 hours')) m
ORDER BY p.starts_on DESC, p.title, p.plan_id

-- The groups to choose from: a mentor's own, marked, and those of a headteacher's schools.
-- Who heads a whole district gets the first of them, and finds the others by a student.
-- name: listed_groups
-- args: person
WITH RECURSIVE school AS (
	SELECT h.org_id FROM ilp.head h
	WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid AND h.org_id IS NOT NULL
	UNION
	SELECT o.org_id FROM school u JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.parent_id = u.org_id
), of_all AS (
	SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid AND h.org_id IS NULL
), mine AS (
	SELECT coalesce(c.group_id, c.course_id) AS group_id
	FROM ilp.charge c
	WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid AND coalesce(c.group_id, c.course_id) IS NOT NULL
	GROUP BY 1
), found AS (
	SELECT group_id, true AS mine FROM mine
	UNION ALL
	(SELECT g.group_id, false
	FROM school u JOIN ilp.student_group g ON g.tenant_id = ilp.current_tenant() AND g.org_id = u.org_id
	WHERE g.group_id NOT IN (SELECT group_id FROM mine) AND NOT EXISTS (SELECT 1 FROM of_all)
	LIMIT 400)
	UNION ALL
	(SELECT g.group_id, false
	FROM ilp.student_group g
	WHERE EXISTS (SELECT 1 FROM of_all) AND g.tenant_id = ilp.current_tenant() AND g.group_id NOT IN (SELECT group_id FROM mine)
	LIMIT 400)
	UNION ALL
	(SELECT c.course_id, false
	FROM ilp.course c
	WHERE c.tenant_id = ilp.current_tenant() AND EXISTS (SELECT 1 FROM of_all) AND (SELECT ilp.policy('teachers_are_mentors') = 'true')
	  AND NOT EXISTS (SELECT 1 FROM ilp.student_group g WHERE g.tenant_id = c.tenant_id AND g.course_id = c.course_id)
	  AND c.course_id NOT IN (SELECT group_id FROM mine)
	LIMIT 400)
)
SELECT f.group_id, coalesce(g.name, nullif(c.title, ''), c.label), f.mine,
       CASE WHEN g.group_id IS NOT NULL
            THEN (SELECT count(DISTINCT s.student_id) FROM ilp.group_student s
		JOIN ilp.person p ON p.tenant_id = s.tenant_id AND p.person_id = s.student_id AND NOT p.is_test
		WHERE s.tenant_id = g.tenant_id AND s.group_id = g.group_id)
            ELSE (SELECT count(*) FROM ilp.membership m
		JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
		WHERE m.tenant_id = c.tenant_id AND m.course_id = c.course_id AND m.role = 'student' AND m.left_at IS NULL) END
FROM found f
LEFT JOIN LATERAL (SELECT x.tenant_id, x.group_id, x.name FROM ilp.student_group x
	WHERE x.tenant_id = ilp.current_tenant() AND x.group_id = f.group_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT x.tenant_id, x.course_id, x.title, x.label FROM ilp.course x
	WHERE x.tenant_id = ilp.current_tenant() AND x.course_id = f.group_id LIMIT 1) c ON true

-- Conversations that are planned, a row for each act that planned some: who has read before.
-- name: listed_meetings
-- args: person, group
SELECT g.batch_id, min((g.starts_at AT TIME ZONE t.time_zone)::date) AS held_on, count(*),
       count(*) FILTER (WHERE x.student), count(*) FILTER (WHERE x.home), count(*) FILTER (WHERE x.has_home)
FROM (SELECT DISTINCT student_id FROM ilp.listed($1::uuid, NULL, $2::uuid, NULL)) s
JOIN ilp.tenant t ON t.tenant_id = ilp.current_tenant()
JOIN ilp.meeting g ON g.tenant_id = t.tenant_id AND g.student_id = s.student_id AND g.state = 'planned' AND g.asks_reading
     AND g.starts_at > (SELECT ilp.moment() - interval '12 hours')
CROSS JOIN LATERAL (
	SELECT bool_or(q.hat = 4 AND q.confirmed_at IS NOT NULL) AS student,
	       bool_or(q.hat = 8 AND q.confirmed_at IS NOT NULL) AS home, bool_or(q.hat = 8) AS has_home
	FROM ilp.meeting_party q
	WHERE q.tenant_id = g.tenant_id AND q.meeting_id = g.meeting_id) x
GROUP BY g.batch_id
ORDER BY held_on, g.batch_id
LIMIT 3

-- Templates that a plan can begin with.
-- name: listed_templates
-- args:
SELECT count(*) FROM ilp.template WHERE tenant_id = ilp.current_tenant() AND state = 'published'

-- What the first page says of plans: whether somebody is a mentor or a headteacher besides
-- the role of the launch.
-- name: home_hats
-- args: person
SELECT EXISTS (SELECT 1 FROM ilp.charge c WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid),
       EXISTS (SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid)

-- A family's plans, the newest first: a student's own (hat 4), or of each child (hat 8).
-- name: home_plans
-- args: person, hat, reads
SELECT p.student_id, p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.currency(p.state, p.starts_on), ilp.iso(p.published_at)
FROM (SELECT $1::uuid AS student_id WHERE $2::int = 4
      UNION ALL
      SELECT l.student_id FROM ilp.guardian_link l
      WHERE $2::int = 8 AND l.tenant_id = ilp.current_tenant() AND l.guardian_id = $1::uuid
	AND ilp.is_guardian(l.guardian_id, l.student_id)) s
JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.student_id = s.student_id
     AND ilp.may($3::bigint, p.state, $2::int) AND ilp.history_open(p.state, $2::int, p.published_at, p.state_before)
ORDER BY p.starts_on DESC, p.title, p.plan_id
