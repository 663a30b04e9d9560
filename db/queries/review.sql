-- Midterm reviews: the teacher's grid, the student's own, the guardian's child's.
-- Every statement names the viewer's course or person, so that a wrong id finds
-- nothing; who may call which is said by ilp/access.c.

-- name: review_list
-- args: course, only, viewer
SELECT r.review_id, r.title, r.starts_on, r.ends_on, r.scale::text, r.scale_locked_at IS NOT NULL,
       r.self_assessment, r.to_students, r.to_guardians, r.rev,
       to_char(greatest(r.changed_at, x.changed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (SELECT count(*) FROM ilp.membership m JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id
        WHERE m.tenant_id = r.tenant_id AND m.course_id = r.course_id AND m.role = 'student'
          AND m.left_at IS NULL AND NOT p.is_test),
       coalesce(x.assessed, 0), coalesce(e.released, 0),
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), coalesce(x.n, 0),
       r.self_scale::text, r.release, r.release_on, coalesce(e.ready, 0), m.on_date
FROM ilp.review r
LEFT JOIN LATERAL (
	SELECT count(*) FILTER (WHERE field = CASE WHEN r.scale IS NULL THEN 'comment' ELSE 'value' END
	                          AND text <> '') AS assessed,
	       max(at) AS changed_at, count(*) AS n
	FROM ilp.entry_text t WHERE t.tenant_id = r.tenant_id AND t.review_id = r.review_id) x ON true
LEFT JOIN LATERAL (
	SELECT count(released_at) AS released, max(released_at) AS released_at, count(ready_at) AS ready
	FROM ilp.entry e WHERE e.tenant_id = r.tenant_id AND e.review_id = r.review_id) e ON true
LEFT JOIN ilp.review_reminder m ON m.tenant_id = r.tenant_id AND m.review_id = r.review_id AND m.person_id = $3::uuid
WHERE r.tenant_id = ilp.current_tenant() AND r.course_id = $1::uuid
  AND ($2::uuid IS NULL OR r.review_id = $2::uuid)
ORDER BY r.starts_on DESC, r.created_at DESC

-- The id comes from the browser, so that a form sent twice makes one review.
-- name: review_create
-- args: review, course, title, starts, ends, scale, self, to_students, to_guardians, author, self_scale, release, release_on
WITH made AS (
	INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, scale, self_assessment,
	                        to_students, to_guardians, created_by, created_at, changed_at, self_scale, release, release_on)
	VALUES (ilp.current_tenant(), $1::uuid, $2::uuid, $3, $4::date, $5::date, $6::jsonb, $7::boolean,
	        $8::boolean, $9::boolean, $10::uuid, ilp.moment(), ilp.moment(), $11::jsonb, coalesce($12, 'now'), $13::date)
	ON CONFLICT (tenant_id, review_id) DO NOTHING RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id)
SELECT tenant_id, created_at, 'review.created', created_by, course_id, review_id FROM made

-- NULL leaves a property as it is; the scales only while nothing was assessed (I-13). What
-- is ready waits for the new day of release, which may be today.
-- name: review_change
-- args: review, course, rev, title, starts, ends, change_scale, scale, self, to_students, to_guardians, author, change_self_scale, self_scale, release, release_on
WITH changed AS (
	UPDATE ilp.review SET
		title = coalesce($4, title), starts_on = coalesce($5::date, starts_on),
		ends_on = coalesce($6::date, ends_on),
		scale = CASE WHEN $7::boolean THEN $8::jsonb ELSE scale END,
		self_assessment = coalesce($9::boolean, self_assessment),
		to_students = coalesce($10::boolean, to_students),
		to_guardians = coalesce($11::boolean, to_guardians),
		self_scale = CASE WHEN $13::boolean THEN $14::jsonb ELSE self_scale END,
		release = coalesce($15, release),
		release_on = CASE coalesce($15, release) WHEN 'date' THEN coalesce($16::date, release_on) END,
		release_waits = coalesce($15, release) = 'date',
		rev = rev + 1, changed_at = ilp.moment()
	WHERE tenant_id = ilp.current_tenant() AND review_id = $1::uuid AND course_id = $2::uuid
	  AND rev = $3::int AND (NOT ($7::boolean OR $13::boolean) OR scale_locked_at IS NULL)
	RETURNING *)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id)
