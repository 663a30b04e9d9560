-- Release: what teachers wrote becomes what families see (X-11, I-12), at once, on a day or
-- at a meeting. Whatever is released was ready first: one copy is what is seen.

-- What a release would do: a row a student, 'ready' where something new stands.
-- name: release_state
-- args: review, course
SELECT m.person_id,
       CASE WHEN NOT coalesce(x.any_text, false) THEN 'empty'
            WHEN e.released_at IS NULL OR x.changed THEN 'ready' ELSE 'already' END,
       e.released_at IS NOT NULL
FROM ilp.review r
JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id AND m.role = 'student' AND m.left_at IS NULL
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
LEFT JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = m.person_id
LEFT JOIN LATERAL (
	SELECT bool_or(t.text <> '') AS any_text,
	       bool_or(coalesce(t.text, '') <> coalesce(t.released_text, '')) AS changed
	FROM ilp.entry_text t WHERE t.tenant_id = e.tenant_id AND t.review_id = e.review_id
	  AND t.student_id = e.student_id AND t.field IN ('value', 'comment')) x ON true
WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $2::uuid

-- How many would get a mail, and how many whom none can reach.
-- name: release_audience
-- args: review, course, students
WITH told AS (
	SELECT p.person_id, 'student' AS role, p.email
	FROM ilp.review r JOIN ilp.person p ON p.tenant_id = r.tenant_id AND p.person_id = ANY ($3::uuid[])
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $2::uuid AND r.to_students
	  AND NOT p.is_test AND NOT p.is_protected
	UNION
	SELECT p.person_id, 'guardian', p.email
	FROM ilp.review r
	JOIN ilp.guardian_link l ON l.tenant_id = r.tenant_id AND l.student_id = ANY ($3::uuid[])
	JOIN ilp.person p ON p.tenant_id = l.tenant_id AND p.person_id = l.guardian_id
	JOIN ilp.person s ON s.tenant_id = l.tenant_id AND s.person_id = l.student_id
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $2::uuid AND r.to_guardians
	  AND ilp.is_guardian(l.guardian_id, l.student_id)
	  AND NOT s.is_test AND NOT s.is_protected AND NOT p.is_protected)
SELECT count(*) FILTER (WHERE role = 'student' AND email IS NOT NULL),
       count(*) FILTER (WHERE role = 'guardian' AND email IS NOT NULL),
       count(*) FILTER (WHERE email IS NULL)
FROM told

-- Finished: a copy of what stands is kept for mentors (I-12) and for the release that
-- waits for a day or a meeting. Only where there is something that families do not see yet.
-- $5: say so in an event; a release at once says more.
-- name: entry_ready
-- args: review, students, author, course, tell
WITH due AS (
	SELECT r.tenant_id, r.review_id, e.student_id
	FROM ilp.review r
	JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = ANY ($2::uuid[])
	JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id
	     AND m.person_id = e.student_id AND m.role = 'student' AND m.left_at IS NULL
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $4::uuid
	  AND EXISTS (SELECT 1 FROM ilp.entry_text t WHERE t.tenant_id = e.tenant_id AND t.review_id = e.review_id
	              AND t.student_id = e.student_id AND t.field IN ('value', 'comment') AND t.text <> '')
	  AND EXISTS (SELECT 1 FROM ilp.entry_text t WHERE t.tenant_id = e.tenant_id AND t.review_id = e.review_id
	              AND t.student_id = e.student_id AND t.field IN ('value', 'comment')
	              AND CASE WHEN e.ready_at IS NOT NULL THEN t.ready_rev IS DISTINCT FROM t.rev
	                       ELSE e.released_at IS NULL OR coalesce(t.text, '') <> coalesce(t.released_text, '') END)
	FOR UPDATE OF e
), copied AS (
	UPDATE ilp.entry_text t SET ready_text = t.text, ready_rev = t.rev
	FROM due d WHERE t.tenant_id = d.tenant_id AND t.review_id = d.review_id AND t.student_id = d.student_id
), ready AS (
	UPDATE ilp.entry e SET ready_at = ilp.moment(), ready_by = $3::uuid
	FROM due d WHERE e.tenant_id = d.tenant_id AND e.review_id = d.review_id AND e.student_id = d.student_id
	RETURNING e.*
), waits AS (
	UPDATE ilp.review r SET release_waits = true
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.release = 'date' AND NOT r.release_waits
	  AND EXISTS (SELECT 1 FROM ready)
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id)
	SELECT tenant_id, ready_at, 'entry.ready', ready_by, $4::uuid, review_id, student_id FROM ready WHERE $5::boolean
)
SELECT count(*), ilp.iso(max(ready_at)) FROM ready

