-- Reports about plans (ilp/plan_report.c). Each counts for the hat that reads: tasks by
-- ilp.plan_numbers, rows by ilp.seen_rows, words by the fields that show (I-28).

-- The groups to choose from, the viewer's own first. A mentor's courses are groups too.
-- Who heads the whole tenant gets the first of them by name.
-- name: plan_report_groups
-- args: person, course
WITH of_all AS MATERIALIZED (
	SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid AND h.org_id IS NULL)
SELECT g.id, g.name, g.hat FROM (
	SELECT coalesce(c.group_id, c.course_id) AS id, coalesce(
		(SELECT g.name FROM ilp.student_group g WHERE g.tenant_id = ilp.current_tenant() AND g.group_id = c.group_id),
		(SELECT coalesce(nullif(k.label, ''), k.title) FROM ilp.course k WHERE k.tenant_id = ilp.current_tenant() AND k.course_id = c.course_id)) AS name,
	       1 AS hat
	FROM (SELECT DISTINCT group_id, course_id FROM ilp.charge
	      WHERE tenant_id = ilp.current_tenant() AND mentor_id = $1::uuid AND coalesce(group_id, course_id) IS NOT NULL) c
	UNION ALL
	SELECT k.course_id, coalesce(nullif(k.label, ''), k.title), 2
	FROM ilp.course k
	WHERE k.tenant_id = ilp.current_tenant() AND k.course_id = $2::uuid
	UNION ALL
	(SELECT g.group_id, g.name, 16
	FROM ilp.headed_orgs($1::uuid) u
	JOIN ilp.student_group g ON g.tenant_id = ilp.current_tenant() AND g.org_id = u.org_id
	WHERE NOT EXISTS (SELECT 1 FROM of_all)
	ORDER BY g.name, g.group_id LIMIT 300)
	UNION ALL
	(SELECT g.group_id, g.name, 16
	FROM ilp.student_group g
	WHERE EXISTS (SELECT 1 FROM of_all) AND g.tenant_id = ilp.current_tenant()
	ORDER BY g.name, g.group_id LIMIT 300)) g
WHERE NOT EXISTS (SELECT 1 FROM ilp.charge c WHERE g.hat <> 1 AND c.tenant_id = ilp.current_tenant()
	AND c.mentor_id = $1::uuid AND (c.group_id = g.id OR c.course_id = g.id))
ORDER BY g.hat, g.name, g.id

-- A row a student and plan: the current ones, or all of them; a student without has one row.
-- own_course: NULL, or that of a teacher's launch. group: NULL (all that one is mentor of, or
-- else the course), a group, or a course.
-- OFFSET keeps people found by their key, whatever the planner thinks a group may hold.
-- name: plan_report_rows
-- args: person, own_course, group, all_plans, reads, counts, readers
WITH k AS MATERIALIZED (
	SELECT ilp.today() AS today, coalesce(ilp.policy('track'), '{}') AS rule,
	       (SELECT time_zone FROM ilp.tenant WHERE tenant_id = ilp.current_tenant()) AS zone,
	       CASE WHEN $3::uuid = $2::uuid OR $3::uuid IS NULL AND NOT EXISTS (
			SELECT 1 FROM ilp.charge c WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid)
		    THEN $2::uuid END AS course),
s AS MATERIALIZED (
	SELECT l.student_id, min(l.hat) AS hat,
	       coalesce(json_agg(DISTINCT coalesce(
			(SELECT g.name FROM ilp.student_group g WHERE g.tenant_id = ilp.current_tenant() AND g.group_id = l.group_id),
			(SELECT coalesce(nullif(c.label, ''), c.title) FROM ilp.course c WHERE c.tenant_id = ilp.current_tenant() AND c.course_id = l.group_id)))
		FILTER (WHERE l.group_id IS NOT NULL), '[]') AS groups
	FROM k, LATERAL ilp.listed($1::uuid, k.course, CASE WHEN k.course IS NULL THEN $3::uuid END, NULL) l
	GROUP BY l.student_id)