SELECT tenant_id, changed_at, 'review.changed', $12::uuid, course_id, review_id FROM changed
RETURNING 1

-- Only while nobody has written anything in it.
-- name: review_delete
-- args: review, course, rev, author
WITH gone AS (
	DELETE FROM ilp.review r
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $2::uuid
	  AND r.rev = $3::int
	  AND NOT EXISTS (SELECT 1 FROM ilp.entry_text t WHERE t.tenant_id = r.tenant_id AND t.review_id = r.review_id)
	RETURNING r.*)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id)
SELECT tenant_id, ilp.moment(), 'review.deleted', $4::uuid, course_id, review_id FROM gone
RETURNING 1

-- Once more with another scale (X-9): everything but values, which mean something else on
-- it, and the students' own words. Comments keep author and day, for they were said then.
-- name: review_duplicate
-- args: review, course, id, title, scale, comments, author
WITH made AS (
	INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, scale, self_assessment,
	                        to_students, to_guardians, created_by, created_at, changed_at, self_scale, release, release_on)
	SELECT tenant_id, $3::uuid, course_id, $4, starts_on, ends_on, $5::jsonb, self_assessment, to_students, to_guardians,
	       $7::uuid, ilp.moment(), ilp.moment(), self_scale,
	       CASE WHEN release_on < ilp.today() THEN 'now' ELSE release END,
	       CASE WHEN release_on >= ilp.today() THEN release_on END
	FROM ilp.review
	WHERE tenant_id = ilp.current_tenant() AND review_id = $1::uuid AND course_id = $2::uuid
	ON CONFLICT (tenant_id, review_id) DO NOTHING RETURNING *
), comments AS (
	SELECT t.*, e.entered_on
	FROM made d
	JOIN ilp.entry_text t ON t.tenant_id = d.tenant_id AND t.review_id = $1::uuid AND t.field = 'comment' AND t.text <> ''
	JOIN ilp.entry e ON e.tenant_id = t.tenant_id AND e.review_id = t.review_id AND e.student_id = t.student_id
	JOIN ilp.membership m ON m.tenant_id = d.tenant_id AND m.course_id = d.course_id AND m.person_id = t.student_id
	     AND m.role = 'student' AND m.left_at IS NULL
	WHERE $6::boolean
), entries AS (
	INSERT INTO ilp.entry (tenant_id, review_id, student_id, entered_on)
	SELECT tenant_id, $3::uuid, student_id, entered_on FROM comments
), texts AS (
	INSERT INTO ilp.entry_text (tenant_id, review_id, student_id, field, text, author_id, at)
	SELECT tenant_id, $3::uuid, student_id, field, text, author_id, at FROM comments
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, detail)
SELECT tenant_id, created_at, 'review.created', created_by, course_id, review_id,
       jsonb_build_object('from', $1::uuid, 'comments', $6::boolean) FROM made