-- Not finished after all.
-- name: entry_unready
-- args: review, students, author, course
WITH undone AS (
	UPDATE ilp.entry e SET ready_at = NULL, ready_by = NULL
	FROM ilp.review r
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $4::uuid
	  AND e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = ANY ($2::uuid[])
	  AND e.ready_at IS NOT NULL
	RETURNING e.*
), dropped AS (
	UPDATE ilp.entry_text t SET ready_text = NULL, ready_rev = NULL
	FROM undone u WHERE t.tenant_id = u.tenant_id AND t.review_id = u.review_id AND t.student_id = u.student_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id)
	SELECT tenant_id, ilp.moment(), 'entry.unready', $3::uuid, $4::uuid, review_id, student_id FROM undone
)
SELECT count(*) FROM undone

-- What is ready becomes what is seen; the student's own words as they stand now, for what
-- guardians read is what stood at the release. By one of three: a teacher of the course
-- names students ($2); the day of the review has come ($2 and $5 NULL); a meeting with the
-- student ($5), by somebody who may hold one: $6 is ACT_MEET of ilp/access.c. An event for
-- each student in whose entry something new became visible; a release repeated tells
-- nobody anything.
-- name: entry_release
-- args: review, students, author, course, met, act, role
WITH picked AS (
	SELECT r.tenant_id, r.review_id, e.student_id
	FROM ilp.review r
	JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = ANY ($2::uuid[])
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $4::uuid
	UNION ALL
	SELECT r.tenant_id, r.review_id, e.student_id
	FROM ilp.review r
	JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND $2::uuid[] IS NULL AND $5::uuid IS NULL
	  AND r.release = 'date' AND r.release_on <= ilp.today()
	UNION ALL
	SELECT r.tenant_id, r.review_id, e.student_id
	FROM ilp.entry e
	JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id AND r.release = 'meeting'
	WHERE e.tenant_id = ilp.current_tenant() AND e.student_id = $5::uuid
	  AND ilp.may($6::bigint, 'published', ilp.hat($5::uuid, $3::uuid, $7, $4::uuid))
), due AS (
	SELECT e.tenant_id, e.review_id, e.student_id, r.course_id, e.released_at IS NOT NULL AS is_correction,
	       e.released_at IS NULL OR EXISTS (
		SELECT 1 FROM ilp.entry_text t WHERE t.tenant_id = e.tenant_id AND t.review_id = e.review_id
		  AND t.student_id = e.student_id AND t.field IN ('value', 'comment')
		  AND coalesce(t.ready_text, '') <> coalesce(t.released_text, '')) AS is_new
	FROM picked p
	JOIN ilp.entry e USING (tenant_id, review_id, student_id)
	JOIN ilp.review r ON r.tenant_id = p.tenant_id AND r.review_id = p.review_id
	JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id
	     AND m.person_id = e.student_id AND m.role = 'student' AND m.left_at IS NULL
	WHERE e.ready_at IS NOT NULL
	FOR UPDATE OF e
), copied AS (
	UPDATE ilp.entry_text t SET
		released_text = CASE WHEN t.field IN ('value', 'comment') THEN t.ready_text ELSE t.text END,
		released_rev = CASE WHEN t.field IN ('value', 'comment') THEN t.ready_rev ELSE t.rev END,
		ready_text = NULL, ready_rev = NULL
	FROM due d WHERE t.tenant_id = d.tenant_id AND t.review_id = d.review_id AND t.student_id = d.student_id
), released AS (
	UPDATE ilp.entry e SET
		released_at = CASE WHEN d.is_new THEN ilp.moment() ELSE e.released_at END,
		released_by = CASE WHEN d.is_new THEN e.ready_by ELSE e.released_by END,
		corrected_at = CASE WHEN d.is_correction AND d.is_new THEN ilp.moment() ELSE e.corrected_at END,
		ready_at = NULL, ready_by = NULL
	FROM due d WHERE e.tenant_id = d.tenant_id AND e.review_id = d.review_id AND e.student_id = d.student_id
	RETURNING e.tenant_id, e.review_id, e.student_id, e.released_at, e.released_by, d.course_id, d.is_new
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id)
	SELECT tenant_id, released_at, 'review.released', coalesce($3::uuid, released_by), course_id, review_id, student_id
	FROM released WHERE is_new
)
SELECT count(*), ilp.iso(max(released_at)) FROM released WHERE is_new

-- May somebody hold a meeting with this student?
-- name: may_meet
-- args: student, person, role, course, act
SELECT ilp.may($5::bigint, 'published', ilp.hat($1::uuid, $2::uuid, $3, $4::uuid))

-- Worker scope. Reviews whose day of release has begun somewhere on earth.
-- name: release_due
-- args:
SELECT tenant_id, review_id FROM ilp.review
WHERE release_waits AND release_on <= (ilp.moment() + interval '14 hours')::date
ORDER BY release_on LIMIT 1000

-- Tenant scope, after the release: nothing more waits, unless the day has not come here yet.
-- name: release_waited
-- args: review
UPDATE ilp.review SET release_waits = false
WHERE tenant_id = ilp.current_tenant() AND review_id = $1::uuid AND release_waits AND release_on <= ilp.today()
RETURNING 1

-- name: notice_due
-- args:
SELECT pg_notify('notice', '')