SELECT s.student_id, a.name, a.given_name, a.family_name, s.hat, s.groups::text,
       p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.iso(p.published_at),
       q.sees_tasks, n.todo, n.doing, n.done, n.dropped, n.late, n.help, q.moved,
       q.goals, q.reflected, q.student_wrote, q.home_wrote, q.reviews,
       coalesce(p.track, ilp.track_of(k.rule, n.todo + n.doing + n.done, n.done, n.late, n.help, p.starts_on, p.ends_on,
		CASE WHEN p.state IN ('locked', 'archived') THEN least(k.today, (p.locked_at AT TIME ZONE k.zone)::date) ELSE k.today END,
		n.watch, n.risk)), p.track IS NOT NULL,
       o.may, o.student, o.home, o.homes, o.student_confirmed, o.home_confirmed,
       t.state, (t.starts_at AT TIME ZONE k.zone)::date,
       CASE WHEN s.hat = 1 THEN ilp.iso(p.changed_at) END
FROM k
CROSS JOIN s
CROSS JOIN LATERAL (
	SELECT a.name, a.given_name, a.family_name FROM ilp.person a
	WHERE a.tenant_id = ilp.current_tenant() AND a.person_id = s.student_id AND NOT a.is_test OFFSET 0) a
LEFT JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.student_id = s.student_id
     AND ilp.may($5::bigint & $6::bigint, p.state, s.hat)
     AND ($4::boolean OR p.state IN ('draft', 'published') AND p.starts_on <= k.today)
LEFT JOIN LATERAL ilp.plan_numbers(p.plan_id, p.form_id, s.hat, s.student_id, p.starts_on, p.ends_on,
	CASE WHEN s.hat = 2 THEN $2::uuid END) n ON p.plan_id IS NOT NULL
LEFT JOIN LATERAL (
	SELECT array_agg(f.key) AS keys, array_agg(f.key) FILTER (WHERE NOT f.head) AS own, bool_or(f.kind = 'tasks') AS tasks
	FROM ilp.seen_fields(p.form_id, s.hat) f) f ON p.plan_id IS NOT NULL
LEFT JOIN LATERAL (
	SELECT array_agg(r.row_id) AS rows, array_agg(r.row_id) FILTER (WHERE r.kind = 'goal' AND r.state = 'agreed') AS goals
	FROM ilp.seen_rows(p.plan_id, p.form_id, s.hat) r) g ON p.plan_id IS NOT NULL
LEFT JOIN LATERAL (
	SELECT coalesce(f.tasks, false) AS sees_tasks,
	       (SELECT count(*) FROM ilp.seen_tasks(p.plan_id, p.form_id, s.hat) x WHERE x.moved_to IS NOT NULL) AS moved,
	       coalesce(cardinality(g.goals), 0) AS goals, w.reflected,
	       (w.hats | o.hats) & 4 <> 0 AS student_wrote, (w.hats | o.hats) & 8 <> 0 AS home_wrote,
	       (SELECT count(*) FROM ilp.entry e
		JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id AND (s.hat <> 2 OR r.course_id = $2::uuid)
		WHERE e.tenant_id = p.tenant_id AND e.student_id = s.student_id AND e.entered_on BETWEEN p.starts_on AND p.ends_on
		  AND (e.released_at IS NOT NULL OR s.hat <> 2 AND e.ready_at IS NOT NULL)) AS reviews
	FROM (SELECT coalesce(bit_or(v.hat), 0) AS hats,
	             count(DISTINCT v.row_id) FILTER (WHERE v.hat = 4 AND v.row_id = ANY (g.goals) AND v.field = ANY (f.own)) AS reflected
	      FROM ilp.plan_value v
	      WHERE v.tenant_id = p.tenant_id AND v.plan_id = p.plan_id AND v.hat & 12 <> 0 AND v.text <> ''
		AND v.field = ANY (f.keys) AND (v.row_id = v.plan_id OR v.row_id = ANY (g.rows))) w,
	     (SELECT coalesce(bit_or(x.hat), 0) AS hats FROM ilp.seen_posts(p.plan_id, p.form_id, s.hat, $1::uuid) x
	      WHERE x.hat & 12 <> 0 AND x.removed_at IS NULL) o) q ON p.plan_id IS NOT NULL
LEFT JOIN LATERAL (
	SELECT m.meeting_id, m.state, m.starts_at FROM ilp.meeting m
	WHERE s.hat <> 2 AND m.tenant_id = p.tenant_id AND m.plan_id = p.plan_id AND m.state <> 'cancelled'
	ORDER BY m.starts_at DESC, m.meeting_id LIMIT 1) t ON true