-- "Remind me of what is missing" on a day, or (NULL) no more.
-- name: review_remind
-- args: review, course, person, on
WITH here AS (
	SELECT tenant_id, review_id, course_id FROM ilp.review
	WHERE tenant_id = ilp.current_tenant() AND review_id = $1::uuid AND course_id = $2::uuid
), gone AS (
	DELETE FROM ilp.review_reminder m USING here h
	WHERE m.tenant_id = h.tenant_id AND m.review_id = h.review_id AND m.person_id = $3::uuid AND $4::date IS NULL
	RETURNING m.*
), set AS (
	INSERT INTO ilp.review_reminder AS m (tenant_id, review_id, person_id, on_date)
	SELECT tenant_id, review_id, $3::uuid, $4::date FROM here WHERE $4::date >= ilp.today()
	ON CONFLICT (tenant_id, review_id, person_id) DO UPDATE SET on_date = excluded.on_date, told_at = NULL
	WHERE m.on_date <> excluded.on_date
	RETURNING m.*
)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, detail)
SELECT h.tenant_id, ilp.moment(), 'review.reminder', $3::uuid, h.course_id, h.review_id, jsonb_build_object('on', $4::date)
FROM here h WHERE EXISTS (SELECT 1 FROM gone) OR EXISTS (SELECT 1 FROM set)

-- Worker scope. Schools with a reminder whose day has begun somewhere on earth.
-- name: reminder_tenants
-- args:
SELECT DISTINCT tenant_id FROM ilp.review_reminder
WHERE told_at IS NULL AND on_date <= (ilp.moment() + interval '14 hours')::date

-- Tenant scope. Tells each once, on the day where the school is; and only teachers of the
-- course, of something that is missing.
-- name: reminder_tell
-- args:
WITH due AS (
	UPDATE ilp.review_reminder m SET told_at = ilp.moment()
	WHERE m.tenant_id = ilp.current_tenant() AND m.told_at IS NULL AND m.on_date <= ilp.today()
	RETURNING m.*
), missing AS (
	SELECT d.tenant_id, d.review_id, d.person_id, r.course_id, (
		SELECT count(*) FROM ilp.membership m
		JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
		WHERE m.tenant_id = r.tenant_id AND m.course_id = r.course_id AND m.role = 'student' AND m.left_at IS NULL
		  AND NOT EXISTS (
			SELECT 1 FROM ilp.entry_text t WHERE t.tenant_id = r.tenant_id AND t.review_id = r.review_id
			  AND t.student_id = m.person_id AND t.text <> ''
			  AND t.field = CASE WHEN r.scale IS NULL THEN 'comment' ELSE 'value' END)) AS n
	FROM due d
	JOIN ilp.review r ON r.tenant_id = d.tenant_id AND r.review_id = d.review_id
	JOIN ilp.membership t ON t.tenant_id = r.tenant_id AND t.course_id = r.course_id AND t.person_id = d.person_id
	     AND t.role = 'teacher' AND t.left_at IS NULL
)
INSERT INTO ilp.event (tenant_id, at, kind, course_id, review_id, detail)
SELECT tenant_id, ilp.moment(), 'review.missing', course_id, review_id,
       jsonb_build_object('person', person_id, 'missing', n)
FROM missing WHERE n > 0
RETURNING 1

-- One row a student, each text with its revision, author and time; who has left stays
-- as long as something stands about them.
-- name: entry_grid
-- args: review, course, since
SELECT p.person_id, p.name, p.given_name, p.family_name, m.left_at IS NOT NULL,
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       t.field, t.text, t.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id), to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(t.released_text, '') <> coalesce(t.text, ''), e.entered_on,
       ilp.iso(e.ready_at), coalesce(t.ready_text, '') <> coalesce(t.text, ''), ilp.iso(e.corrected_at)
FROM ilp.review r
JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id AND m.role = 'student'
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.person_id AND NOT p.is_test
LEFT JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = m.person_id
LEFT JOIN ilp.entry_text t ON t.tenant_id = e.tenant_id AND t.review_id = e.review_id AND t.student_id = e.student_id
     AND (r.self_assessment OR t.field IN ('value', 'comment'))
LEFT JOIN ilp.person a ON a.tenant_id = t.tenant_id AND a.person_id = t.author_id
WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $2::uuid
  AND (m.left_at IS NULL OR t.field IS NOT NULL)
  AND ($3::timestamptz IS NULL OR EXISTS (
	SELECT 1 FROM ilp.entry_text n WHERE n.tenant_id = e.tenant_id AND n.review_id = e.review_id
	  AND n.student_id = e.student_id AND n.at >= $3::timestamptz)
       OR e.released_at >= $3::timestamptz OR e.ready_at >= $3::timestamptz)
