-- Reports for the teachers of a course (ilp/report.c): its students times its reviews, and
-- one student over all of them. As the grid sees them, unreleased text too.

-- Who has left stays as long as a teacher's word stands about them.
-- name: report_students
-- args: course
SELECT p.person_id, p.name, p.given_name, p.family_name, m.left_at IS NOT NULL
FROM ilp.membership m
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = $1::uuid AND m.role = 'student'
  AND (m.left_at IS NULL OR EXISTS (
	SELECT 1 FROM ilp.review r JOIN ilp.entry_text t ON t.tenant_id = r.tenant_id AND t.review_id = r.review_id
	     AND t.student_id = m.person_id AND t.field IN ('value', 'comment') AND t.text <> ''
	WHERE r.tenant_id = m.tenant_id AND r.course_id = m.course_id))

-- In the order of time, as they are read from left to right.
-- name: report_reviews
-- args: course
SELECT review_id, title, starts_on, ends_on, scale::text
FROM ilp.review
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid
ORDER BY starts_on, created_at, review_id

-- name: report_values
-- args: course
SELECT e.review_id, e.student_id, v.text, c.text IS NOT NULL,
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       e.released_at IS NOT NULL AND (v.released_rev IS DISTINCT FROM v.rev OR c.released_rev IS DISTINCT FROM c.rev)
FROM ilp.review r
JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id
LEFT JOIN ilp.entry_text v ON v.tenant_id = e.tenant_id AND v.review_id = e.review_id
     AND v.student_id = e.student_id AND v.field = 'value'
LEFT JOIN ilp.entry_text c ON c.tenant_id = e.tenant_id AND c.review_id = e.review_id
     AND c.student_id = e.student_id AND c.field = 'comment' AND c.text <> ''
WHERE r.tenant_id = ilp.current_tenant() AND r.course_id = $1::uuid
  AND (v.text IS NOT NULL OR c.text IS NOT NULL)

-- One student, if this course has or had them.
-- name: report_student
-- args: course, student
SELECT p.person_id, p.name, p.given_name, p.family_name, m.left_at IS NOT NULL
FROM ilp.membership m
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = $1::uuid AND m.person_id = $2::uuid
  AND m.role = 'student'

-- A row a review, also where nothing stands yet.
-- name: report_entries
-- args: course, student
SELECT r.review_id, r.title, r.starts_on, r.ends_on, r.scale::text, t.value, coalesce(t.comment, ''),
       ilp.called(a.name, a.given_name, a.family_name, a.person_id),
       to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       e.released_at IS NOT NULL AND t.changed,
       CASE WHEN r.self_assessment THEN t.self_value END,
       CASE WHEN r.self_assessment THEN coalesce(t.self_comment, '') ELSE '' END,
       to_char(CASE WHEN r.self_assessment THEN t.self_at END AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM ilp.review r
LEFT JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = $2::uuid
LEFT JOIN LATERAL (
	SELECT max(text) FILTER (WHERE field = 'value') AS value,
	       max(text) FILTER (WHERE field = 'comment') AS comment,
	       max(at) FILTER (WHERE field IN ('value', 'comment')) AS at,
	       (array_agg(author_id ORDER BY at DESC) FILTER (WHERE field IN ('value', 'comment')))[1] AS author_id,
	       bool_or(released_rev IS DISTINCT FROM rev) FILTER (WHERE field IN ('value', 'comment')) AS changed,
	       max(text) FILTER (WHERE field = 'self_value') AS self_value,
	       max(text) FILTER (WHERE field = 'self_comment') AS self_comment,
	       max(at) FILTER (WHERE field IN ('self_value', 'self_comment')) AS self_at
	FROM ilp.entry_text
	WHERE tenant_id = e.tenant_id AND review_id = e.review_id AND student_id = e.student_id) t ON true
LEFT JOIN ilp.person a ON a.tenant_id = r.tenant_id AND a.person_id = t.author_id
WHERE r.tenant_id = ilp.current_tenant() AND r.course_id = $1::uuid
ORDER BY r.starts_on DESC, r.created_at DESC, r.review_id