LEFT JOIN LATERAL (
	SELECT true AS may,
	       EXISTS (SELECT 1 FROM ilp.plan_look x WHERE x.tenant_id = p.tenant_id AND x.plan_id = p.plan_id AND x.hat = 4) AS student,
	       EXISTS (SELECT 1 FROM ilp.plan_look x WHERE x.tenant_id = p.tenant_id AND x.plan_id = p.plan_id AND x.hat = 8) AS home,
	       (SELECT count(*) FROM ilp.guardian_link g WHERE g.tenant_id = p.tenant_id AND g.student_id = s.student_id
		AND g.state = 'active' AND (g.expires_at IS NULL OR g.expires_at > ilp.moment())) AS homes,
	       bool_or(c.confirmed_at IS NOT NULL) FILTER (WHERE c.hat = 4) AS student_confirmed,
	       bool_or(c.confirmed_at IS NOT NULL) FILTER (WHERE c.hat = 8) AS home_confirmed
	FROM (SELECT 1) one
	LEFT JOIN ilp.meeting_party c ON c.tenant_id = p.tenant_id AND c.meeting_id = t.meeting_id) o
     ON p.published_at IS NOT NULL AND ilp.may($7::bigint, p.state, s.hat)
ORDER BY s.student_id, p.starts_on, p.plan_id

-- A headteacher's groups, and all of them together in the row without a group: students of
-- today and where their current plans stand. One statement for a whole school, and nothing
-- that anybody wrote. org: NULL, or one of the schools within the viewer's reach. Where a
-- student has several plans, the one that needs most is counted. OFFSET keeps plans found by
-- their student: a school may be one of many here. The same goes for groups: they are found
-- by their school, and all of them are read for who heads the whole tenant alone.
-- name: plan_report_school
-- args: person, org, counts
WITH k AS MATERIALIZED (
	SELECT ilp.today() AS today, coalesce(ilp.policy('track'), '{}') AS rule),
of_all AS MATERIALIZED (
	SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid AND h.org_id IS NULL),
headed AS MATERIALIZED (SELECT org_id FROM ilp.headed_orgs($1::uuid)),
school AS MATERIALIZED (
	SELECT org_id FROM headed WHERE $2::uuid IS NULL AND NOT EXISTS (SELECT 1 FROM of_all)
	UNION
	SELECT org_id FROM ilp.orgs_within(ARRAY[$2::uuid])
	WHERE EXISTS (SELECT 1 FROM of_all) OR org_id IN (SELECT org_id FROM headed)),
reach AS MATERIALIZED (
	SELECT g.group_id, NULL::uuid AS course_id, g.name, o.name AS org
	FROM school u
	JOIN ilp.student_group g ON g.tenant_id = ilp.current_tenant() AND g.org_id = u.org_id
	JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.org_id = u.org_id
	UNION ALL
	SELECT g.group_id, NULL, g.name, o.name
	FROM ilp.student_group g
	LEFT JOIN ilp.org o ON o.tenant_id = g.tenant_id AND o.org_id = g.org_id
	WHERE g.tenant_id = ilp.current_tenant() AND $2::uuid IS NULL AND EXISTS (SELECT 1 FROM of_all)
	UNION ALL
	SELECT NULL, c.course_id, coalesce(nullif(c.label, ''), c.title), NULL
	FROM ilp.course c
	WHERE c.tenant_id = ilp.current_tenant() AND $2::uuid IS NULL AND (SELECT ilp.policy('teachers_are_mentors') = 'true')
	  AND EXISTS (SELECT 1 FROM of_all)
	  AND NOT EXISTS (SELECT 1 FROM ilp.student_group g WHERE g.tenant_id = c.tenant_id AND g.course_id = c.course_id)),
member AS MATERIALIZED (
	SELECT coalesce(r.group_id, r.course_id) AS unit, x.student_id
	FROM reach r
	CROSS JOIN LATERAL (
		SELECT s.student_id FROM ilp.group_student s
		WHERE s.tenant_id = ilp.current_tenant() AND s.group_id = r.group_id
		UNION
		SELECT m.person_id FROM ilp.membership m
		WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = r.course_id AND m.role = 'student' AND m.left_at IS NULL) x
	JOIN ilp.person a ON a.tenant_id = ilp.current_tenant() AND a.person_id = x.student_id AND NOT a.is_test),