ORDER BY p.person_id, t.field

-- The moment a grid was read, a little earlier: what commits meanwhile is not missed.
-- name: entry_cursor
-- args:
SELECT to_char((ilp.moment() - interval '20 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')

-- Goes before what depends on the review staying as it is: a first value before the
-- scale is locked (I-13), a release. Later statements of the batch see what whoever
-- held it before has done. $2: only while the scale is not locked yet.
-- name: review_hold
-- args: review, unlocked
SELECT 1 FROM ilp.review
WHERE tenant_id = ilp.current_tenant() AND review_id = $1::uuid AND (NOT $2::boolean OR scale_locked_at IS NULL)
FOR NO KEY UPDATE

-- One save: may it be, is the code of the scale, is the revision the one that was
-- seen; then the text, what it replaced, the lock of the scale and the event, in one
-- statement. $8: the author writes about himself.
-- name: entry_save
-- args: review, student, field, text, seen, author, course, self
WITH open AS (
	SELECT r.tenant_id, r.review_id, r.course_id, r.scale_locked_at,
	       (ilp.moment() AT TIME ZONE s.time_zone)::date AS today,
	       $3 NOT IN ('value', 'self_value') OR $4::text IS NULL OR EXISTS (
		SELECT 1 FROM jsonb_array_elements(CASE $3 WHEN 'self_value' THEN coalesce(r.self_scale, r.scale) ELSE r.scale END
		                                   -> 'values') v
		WHERE v ->> 'code' = $4) AS fits
	FROM ilp.review r
	JOIN ilp.tenant s ON s.tenant_id = r.tenant_id
	JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id
	     AND m.person_id = $2::uuid AND m.role = 'student' AND m.left_at IS NULL
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $7::uuid
	  AND (NOT $8::boolean OR r.self_assessment)
), before AS (
	SELECT t.* FROM ilp.entry_text t, open o
	WHERE t.tenant_id = o.tenant_id AND t.review_id = o.review_id AND t.student_id = $2::uuid AND t.field = $3
), entry AS (
	INSERT INTO ilp.entry AS e (tenant_id, review_id, student_id, entered_on)
	SELECT tenant_id, review_id, $2::uuid, CASE WHEN NOT $8::boolean THEN today END FROM open
	WHERE fits AND (EXISTS (SELECT 1 FROM before) OR ($5::int = 0 AND coalesce($4::text, '') <> ''))
	ON CONFLICT (tenant_id, review_id, student_id) DO UPDATE SET entered_on = excluded.entered_on
	WHERE e.entered_on IS NULL AND excluded.entered_on IS NOT NULL
), saved AS (
	INSERT INTO ilp.entry_text AS t (tenant_id, review_id, student_id, field, text, author_id, at)
	SELECT tenant_id, review_id, $2::uuid, $3, $4, $6::uuid, ilp.moment() FROM open
	WHERE fits AND (EXISTS (SELECT 1 FROM before) OR ($5::int = 0 AND coalesce($4::text, '') <> ''))
	ON CONFLICT (tenant_id, review_id, student_id, field) DO UPDATE
	SET text = excluded.text, rev = t.rev + 1, author_id = excluded.author_id, at = excluded.at
	WHERE t.rev = $5::int AND t.text IS DISTINCT FROM excluded.text
	RETURNING t.*
), replaced AS (
	INSERT INTO ilp.entry_history (tenant_id, review_id, student_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.review_id, b.student_id, b.field, b.rev, b.text, b.author_id, b.at
	FROM before b, saved s
	WHERE b.text <> ''
	  AND (b.author_id <> s.author_id OR b.at < s.at - interval '10 minutes' OR b.released_rev = b.rev)
	ON CONFLICT DO NOTHING
), locked AS (
	UPDATE ilp.review r SET scale_locked_at = ilp.moment()
	FROM saved s WHERE r.tenant_id = s.tenant_id AND r.review_id = s.review_id AND r.scale_locked_at IS NULL
	  AND s.field IN ('value', 'self_value') AND s.text IS NOT NULL
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id, detail)
	SELECT s.tenant_id, s.at, CASE WHEN $8::boolean THEN 'self.saved' ELSE 'entry.saved' END, s.author_id,
	       o.course_id, s.review_id, s.student_id, jsonb_build_object('field', s.field, 'rev', s.rev)
	FROM saved s, open o
)
SELECT (SELECT fits FROM open), (SELECT rev FROM saved)

-- What stands there now, whoever wrote it.
-- name: entry_now
-- args: review, student, field, course
SELECT t.text, t.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id), to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       r.scale_locked_at IS NOT NULL,
       (SELECT count(*) FROM ilp.entry_text x WHERE x.tenant_id = r.tenant_id AND x.review_id = r.review_id
          AND x.field = CASE WHEN r.scale IS NULL THEN 'comment' ELSE 'value' END AND x.text <> '')