student AS MATERIALIZED (SELECT DISTINCT student_id FROM member),
plan AS MATERIALIZED (
	SELECT s.student_id, p.published_at IS NOT NULL AS published, n.todo + n.doing + n.done AS tasks, n.done,
	       coalesce(p.track, ilp.track_of(k.rule, n.todo + n.doing + n.done, n.done, n.late, n.help, p.starts_on, p.ends_on,
			k.today, n.watch, n.risk)) AS track,
	       o.student AS student_opened, o.home AS home_opened, m.student_confirmed, m.home_confirmed, m.held, m.planned,
	       EXISTS (SELECT 1 FROM ilp.entry e WHERE e.tenant_id = p.tenant_id AND e.student_id = s.student_id
		AND e.entered_on BETWEEN p.starts_on AND p.ends_on AND (e.released_at IS NOT NULL OR e.ready_at IS NOT NULL)) AS reviewed
	FROM k
	CROSS JOIN student s
	CROSS JOIN LATERAL (
		SELECT * FROM ilp.plan p
		WHERE p.tenant_id = ilp.current_tenant() AND p.student_id = s.student_id
		  AND p.state IN ('draft', 'published') AND p.starts_on <= k.today AND ilp.may($3::bigint, p.state, 16)
		OFFSET 0) p
	CROSS JOIN LATERAL ilp.plan_numbers(p.plan_id, p.form_id, 16, s.student_id, p.starts_on, p.ends_on, NULL) n
	CROSS JOIN LATERAL (
		SELECT coalesce(bool_or(x.hat = 4), false) AS student, coalesce(bool_or(x.hat = 8), false) AS home
		FROM ilp.plan_look x WHERE x.tenant_id = p.tenant_id AND x.plan_id = p.plan_id) o
	CROSS JOIN LATERAL (
		SELECT coalesce(bool_or(c.hat = 4 AND c.confirmed_at IS NOT NULL), false) AS student_confirmed,
		       coalesce(bool_or(c.hat = 8 AND c.confirmed_at IS NOT NULL), false) AS home_confirmed,
		       coalesce(bool_or(m.state IN ('held', 'shared', 'closed')), false) AS held,
		       coalesce(bool_or(m.state = 'planned'), false) AS planned
		FROM ilp.meeting m
		LEFT JOIN ilp.meeting_party c ON c.tenant_id = m.tenant_id AND c.meeting_id = m.meeting_id
		WHERE m.tenant_id = p.tenant_id AND m.plan_id = p.plan_id AND m.state <> 'cancelled') m),
one AS MATERIALIZED (
	SELECT s.student_id, count(p.student_id) AS plans, coalesce(bool_or(p.published), false) AS published,
	       coalesce(sum(p.tasks), 0) AS tasks, coalesce(sum(p.done), 0) AS done,
	       (array_agg(p.track ORDER BY array_position('{support,behind,on,ahead}'::text[], p.track)))[1] AS track,
	       coalesce(bool_or(p.student_opened), false) AS student_opened, coalesce(bool_or(p.home_opened), false) AS home_opened,
	       coalesce(bool_or(p.student_confirmed), false) AS student_confirmed, coalesce(bool_or(p.home_confirmed), false) AS home_confirmed,
	       coalesce(bool_or(p.held), false) AS held, coalesce(bool_or(p.planned), false) AS planned,
	       coalesce(bool_or(p.reviewed), false) AS reviewed
	FROM student s LEFT JOIN plan p ON p.student_id = s.student_id
	GROUP BY s.student_id),
counted AS (
	SELECT unit, o.* FROM member m JOIN one o ON o.student_id = m.student_id
	UNION ALL
	SELECT NULL, o.* FROM one o)
SELECT c.unit, min(r.name), min(r.org), count(*), count(*) FILTER (WHERE plans > 0), count(*) FILTER (WHERE published),
       coalesce(sum(tasks), 0), coalesce(sum(done), 0),
       count(*) FILTER (WHERE track = 'ahead'), count(*) FILTER (WHERE track = 'on'),
       count(*) FILTER (WHERE track = 'behind'), count(*) FILTER (WHERE track = 'support'),
       count(*) FILTER (WHERE student_opened), count(*) FILTER (WHERE home_opened),
       count(*) FILTER (WHERE student_confirmed), count(*) FILTER (WHERE home_confirmed),
       count(*) FILTER (WHERE held), count(*) FILTER (WHERE held OR planned), count(*) FILTER (WHERE reviewed)