FROM ilp.review r
LEFT JOIN ilp.entry_text t ON t.tenant_id = r.tenant_id AND t.review_id = r.review_id
     AND t.student_id = $2::uuid AND t.field = $3
LEFT JOIN ilp.person a ON a.tenant_id = t.tenant_id AND a.person_id = t.author_id
WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $4::uuid

-- Many at once: one text for all, or one for each. 'fill' writes only where nothing stands;
-- a comment is then added after what stands there, once however often it is sent. A value
-- that is '' is taken back. Answers what was and what is, so that it can be undone; of whom
-- there is no row, nothing could be written.
-- name: entry_save_many
-- args: review, students, field, texts, mode, author, course
WITH given AS (
	SELECT s.student_id, nullif(x.text, CASE $3 WHEN 'value' THEN '' END) AS text
	FROM unnest($2::uuid[]) WITH ORDINALITY s (student_id, i),
	     LATERAL (SELECT ($4::text[])[CASE cardinality($4::text[]) WHEN 1 THEN 1 ELSE s.i END] AS text) x
), open AS (
	SELECT r.tenant_id, r.review_id, r.course_id, g.student_id, g.text AS given,
	       (ilp.moment() AT TIME ZONE s.time_zone)::date AS today
	FROM ilp.review r
	JOIN ilp.tenant s ON s.tenant_id = r.tenant_id
	JOIN given g ON true
	JOIN ilp.membership m ON m.tenant_id = r.tenant_id AND m.course_id = r.course_id
	     AND m.person_id = g.student_id AND m.role = 'student' AND m.left_at IS NULL
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $7::uuid
	  AND ($3 <> 'value' OR g.text IS NULL OR EXISTS (
		SELECT 1 FROM jsonb_array_elements(r.scale -> 'values') v WHERE v ->> 'code' = g.text))
), before AS (
	SELECT t.* FROM ilp.entry_text t JOIN open o USING (tenant_id, review_id, student_id)
	WHERE t.field = $3
	FOR UPDATE OF t
), wanted AS (
	SELECT o.*, b.rev, b.text AS old,
	       CASE WHEN $3 <> 'comment' OR $5 = 'replace' OR coalesce(b.text, '') = '' THEN o.given
	            WHEN b.text = o.given OR right(b.text, length(o.given) + 1) = E'\n' || o.given THEN b.text
	            ELSE b.text || E'\n' || o.given END AS text
	FROM open o LEFT JOIN before b USING (tenant_id, review_id, student_id)
	WHERE CASE WHEN $5 = 'replace' THEN true
	           WHEN $3 = 'comment' THEN length(coalesce(b.text, '')) + length(o.given) < 10000
	           ELSE coalesce(b.text, '') = '' OR b.text = o.given END
), entry AS (
	INSERT INTO ilp.entry AS e (tenant_id, review_id, student_id, entered_on)
	SELECT tenant_id, review_id, student_id, today FROM wanted
	ON CONFLICT (tenant_id, review_id, student_id) DO UPDATE SET entered_on = excluded.entered_on
	WHERE e.entered_on IS NULL
), saved AS (
	INSERT INTO ilp.entry_text AS t (tenant_id, review_id, student_id, field, text, author_id, at)
	SELECT tenant_id, review_id, student_id, $3, text, $6::uuid, ilp.moment() FROM wanted
	ON CONFLICT (tenant_id, review_id, student_id, field) DO UPDATE
	SET text = excluded.text, rev = t.rev + 1, author_id = excluded.author_id, at = excluded.at
	WHERE t.rev = (SELECT w.rev FROM wanted w WHERE w.student_id = t.student_id)
	  AND t.text IS DISTINCT FROM excluded.text
	RETURNING t.*
), replaced AS (
	INSERT INTO ilp.entry_history (tenant_id, review_id, student_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.review_id, b.student_id, b.field, b.rev, b.text, b.author_id, b.at
	FROM before b JOIN saved s USING (tenant_id, review_id, student_id, field)
	WHERE b.text <> ''
	ON CONFLICT DO NOTHING
), locked AS (
	UPDATE ilp.review r SET scale_locked_at = ilp.moment()
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.scale_locked_at IS NULL
	  AND EXISTS (SELECT 1 FROM saved WHERE field = 'value' AND text IS NOT NULL)
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id, detail)
	SELECT s.tenant_id, s.at, 'entry.saved', s.author_id, $7::uuid, s.review_id, s.student_id,
	       jsonb_build_object('field', s.field, 'rev', s.rev, 'many', true)
	FROM saved s
)
SELECT o.student_id, s.rev IS NOT NULL OR w.rev IS NOT NULL, coalesce(s.text, w.text), coalesce(s.rev, w.rev), b.text
FROM open o LEFT JOIN saved s USING (tenant_id, review_id, student_id)
LEFT JOIN wanted w ON w.student_id = o.student_id AND w.text IS NOT DISTINCT FROM w.old
LEFT JOIN before b ON b.student_id = o.student_id