FROM counted c
LEFT JOIN reach r ON coalesce(r.group_id, r.course_id) = c.unit
GROUP BY c.unit
ORDER BY min(r.org) NULLS FIRST, min(r.name), c.unit

-- The schools within a headteacher's reach.
-- name: plan_report_orgs
-- args: person
WITH of_all AS MATERIALIZED (
	SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = $1::uuid AND h.org_id IS NULL)
SELECT u.org_id, u.name
FROM (SELECT o.org_id, o.name
      FROM ilp.headed_orgs($1::uuid) h
      JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.org_id = h.org_id
      WHERE NOT EXISTS (SELECT 1 FROM of_all)
      UNION ALL
      SELECT o.org_id, o.name FROM ilp.org o
      WHERE o.tenant_id = ilp.current_tenant() AND EXISTS (SELECT 1 FROM of_all)) u
ORDER BY u.name, u.org_id LIMIT 1000

-- Who is headteacher at all.
-- name: plan_report_head
-- args: person
SELECT 1 FROM ilp.head WHERE tenant_id = ilp.current_tenant() AND person_id = $1::uuid LIMIT 1

-- One student over all plans ------------------------------------------------------------

-- name: plan_report_student
-- args: person, role, course, student
SELECT a.person_id, a.name, a.given_name, a.family_name, h.hat
FROM (SELECT ilp.hat($4::uuid, $1::uuid, $2, $3::uuid) AS hat) h
JOIN ilp.person a ON a.tenant_id = ilp.current_tenant() AND a.person_id = $4::uuid AND NOT a.is_test
WHERE h.hat <> 0

-- name: plan_report_plans
-- args: person, role, course, student, reads, counts
WITH k AS MATERIALIZED (
	SELECT ilp.hat($4::uuid, $1::uuid, $2, $3::uuid) AS hat, ilp.today() AS today, coalesce(ilp.policy('track'), '{}') AS rule,
	       (SELECT time_zone FROM ilp.tenant WHERE tenant_id = ilp.current_tenant()) AS zone)
SELECT p.plan_id, p.title, p.starts_on, p.ends_on, p.state, ilp.iso(p.published_at),
       EXISTS (SELECT 1 FROM ilp.seen_fields(p.form_id, k.hat) f WHERE f.kind = 'tasks'),
       n.todo, n.doing, n.done, n.dropped,
       (SELECT count(*) FROM ilp.seen_tasks(p.plan_id, p.form_id, k.hat) x WHERE x.moved_to IS NOT NULL),
       coalesce(p.track, ilp.track_of(k.rule, n.todo + n.doing + n.done, n.done, n.late, n.help, p.starts_on, p.ends_on,
		CASE WHEN p.state IN ('locked', 'archived') THEN least(k.today, (p.locked_at AT TIME ZONE k.zone)::date) ELSE k.today END,
		n.watch, n.risk)), p.track IS NOT NULL
FROM k
JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.student_id = $4::uuid
     AND ilp.may($5::bigint & $6::bigint, p.state, k.hat) AND ilp.history_open(p.state, k.hat, p.published_at, p.state_before)
CROSS JOIN LATERAL ilp.plan_numbers(p.plan_id, p.form_id, k.hat, p.student_id, p.starts_on, p.ends_on,
	CASE WHEN k.hat = 2 THEN $3::uuid END) n
ORDER BY p.starts_on, p.ends_on, p.plan_id

-- Competences and goals of these plans in their own words, with the tasks of each goal.
-- name: plan_report_goals
-- args: person, role, course, student, reads, counts
WITH k AS MATERIALIZED (SELECT ilp.hat($4::uuid, $1::uuid, $2, $3::uuid) AS hat)
SELECT p.plan_id, r.row_id, r.parent_id, w.from_row, v.text,
       count(t.task_id) FILTER (WHERE t.category = 'todo'), count(t.task_id) FILTER (WHERE t.category = 'doing'),
       count(t.task_id) FILTER (WHERE t.category = 'done'), count(t.task_id) FILTER (WHERE t.category = 'dropped')
FROM k
JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.student_id = $4::uuid
     AND ilp.may($5::bigint & $6::bigint, p.state, k.hat) AND ilp.history_open(p.state, k.hat, p.published_at, p.state_before)