-- name: entry_history
-- args: review, student, course
SELECT h.field, h.rev, h.text, ilp.called(a.name, a.given_name, a.family_name, a.person_id), to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM ilp.review r
JOIN (SELECT tenant_id, review_id, student_id, field, rev, text, author_id, at FROM ilp.entry_history
      UNION ALL
      SELECT tenant_id, review_id, student_id, field, rev, text, author_id, at FROM ilp.entry_text) h
     ON h.tenant_id = r.tenant_id AND h.review_id = r.review_id AND h.student_id = $2::uuid
JOIN ilp.person a ON a.tenant_id = h.tenant_id AND a.person_id = h.author_id
WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $3::uuid
  AND h.field IN ('value', 'comment')
ORDER BY h.at DESC, h.rev DESC LIMIT 200

-- The date an entry counts from (X-8): by itself the day of the first teacher entry;
-- a teacher may correct it within the half-year behind today.
-- name: entry_date
-- args: review, student, date, author, course
WITH dated AS (
	UPDATE ilp.entry e SET entered_on = $3::date
	FROM ilp.review r, ilp.tenant s
	WHERE r.tenant_id = ilp.current_tenant() AND r.review_id = $1::uuid AND r.course_id = $5::uuid
	  AND s.tenant_id = r.tenant_id AND e.tenant_id = r.tenant_id AND e.review_id = r.review_id
	  AND e.student_id = $2::uuid AND e.entered_on IS NOT NULL
	  AND $3::date BETWEEN (ilp.moment() AT TIME ZONE s.time_zone)::date - 183
	                   AND (ilp.moment() AT TIME ZONE s.time_zone)::date
	RETURNING e.*)
INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, student_id, detail)
SELECT tenant_id, ilp.moment(), 'entry.dated', $4::uuid, $5::uuid, review_id, student_id,
       jsonb_build_object('entered_on', entered_on)
FROM dated
RETURNING 1

-- What families see --------------------------------------------------------------

-- One's own reviews in this course: those that ask for a self-assessment and those
-- released to students. Of the teacher's words only the released copy is read.
-- name: review_mine
-- args: course, student
SELECT r.review_id, r.title, r.starts_on, r.ends_on, r.scale::text, r.self_assessment,
       t.self_value, coalesce(t.self_value_rev, 0), t.self_comment, coalesce(t.self_comment_rev, 0),
       to_char(t.self_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       r.to_students AND e.released_at IS NOT NULL,
       t.released_value, t.released_comment,
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ilp.called(a.name, a.given_name, a.family_name, a.person_id),
       r.self_scale::text, ilp.iso(e.corrected_at)
FROM ilp.review r
LEFT JOIN ilp.entry e ON e.tenant_id = r.tenant_id AND e.review_id = r.review_id AND e.student_id = $2::uuid
LEFT JOIN LATERAL (
	SELECT max(text) FILTER (WHERE field = 'self_value') AS self_value,
	       max(rev) FILTER (WHERE field = 'self_value') AS self_value_rev,
	       max(text) FILTER (WHERE field = 'self_comment') AS self_comment,
	       max(rev) FILTER (WHERE field = 'self_comment') AS self_comment_rev,
	       max(at) FILTER (WHERE field IN ('self_value', 'self_comment')) AS self_at,
	       max(released_text) FILTER (WHERE field = 'value') AS released_value,
	       max(released_text) FILTER (WHERE field = 'comment') AS released_comment
	FROM ilp.entry_text
	WHERE tenant_id = e.tenant_id AND review_id = e.review_id AND student_id = e.student_id) t ON true
LEFT JOIN ilp.person a ON a.tenant_id = e.tenant_id AND a.person_id = e.released_by
WHERE r.tenant_id = ilp.current_tenant() AND r.course_id = $1::uuid
  AND (r.self_assessment OR (r.to_students AND e.released_at IS NOT NULL))
ORDER BY r.starts_on DESC, r.created_at DESC

-- The released reviews of a guardian's children, of all their courses here.
-- name: review_of_children
-- args: guardian
SELECT e.student_id, r.review_id, r.title, k.title, r.starts_on, r.ends_on, r.scale::text, r.self_assessment,
       t.self_value, t.self_comment, t.value, t.comment,
       to_char(e.released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ilp.called(a.name, a.given_name, a.family_name, a.person_id),
       r.self_scale::text, ilp.iso(e.corrected_at)
FROM ilp.guardian_link l
JOIN ilp.entry e ON e.tenant_id = l.tenant_id AND e.student_id = l.student_id AND e.released_at IS NOT NULL
JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id AND r.to_guardians
JOIN ilp.course k ON k.tenant_id = r.tenant_id AND k.course_id = r.course_id
LEFT JOIN LATERAL (
	SELECT max(released_text) FILTER (WHERE field = 'self_value') AS self_value,
	       max(released_text) FILTER (WHERE field = 'self_comment') AS self_comment,
	       max(released_text) FILTER (WHERE field = 'value') AS value,
	       max(released_text) FILTER (WHERE field = 'comment') AS comment
	FROM ilp.entry_text
	WHERE tenant_id = e.tenant_id AND review_id = e.review_id AND student_id = e.student_id) t ON true
LEFT JOIN ilp.person a ON a.tenant_id = e.tenant_id AND a.person_id = e.released_by
WHERE l.tenant_id = ilp.current_tenant() AND l.guardian_id = $1::uuid
  AND ilp.is_guardian(l.guardian_id, l.student_id)
ORDER BY r.starts_on DESC, r.created_at DESC