CROSS JOIN LATERAL ilp.seen_rows(p.plan_id, p.form_id, k.hat) r
JOIN ilp.plan_row w ON w.tenant_id = p.tenant_id AND w.plan_id = p.plan_id AND w.row_id = r.row_id
LEFT JOIN LATERAL (
	SELECT v.text FROM ilp.seen_fields(p.form_id, k.hat) f
	JOIN ilp.plan_value v ON v.tenant_id = p.tenant_id AND v.plan_id = p.plan_id AND v.row_id = r.row_id AND v.field = f.key
	WHERE f.head AND f.of = r.kind LIMIT 1) v ON true
LEFT JOIN LATERAL ilp.seen_tasks(p.plan_id, p.form_id, k.hat) t ON t.row_id = r.row_id
WHERE r.state = 'agreed'
GROUP BY p.plan_id, p.starts_on, r.row_id, r.parent_id, w.from_row, v.text, r.place
ORDER BY p.starts_on, p.plan_id, r.parent_id NULLS FIRST, r.place, r.row_id

-- Reviews that were entered while one of these plans was valid (I-14): as released; what is
-- ready besides for mentors and headteachers; of the own course for teachers.
-- name: plan_report_reviews
-- args: person, role, course, student, reads, counts
WITH k AS MATERIALIZED (SELECT ilp.hat($4::uuid, $1::uuid, $2, $3::uuid) AS hat)
SELECT r.review_id, c.course_id, c.title, r.title, r.scale::text, e.entered_on, ilp.iso(e.released_at),
       t.value, coalesce(t.comment <> '', false)
FROM k
JOIN ilp.entry e ON e.tenant_id = ilp.current_tenant() AND e.student_id = $4::uuid
     AND (e.released_at IS NOT NULL OR k.hat & 17 <> 0 AND e.ready_at IS NOT NULL)
JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id
     AND CASE k.hat WHEN 4 THEN r.to_students WHEN 8 THEN r.to_guardians WHEN 2 THEN r.course_id = $3::uuid ELSE k.hat <> 0 END
JOIN ilp.course c ON c.tenant_id = r.tenant_id AND c.course_id = r.course_id
CROSS JOIN LATERAL (
	SELECT max(x.text) FILTER (WHERE x.field = 'value') AS value, max(x.text) FILTER (WHERE x.field = 'comment') AS comment
	FROM (SELECT t.field, CASE WHEN k.hat & 17 <> 0 AND e.ready_at IS NOT NULL THEN t.ready_text ELSE t.released_text END AS text
	      FROM ilp.entry_text t
	      WHERE t.tenant_id = e.tenant_id AND t.review_id = e.review_id AND t.student_id = e.student_id) x) t
WHERE EXISTS (SELECT 1 FROM ilp.plan p WHERE p.tenant_id = e.tenant_id AND p.student_id = e.student_id
	AND ilp.may($5::bigint & $6::bigint, p.state, k.hat) AND ilp.history_open(p.state, k.hat, p.published_at, p.state_before)
	AND e.entered_on BETWEEN p.starts_on AND p.ends_on)
ORDER BY c.title, c.course_id, e.entered_on, r.review_id

-- What was completed, the latest first.
-- name: plan_report_milestones
-- args: person, role, course, student, reads, counts
WITH k AS MATERIALIZED (SELECT ilp.hat($4::uuid, $1::uuid, $2, $3::uuid) AS hat)
SELECT t.task_id, p.plan_id, CASE WHEN t.row_id <> p.plan_id THEN t.row_id END, t.text, ilp.iso(coalesce(t.status_at, t.at)),
       CASE WHEN a.person_id IS NOT NULL THEN ilp.called(a.name, a.given_name, a.family_name, a.person_id) END, t.confirmed_at IS NOT NULL
FROM k
JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.student_id = $4::uuid
     AND ilp.may($5::bigint & $6::bigint, p.state, k.hat) AND ilp.history_open(p.state, k.hat, p.published_at, p.state_before)
CROSS JOIN LATERAL ilp.seen_tasks(p.plan_id, p.form_id, k.hat) t
LEFT JOIN ilp.person a ON a.tenant_id = p.tenant_id AND a.person_id = t.status_by
WHERE t.category = 'done' AND t.text <> ''
  AND (t.row_id = p.plan_id OR EXISTS (SELECT 1 FROM ilp.seen_rows(p.plan_id, p.form_id, k.hat) r
	WHERE r.row_id = t.row_id AND r.state = 'agreed'))
ORDER BY coalesce(t.status_at, t.at) DESC, t.task_id LIMIT 20
