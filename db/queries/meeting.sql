-- Conversations about a plan: planned, prepared, led, shared (ilp/meeting.h). Every
-- statement begins at ilp.seat() or ilp.meeting_seat(), with what a person is to the
-- student today. What is answered as JSON is made here, one object a meeting.

-- One for each plan that the viewer may meet about, with everybody who is invited; what
-- was planned by this batch before stays as it is.
-- name: meeting_plan
-- args: batch, ids, plans, starts, minutes, place, link, asks, questions, person, role, course, reads, meets
WITH wanted AS (
	SELECT w.id, w.plan, w.starts FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS w (id, plan, starts)
), open AS (
	SELECT w.id, w.starts, s.tenant_id, s.plan_id, s.student_id, s.hat
	FROM wanted w, ilp.seat(w.plan, $10::uuid, $11, $12::uuid, $13::bigint) s
	WHERE ilp.may($14::bigint, s.state, s.hat)
), made AS (
	INSERT INTO ilp.meeting (tenant_id, meeting_id, plan_id, student_id, batch_id, organiser_id, starts_at, minutes,
	                         place, link, asks_reading, questions, created_at, changed_at)
	SELECT tenant_id, id, plan_id, student_id, $1::uuid, $10::uuid, starts, $5::int, $6, $7, $8::boolean, $9::jsonb,
	       ilp.moment(), ilp.moment()
	FROM open
	ON CONFLICT DO NOTHING RETURNING *
), invited AS (
	INSERT INTO ilp.meeting_party (tenant_id, meeting_id, person_id, hat)
	SELECT m.tenant_id, m.meeting_id, m.organiser_id, o.hat FROM made m JOIN open o USING (plan_id)
	UNION ALL
	SELECT m.tenant_id, m.meeting_id, m.student_id, 4 FROM made m
	UNION ALL
	SELECT m.tenant_id, m.meeting_id, l.guardian_id, 8
	FROM made m JOIN ilp.guardian_link l ON l.tenant_id = m.tenant_id AND l.student_id = m.student_id
	WHERE ilp.is_guardian(l.guardian_id, l.student_id)
	ON CONFLICT DO NOTHING
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id)
	SELECT tenant_id, created_at, 'meeting.planned', organiser_id, student_id, plan_id, meeting_id FROM made)
SELECT w.plan, coalesce(m.meeting_id, old.meeting_id), o.plan_id IS NOT NULL
FROM wanted w
LEFT JOIN open o ON o.plan_id = w.plan
LEFT JOIN made m ON m.plan_id = o.plan_id
LEFT JOIN ilp.meeting old ON old.tenant_id = ilp.current_tenant() AND old.batch_id = $1::uuid AND old.plan_id = o.plan_id

-- Meetings as the viewer sees them: one of them, those of one plan, or all of a year and
-- what is to come of those they are something to. Mentors and headteachers see how far
-- each invited person has come: opened since, prepared or wrote something, confirmed.
-- name: meeting_list
-- args: person, role, course, reads, meeting, plan
WITH students AS (
	SELECT DISTINCT c.student_id, 1 AS hat FROM ilp.charge c
	WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = $1::uuid AND $2 NOT IN ('student', 'guardian')
	UNION ALL
	SELECT $1::uuid, 4 WHERE $2 = 'student'
	UNION ALL
	SELECT l.student_id, 8 FROM ilp.guardian_link l
	WHERE l.tenant_id = ilp.current_tenant() AND l.guardian_id = $1::uuid AND $2 = 'guardian'
	  AND ilp.is_guardian(l.guardian_id, l.student_id)
	UNION ALL
	SELECT o.student_id, 16
	FROM (SELECT DISTINCT m.student_id FROM ilp.meeting m
	      WHERE m.tenant_id = ilp.current_tenant() AND m.organiser_id = $1::uuid AND $2 NOT IN ('student', 'guardian')) o
	WHERE NOT ilp.is_mentor($1::uuid, o.student_id) AND ilp.is_head($1::uuid, o.student_id)
), found AS (
	SELECT m.*, s.hat, p.state AS plan_state, p.form_id, p.title
	FROM students s
	JOIN ilp.meeting m ON m.tenant_id = ilp.current_tenant() AND m.student_id = s.student_id
	     AND m.starts_at > (SELECT ilp.moment() - interval '1 year')
	JOIN ilp.plan p ON p.tenant_id = m.tenant_id AND p.plan_id = m.plan_id
	WHERE $5::uuid IS NULL AND $6::uuid IS NULL
	  AND ilp.may($4::bigint, p.state, s.hat) AND ilp.history_open(p.state, s.hat, p.published_at, p.state_before)
	UNION ALL
	SELECT m.*, s.hat, s.state, s.form_id, p.title
	FROM ilp.meeting m, ilp.plan p, ilp.seat(m.plan_id, $1::uuid, $2, $3::uuid, $4::bigint) s
	WHERE m.tenant_id = ilp.current_tenant() AND m.meeting_id = $5::uuid AND s.hat <> 2
	  AND p.tenant_id = m.tenant_id AND p.plan_id = m.plan_id
	UNION ALL
	SELECT m.*, s.hat, s.state, s.form_id, p.title
	FROM ilp.seat($6::uuid, $1::uuid, $2, $3::uuid, $4::bigint) s
	JOIN ilp.meeting m ON m.tenant_id = s.tenant_id AND m.plan_id = s.plan_id
	JOIN ilp.plan p ON p.tenant_id = m.tenant_id AND p.plan_id = m.plan_id
	WHERE s.hat <> 2
), party AS (
	SELECT m.meeting_id, y.person_id, y.hat AS party_hat, y.answer, y.answer_text, y.confirmed_at, y.reminded_at, y.attended,
	       ilp.called(a.name, a.given_name, a.family_name, a.person_id) AS name, a.given_name AS given,
	       (SELECT k.seen_at FROM ilp.plan_look k WHERE k.tenant_id = m.tenant_id AND k.plan_id = m.plan_id
	        AND k.person_id = y.person_id AND k.seen_at >= m.created_at) AS opened_at,
	       y.hat IN (4, 8) AND (EXISTS (
	         SELECT 1 FROM ilp.meeting_text t WHERE t.tenant_id = m.tenant_id AND t.meeting_id = m.meeting_id
	           AND t.person_id = y.person_id AND t.field LIKE 'prep.%' AND t.text <> '')
	       OR m.hat = 1 AND EXISTS (
	         SELECT 1 FROM ilp.post o WHERE o.tenant_id = m.tenant_id AND o.plan_id = m.plan_id
	           AND o.author_id = y.person_id AND o.at >= m.created_at AND o.removed_at IS NULL)
	       OR m.hat = 16 AND EXISTS (
	         SELECT 1 FROM ilp.seen_posts(m.plan_id, m.form_id, m.hat, $1::uuid) o
	         WHERE o.author_id = y.person_id AND o.at >= m.created_at AND o.removed_at IS NULL)) AS prepared
	FROM found m
	JOIN ilp.meeting_party y ON y.tenant_id = m.tenant_id AND y.meeting_id = m.meeting_id
	JOIN ilp.person a ON a.tenant_id = y.tenant_id AND a.person_id = y.person_id
	WHERE y.hat <> 8 OR ilp.is_guardian(y.person_id, m.student_id))
SELECT m.meeting_id, m.state, jsonb_build_object(
	'id', m.meeting_id, 'plan', m.plan_id, 'planTitle', m.title, 'planState', m.plan_state, 'batch', m.batch_id,
	'student', jsonb_build_object('id', s.person_id, 'name', ilp.called(s.name, s.given_name, s.family_name, s.person_id),
	                              'given', s.given_name),
	'startsAt', ilp.iso(m.starts_at), 'minutes', m.minutes, 'place', m.place, 'state', m.state,
	'asksReading', m.asks_reading, 'organiser', ilp.called(g.name, g.given_name, g.family_name, g.person_id),
	'rev', m.rev, 'step', m.step, 'questions', m.questions, 'live', m.state = 'held' AND m.step IS NOT NULL,
	'parties', coalesce((SELECT jsonb_agg(jsonb_build_object('id', y.person_id, 'name', y.name, 'given', y.given,
			'hat', ilp.hat_name(y.party_hat))
		|| CASE WHEN m.hat IN (1, 16) THEN jsonb_build_object('answer', y.answer, 'answerText', y.answer_text,
			'openedAt', ilp.iso(y.opened_at), 'confirmedAt', ilp.iso(y.confirmed_at), 'prepared', y.prepared,
			'remindedAt', ilp.iso(y.reminded_at), 'attended', y.attended)
		   WHEN m.state IN ('shared', 'closed') THEN jsonb_build_object('attended', y.attended) ELSE '{}' END
		ORDER BY array_position('{4,8,1,16}', y.party_hat), y.name) FROM party y WHERE y.meeting_id = m.meeting_id), '[]'))
	|| CASE WHEN m.link <> '' THEN jsonb_build_object('link', m.link) ELSE '{}' END
	|| CASE WHEN m.hat IN (4, 8) THEN jsonb_build_object('mine', jsonb_build_object('id', $1, 'answer', y.answer,
		'answerText', y.answer_text, 'confirmedAt', ilp.iso(y.confirmed_at), 'prepared', coalesce(y.prepared, false)))
	   ELSE '{}' END,
	m.hat, m.plan_state, m.plan_id
FROM found m
JOIN ilp.person s ON s.tenant_id = m.tenant_id AND s.person_id = m.student_id
JOIN ilp.person g ON g.tenant_id = m.tenant_id AND g.person_id = m.organiser_id
LEFT JOIN party y ON y.meeting_id = m.meeting_id AND y.person_id = $1::uuid
ORDER BY m.starts_at, m.meeting_id LIMIT 600

-- What is changed of a planned meeting, and the next state, where one is asked for: `from`
-- are the states it may come from. Another time takes back who said they would come.
-- name: meeting_change
-- args: meeting, person, role, course, reads, meets, rev, starts, minutes, place, sets_link, link, to, from
WITH seat AS (
	SELECT s.*, ilp.may($6::bigint, s.plan_state, s.hat) AS may
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
), before AS (
	SELECT m.* FROM seat s JOIN ilp.meeting m ON m.tenant_id = s.tenant_id AND m.meeting_id = s.meeting_id
	WHERE s.may FOR NO KEY UPDATE OF m
), changed AS (
	UPDATE ilp.meeting m SET
		starts_at = coalesce($8::timestamptz, m.starts_at), minutes = coalesce($9::int, m.minutes),
		place = coalesce($10::text, m.place), link = CASE WHEN $11::boolean THEN $12::text ELSE m.link END,
		state = coalesce($13::text, m.state), rev = m.rev + 1, changed_at = ilp.moment(),
		held_at = CASE WHEN $13::text = 'held' THEN coalesce(m.held_at, ilp.moment()) ELSE m.held_at END,
		step = CASE WHEN $13::text IS NULL THEN m.step END,
		shared_at = CASE WHEN $13::text = 'shared' THEN ilp.moment() ELSE m.shared_at END
	FROM before b
	WHERE m.tenant_id = b.tenant_id AND m.meeting_id = b.meeting_id AND ($7::int IS NULL OR b.rev = $7::int)
	  AND CASE WHEN $13::text IS NULL THEN b.state = 'planned' ELSE b.state = ANY ($14::text[]) END
	RETURNING m.*, m.starts_at <> b.starts_at AS moved
), asked_again AS (
	UPDATE ilp.meeting_party y SET answer = NULL, answer_text = NULL, answered_at = NULL
	FROM changed c WHERE y.tenant_id = c.tenant_id AND y.meeting_id = c.meeting_id AND c.moved AND y.hat IN (4, 8)
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id)
	SELECT tenant_id, changed_at, 'meeting.' || CASE WHEN $13::text IS NULL THEN 'changed' ELSE $13::text END, $2::uuid,
	       student_id, plan_id, meeting_id FROM changed)
SELECT (SELECT may FROM seat), (SELECT state FROM before), (SELECT rev FROM before), (SELECT rev FROM changed)

-- Where the conversation is; the first step begins it, none ends it.
-- name: meeting_step
-- args: meeting, person, role, course, reads, meets, step
WITH seat AS (
	SELECT s.*, ilp.may($6::bigint, s.plan_state, s.hat) AS may
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
), moved AS (
	UPDATE ilp.meeting m SET step = $7::text, state = 'held', held_at = coalesce(m.held_at, ilp.moment()),
		rev = m.rev + CASE WHEN m.state = 'planned' THEN 1 ELSE 0 END, changed_at = ilp.moment()
	FROM seat s
	WHERE s.may AND m.tenant_id = s.tenant_id AND m.meeting_id = s.meeting_id
	  AND (m.state = 'held' OR m.state = 'planned' AND $7::text IS NOT NULL)
	  AND ($7::text IS NULL OR $7::text IN ('welcome', 'goals', 'agreements')
	       OR EXISTS (SELECT 1 FROM jsonb_array_elements(m.questions) q WHERE 'q.' || (q ->> 'key') = $7::text))
	  AND (m.step IS DISTINCT FROM $7::text OR m.state = 'planned')
	RETURNING m.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT m.tenant_id, m.changed_at, CASE WHEN s.state = 'planned' THEN 'meeting.held' ELSE 'meeting.step' END, $2::uuid,
	       m.student_id, m.plan_id, m.meeting_id, jsonb_build_object('step', m.step)
	FROM moved m, seat s)
SELECT (SELECT may FROM seat), coalesce((SELECT state FROM moved), (SELECT state FROM seat)),
       coalesce((SELECT rev FROM moved), (SELECT m.rev FROM ilp.meeting m, seat s WHERE m.tenant_id = s.tenant_id AND m.meeting_id = s.meeting_id)),
       EXISTS (SELECT 1 FROM moved) OR (SELECT s.state = 'held' AND s.step IS NOT DISTINCT FROM $7::text FROM seat s),
       (SELECT m.student_id FROM moved m, seat s WHERE s.state = 'planned')

-- name: meeting_attended
-- args: meeting, person, role, course, reads, meets, people
WITH seat AS (
	SELECT s.*, s.state IN ('held', 'shared') AND ilp.may($6::bigint, s.plan_state, s.hat) AS may
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
), came AS (
	UPDATE ilp.meeting_party y SET attended = y.person_id = ANY ($7::uuid[])
	FROM seat s WHERE s.may AND y.tenant_id = s.tenant_id AND y.meeting_id = s.meeting_id
	RETURNING y.person_id, y.attended
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT tenant_id, ilp.moment(), 'meeting.attended', $2::uuid, student_id, plan_id, meeting_id,
	       jsonb_build_object('people', (SELECT jsonb_agg(person_id) FROM came WHERE attended))
	FROM seat WHERE may)
SELECT coalesce((SELECT may FROM seat), false)

-- What is written for a meeting ---------------------------------------------------

-- May this voice be written in by this person? Own preparation before it; in it any voice
-- by whoever leads, and one's own; the minutes and one's private notes by staff. Typed for
-- somebody else the author is who typed (I-23). `fits` NULL: no seat.
-- name: meeting_text_save
-- args: meeting, person, role, course, reads, meets, prepares, voice, field, text, seen
WITH seat AS (
	SELECT s.*, split_part($9, '.', 1) AS kind, $8::uuid = $2::uuid AS own,
	       s.hat IN (1, 16) AND ilp.may($6::bigint, s.plan_state, s.hat) AS leads,
	       s.hat IN (4, 8) AND ilp.may($7::bigint, s.plan_state, s.hat) AS family,
	       EXISTS (SELECT 1 FROM jsonb_array_elements(s.questions) q WHERE $9 IN ('prep.' || (q ->> 'key'), 'talk.' || (q ->> 'key'))) AS asked
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
), open AS (
	SELECT s.tenant_id, s.meeting_id, s.plan_id, s.student_id FROM seat s
	WHERE CASE s.kind
	      WHEN 'prep' THEN s.family AND s.own AND s.asked AND s.state = 'planned'
	      WHEN 'talk' THEN s.asked AND s.state = 'held' AND (s.family AND s.own AND s.step IS NOT NULL
	        OR s.leads AND ($8::uuid IN (s.student_id, s.organiser_id) OR EXISTS (
	           SELECT 1 FROM ilp.meeting_party y WHERE y.tenant_id = s.tenant_id AND y.meeting_id = s.meeting_id
	             AND y.person_id = $8::uuid AND y.hat = 8 AND ilp.is_guardian(y.person_id, s.student_id))))
	      ELSE CASE $9
	           WHEN 'show' THEN s.hat = 8 AND s.family AND s.own AND s.state IN ('planned', 'held') AND coalesce($10, '') IN ('', 'yes')
	           WHEN 'minutes' THEN s.leads AND $8::uuid = s.meeting_id AND s.state IN ('held', 'shared')
	           WHEN 'private' THEN s.leads AND s.own
	           ELSE false END
	      END
), before AS (
	SELECT t.* FROM ilp.meeting_text t, open o
	WHERE t.tenant_id = o.tenant_id AND t.meeting_id = o.meeting_id AND t.person_id = $8::uuid AND t.field = $9
), saved AS (
	INSERT INTO ilp.meeting_text AS t (tenant_id, meeting_id, person_id, field, text, author_id, at)
	SELECT tenant_id, meeting_id, $8::uuid, $9, $10, $2::uuid, ilp.moment() FROM open
	WHERE EXISTS (SELECT 1 FROM before) OR ($11::int = 0 AND coalesce($10::text, '') <> '')
	ON CONFLICT (tenant_id, meeting_id, person_id, field) DO UPDATE
	SET text = excluded.text, rev = t.rev + 1, author_id = excluded.author_id, at = excluded.at
	WHERE t.rev = $11::int AND t.text IS DISTINCT FROM excluded.text
	RETURNING t.*
), replaced AS (
	INSERT INTO ilp.meeting_history (tenant_id, meeting_id, person_id, field, rev, text, author_id, at)
	SELECT b.tenant_id, b.meeting_id, b.person_id, b.field, b.rev, b.text, b.author_id, b.at
	FROM before b, saved s
	WHERE b.text <> '' AND (b.author_id <> s.author_id OR b.at < s.at - interval '10 minutes')
	ON CONFLICT DO NOTHING
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT s.tenant_id, s.at, 'meeting.text', s.author_id, o.student_id, o.plan_id, s.meeting_id,
	       jsonb_build_object('field', s.field, 'person', s.person_id, 'rev', s.rev)
	FROM saved s, open o)
SELECT EXISTS (SELECT 1 FROM open), (SELECT rev FROM saved)

-- After meeting_text_save, which says whether it may be read.
-- name: meeting_text_now
-- args: meeting, voice, field
SELECT t.text, t.rev, ilp.called(a.name, a.given_name, a.family_name, a.person_id), ilp.iso(t.at)
FROM ilp.meeting_text t
JOIN ilp.person a ON a.tenant_id = t.tenant_id AND a.person_id = t.author_id
WHERE t.tenant_id = ilp.current_tenant() AND t.meeting_id = $1::uuid AND t.person_id = $2::uuid AND t.field = $3

-- What the viewer reads of it outside the room: staff everything but others' private notes;
-- each of the family their own preparation, and what was shared.
-- name: meeting_texts
-- args: meeting, person, role, course, reads
SELECT coalesce(jsonb_agg(jsonb_build_object('person', t.person_id, 'field', t.field, 'text', t.text, 'rev', t.rev,
	'by', ilp.called(a.name, a.given_name, a.family_name, a.person_id), 'at', ilp.iso(t.at),
	'typed', t.author_id <> t.person_id) ORDER BY t.field, t.at), '[]')
FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
JOIN ilp.meeting_text t ON t.tenant_id = s.tenant_id AND t.meeting_id = s.meeting_id
JOIN ilp.person a ON a.tenant_id = t.tenant_id AND a.person_id = t.author_id
WHERE CASE WHEN t.field = 'private' THEN s.hat IN (1, 16) AND t.person_id = $2::uuid
           WHEN s.hat IN (1, 16) THEN true
           WHEN t.field LIKE 'talk.%' OR t.field = 'minutes' THEN s.state IN ('shared', 'closed')
           ELSE t.person_id = $2::uuid END

-- What stood in a text of it before, for whoever reads the text: staff every version, others
-- what they wrote themselves.
-- name: meeting_history
-- args: meeting, person, role, course, reads, voice, field
WITH open AS (
	SELECT s.hat, t.* FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	JOIN ilp.meeting_text t ON t.tenant_id = s.tenant_id AND t.meeting_id = s.meeting_id AND t.person_id = $6::uuid AND t.field = $7
	WHERE CASE WHEN t.field = 'private' THEN s.hat IN (1, 16) AND t.person_id = $2::uuid
	           WHEN s.hat IN (1, 16) OR t.person_id = $2::uuid THEN true
	           ELSE (t.field LIKE 'talk.%' OR t.field = 'minutes') AND s.state IN ('shared', 'closed') END
)
SELECT jsonb_build_object('versions', jsonb_agg(jsonb_build_object('rev', x.rev, 'text', x.text,
	'by', ilp.called(a.name, a.given_name, a.family_name, a.person_id), 'at', ilp.iso(x.at)) ORDER BY x.rev DESC))
FROM (
	SELECT tenant_id, rev, text, author_id, at FROM open
	UNION ALL
	(SELECT h.tenant_id, h.rev, h.text, h.author_id, h.at FROM open o
	JOIN ilp.meeting_history h ON h.tenant_id = o.tenant_id AND h.meeting_id = o.meeting_id AND h.person_id = o.person_id AND h.field = o.field
	WHERE o.hat IN (1, 16) OR h.author_id = $2::uuid
	ORDER BY h.rev DESC LIMIT 200)) x
JOIN ilp.person a ON a.tenant_id = x.tenant_id AND a.person_id = x.author_id
HAVING count(*) > 0

-- What was parked for it, and what was agreed in it, as this hat sees them.
-- name: meeting_points
-- args: meeting, person, role, course, reads, meets, prepares
SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.post_id, 'text', o.text,
		'by', ilp.called(a.name, a.given_name, a.family_name, a.person_id), 'hat', ilp.hat_name(o.hat),
		'at', ilp.iso(o.at), 'mine', o.author_id = $2::uuid, 'done', o.done_at IS NOT NULL) ORDER BY o.at)
	FROM ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) o
	JOIN ilp.person a ON a.tenant_id = o.tenant_id AND a.person_id = o.author_id
	WHERE o.field = '_topics' AND o.removed_at IS NULL AND (o.done_at IS NULL OR o.done_at > m.created_at)), '[]'),
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.task_id, 'text', t.text, 'status', t.status,
		'category', t.category, 'dueOn', t.due_on, 'responsible', t.responsible) ORDER BY t.position)
	FROM ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
	WHERE t.meeting_id = s.meeting_id AND (s.hat IN (1, 16) OR s.state IN ('shared', 'closed'))), '[]'),
       (SELECT f.sees & s.hat <> 0 FROM ilp.form_field f WHERE f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = '_topics'),
       (SELECT f.edits & s.hat <> 0 FROM ilp.form_field f WHERE f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = '_topics'),
       (SELECT f.definition -> 'statuses' FROM ilp.form f WHERE f.tenant_id = s.tenant_id AND f.form_id = s.form_id),
       s.hat IN (1, 16) AND ilp.may($6::bigint, s.plan_state, s.hat),
       s.hat IN (4, 8) AND ilp.may($7::bigint, s.plan_state, s.hat)
FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
JOIN ilp.meeting m ON m.tenant_id = s.tenant_id AND m.meeting_id = s.meeting_id

-- The family's answers -------------------------------------------------------------

-- A guardian linked since it was planned has no row yet.
-- name: meeting_answer
-- args: meeting, person, role, course, reads, prepares, answer, text
WITH open AS (
	SELECT s.* FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	WHERE s.hat IN (4, 8) AND s.state = 'planned' AND ilp.may($6::bigint, s.plan_state, s.hat)
), answered AS (
	INSERT INTO ilp.meeting_party AS y (tenant_id, meeting_id, person_id, hat, answer, answer_text, answered_at)
	SELECT tenant_id, meeting_id, $2::uuid, hat, $7, $8, ilp.moment() FROM open
	ON CONFLICT (tenant_id, meeting_id, person_id) DO UPDATE
	SET answer = excluded.answer, answer_text = excluded.answer_text, answered_at = excluded.answered_at
	WHERE y.answer IS DISTINCT FROM excluded.answer OR y.answer_text IS DISTINCT FROM excluded.answer_text
	RETURNING y.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT a.tenant_id, a.answered_at, 'meeting.answered', $2::uuid, o.student_id, o.plan_id, o.meeting_id,
	       jsonb_build_object('answer', a.answer)
	FROM answered a, open o)
SELECT 1 FROM open

-- "I have read this before our meeting": said once.
-- name: meeting_read
-- args: meeting, person, role, course, reads, prepares
WITH open AS (
	SELECT s.* FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	WHERE s.hat IN (4, 8) AND s.state IN ('planned', 'held') AND ilp.may($6::bigint, s.plan_state, s.hat)
), told AS (
	INSERT INTO ilp.meeting_party AS y (tenant_id, meeting_id, person_id, hat, confirmed_at)
	SELECT tenant_id, meeting_id, $2::uuid, hat, ilp.moment() FROM open
	ON CONFLICT (tenant_id, meeting_id, person_id) DO UPDATE SET confirmed_at = excluded.confirmed_at
	WHERE y.confirmed_at IS NULL
	RETURNING y.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id)
	SELECT t.tenant_id, t.confirmed_at, 'meeting.read', $2::uuid, o.student_id, o.plan_id, o.meeting_id FROM told t, open o)
SELECT 1 FROM open

-- Those of a batch, or of one meeting, who have not read it (or, where nobody asked for
-- that, not answered); each at most once a day.
-- name: meeting_remind
-- args: batch, meeting, person, role, course, reads, meets
WITH mine AS (
	SELECT m.* FROM (
		SELECT * FROM ilp.meeting WHERE tenant_id = ilp.current_tenant() AND batch_id = $1::uuid
		UNION ALL
		SELECT * FROM ilp.meeting WHERE tenant_id = ilp.current_tenant() AND meeting_id = $2::uuid) m,
		ilp.seat(m.plan_id, $3::uuid, $4, $5::uuid, $6::bigint) s
	WHERE ilp.may($7::bigint, s.state, s.hat)
), lacking AS (
	SELECT y.tenant_id, y.meeting_id, y.person_id,
	       y.reminded_at IS NULL OR (y.reminded_at AT TIME ZONE k.time_zone)::date < ilp.today() AS due
	FROM mine m
	JOIN ilp.tenant k ON k.tenant_id = m.tenant_id
	JOIN ilp.meeting_party y ON y.tenant_id = m.tenant_id AND y.meeting_id = m.meeting_id
	WHERE m.state = 'planned' AND m.starts_at > ilp.moment() AND y.hat IN (4, 8) AND y.answer IS DISTINCT FROM 'cannot'
	  AND CASE WHEN m.asks_reading THEN y.confirmed_at IS NULL ELSE y.answer IS NULL END
	  AND (y.hat = 4 OR ilp.is_guardian(y.person_id, m.student_id))
), reminded AS (
	UPDATE ilp.meeting_party y SET reminded_at = ilp.moment()
	FROM lacking l WHERE l.due AND y.tenant_id = l.tenant_id AND y.meeting_id = l.meeting_id AND y.person_id = l.person_id
	RETURNING y.*
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT m.tenant_id, ilp.moment(), 'meeting.reminded', $3::uuid, m.student_id, m.plan_id, m.meeting_id,
	       jsonb_build_object('people', jsonb_agg(r.person_id))
	FROM mine m JOIN reminded r ON r.meeting_id = m.meeting_id
	GROUP BY m.tenant_id, m.student_id, m.plan_id, m.meeting_id)
SELECT (SELECT count(*) FROM mine), (SELECT count(*) FROM reminded), (SELECT count(*) FROM lacking WHERE NOT due)

-- In the room ----------------------------------------------------------------------

-- What everybody invited may see, and nothing else, whoever asks: `room` are the hats that
-- read along. No private note, no post, no preparation but the student's own and what a
-- guardian chose to show; and one's own in one's own session.
-- name: meeting_live
-- args: meeting, person, role, course, reads, meets, writes
WITH seat AS (
	SELECT s.*, s.hat IN (1, 16) AND ilp.may($6::bigint, s.plan_state, s.hat) AS leads, ilp.may($7::bigint, s.plan_state, s.hat) AS writes
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	WHERE s.hat IN (1, 16) OR s.state = 'held' AND s.step IS NOT NULL
), party AS (
	SELECT y.person_id, y.hat, y.attended, ilp.called(a.name, a.given_name, a.family_name, a.person_id) AS name, a.given_name AS given
	FROM seat s
	JOIN ilp.meeting_party y ON y.tenant_id = s.tenant_id AND y.meeting_id = s.meeting_id
	JOIN ilp.person a ON a.tenant_id = y.tenant_id AND a.person_id = y.person_id
	WHERE y.hat <> 8 OR ilp.is_guardian(y.person_id, s.student_id)
), room AS (
	SELECT s.*, s.hat | 4 | CASE WHEN EXISTS (SELECT 1 FROM party WHERE party.hat = 8) THEN 8 ELSE 0 END AS everybody FROM seat s
), shown AS (
	SELECT f.* FROM room s JOIN ilp.form_field f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id
	     AND f.sees & s.everybody = s.everybody
), goal AS (
	SELECT r.row_id, r.kind, r.parent_id, r.place,
	       (SELECT v.text FROM ilp.plan_value v JOIN shown f ON f.key = v.field AND f.head AND f.of = r.kind
	        WHERE v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.row_id = r.row_id) AS text
	FROM room s, ilp.seen_rows(s.plan_id, s.form_id, 4) r
	WHERE r.state = 'agreed' AND EXISTS (SELECT 1 FROM shown WHERE key = '_rows')
), task AS (
	SELECT t.*, f.edits & s.hat <> 0 AND s.writes AS writable
	FROM room s, ilp.seen_tasks(s.plan_id, s.form_id, 4) t
	JOIN shown f ON f.key = t.field
	WHERE t.moved_to IS NULL AND (t.row_id = s.plan_id OR EXISTS (SELECT 1 FROM goal g WHERE g.row_id = t.row_id))
)
SELECT jsonb_build_object(
	'meeting', jsonb_build_object('id', m.meeting_id, 'plan', m.plan_id, 'planTitle', p.title,
		'student', jsonb_build_object('id', n.person_id, 'name', ilp.called(n.name, n.given_name, n.family_name, n.person_id), 'given', n.given_name),
		'organiser', m.organiser_id, 'startsAt', ilp.iso(m.starts_at), 'place', m.place, 'state', m.state, 'step', m.step,
		'rev', m.rev, 'questions', m.questions),
	'me', $2, 'hat', ilp.hat_name(s.hat), 'leads', s.leads,
	'people', coalesce((SELECT jsonb_agg(jsonb_build_object('id', person_id, 'name', name, 'given', given,
		'hat', ilp.hat_name(hat), 'attended', attended) ORDER BY array_position('{4,8,1,16}', hat), name) FROM party), '[]'),
	'texts', coalesce((SELECT jsonb_agg(jsonb_build_object('person', t.person_id, 'field', t.field, 'text', t.text, 'rev', t.rev,
		'by', ilp.called(a.name, a.given_name, a.family_name, a.person_id), 'at', ilp.iso(t.at), 'typed', t.author_id <> t.person_id)
		ORDER BY t.field, t.at)
		FROM ilp.meeting_text t JOIN ilp.person a ON a.tenant_id = t.tenant_id AND a.person_id = t.author_id
		WHERE t.tenant_id = m.tenant_id AND t.meeting_id = m.meeting_id AND (t.field = 'minutes'
		  OR (t.person_id = m.organiser_id OR EXISTS (SELECT 1 FROM party WHERE party.person_id = t.person_id))
		     AND (t.field LIKE 'talk.%' OR t.field LIKE 'prep.%' AND (t.person_id IN (m.student_id, $2::uuid) OR EXISTS (
		       SELECT 1 FROM ilp.meeting_text w WHERE w.tenant_id = t.tenant_id AND w.meeting_id = t.meeting_id
		         AND w.person_id = t.person_id AND w.field = 'show' AND w.text = 'yes'))))), '[]'),
	'rows', coalesce((SELECT jsonb_agg(jsonb_build_object('id', row_id, 'kind', kind, 'parent', parent_id, 'text', text)
		ORDER BY (SELECT c.place FROM goal c WHERE c.row_id = coalesce(g.parent_id, g.row_id)), g.kind, g.place) FROM goal g), '[]'),
	'tasks', coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.task_id, 'row', nullif(t.row_id, m.plan_id), 'text', t.text,
		'status', t.status, 'category', t.category, 'dueOn', t.due_on, 'responsible', t.responsible,
		'revs', jsonb_build_object('text', t.revs[1], 'status', t.revs[2]), 'agreed', t.meeting_id IS NOT DISTINCT FROM m.meeting_id,
		'writable', t.writable) ORDER BY t.position) FROM task t), '[]'),
	'statuses', (SELECT f.definition -> 'statuses' FROM ilp.form f WHERE f.tenant_id = s.tenant_id AND f.form_id = s.form_id),
	'agreements', s.leads AND s.writes AND EXISTS (SELECT 1 FROM shown f WHERE f.kind = 'tasks' AND f.edits & s.hat <> 0),
	'writing', coalesce((SELECT jsonb_agg(jsonb_build_object('by', ilp.called(a.name, a.given_name, a.family_name, a.person_id),
		'object', w.object_id, 'field', w.field))
		FROM ilp.writing w JOIN ilp.person a ON a.tenant_id = w.tenant_id AND a.person_id = w.person_id
		WHERE w.tenant_id = m.tenant_id AND w.plan_id = m.plan_id AND w.person_id <> $2::uuid AND w.until > ilp.moment()
		  AND (w.field LIKE 'talk.%' OR w.field = 'minutes' AND w.object_id = m.meeting_id)), '[]'),
	'cursor', ilp.iso(ilp.moment()))
FROM room s
JOIN ilp.meeting m ON m.tenant_id = s.tenant_id AND m.meeting_id = s.meeting_id
JOIN ilp.plan p ON p.tenant_id = m.tenant_id AND p.plan_id = m.plan_id
JOIN ilp.person n ON n.tenant_id = m.tenant_id AND n.person_id = m.student_id

-- What was agreed becomes a task of the plan: in the list for agreements, else the first
-- list that everybody sees, and under a goal where that list belongs to goals.
-- name: meeting_agree
-- args: meeting, person, role, course, reads, meets, writes, task, text, due, responsible, row
WITH seat AS (
	SELECT s.* FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	WHERE s.state IN ('held', 'shared') AND ilp.may($6::bigint, s.plan_state, s.hat) AND ilp.may($7::bigint, s.plan_state, s.hat)
), room AS (
	SELECT s.hat | 4 | CASE WHEN EXISTS (
		SELECT 1 FROM ilp.meeting_party y WHERE y.tenant_id = s.tenant_id AND y.meeting_id = s.meeting_id AND y.hat = 8)
	       THEN 8 ELSE 0 END AS everybody FROM seat s
), list AS (
	SELECT f.*
	FROM seat s
	JOIN ilp.form d ON d.tenant_id = s.tenant_id AND d.form_id = s.form_id
	CROSS JOIN jsonb_array_elements(d.definition -> 'sections') WITH ORDINALITY AS a (section, i)
	CROSS JOIN jsonb_array_elements(a.section -> 'fields') WITH ORDINALITY AS b (field, j)
	JOIN ilp.form_field f ON f.tenant_id = s.tenant_id AND f.form_id = s.form_id AND f.key = b.field ->> 'key'
	CROSS JOIN room r
	WHERE f.kind = 'tasks' AND f.sees & r.everybody = r.everybody AND f.edits & s.hat <> 0
	ORDER BY coalesce(b.field ->> 'agreement', '') = 'true' DESC, a.i, b.j LIMIT 1
), place AS (
	SELECT f.key, f.codes[array_position(f.categories, 'todo')] AS status, CASE WHEN f.of = 'plan' THEN s.plan_id ELSE coalesce(
		(SELECT r.row_id FROM ilp.seen_rows(s.plan_id, s.form_id, 4) r WHERE r.row_id = $12::uuid AND r.kind = f.of AND r.state = 'agreed'),
		(SELECT r.row_id FROM ilp.seen_rows(s.plan_id, s.form_id, 4) r WHERE $12::uuid IS NULL AND r.kind = f.of AND r.state = 'agreed'
		 ORDER BY r.place LIMIT 1)) END AS row_id
	FROM list f, seat s
), made AS (
	INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, responsible,
	                      by_id, hat, at, meeting_id)
	SELECT s.tenant_id, s.plan_id, $8::uuid, l.key, l.row_id,
	       (SELECT coalesce(max(t.position), 0) + 1 FROM ilp.task t WHERE t.tenant_id = s.tenant_id AND t.plan_id = s.plan_id),
	       $9, coalesce(l.status, 'todo'), 'todo', $10::date, $11, $2::uuid, s.hat, ilp.moment(), s.meeting_id
	FROM seat s, place l WHERE l.row_id IS NOT NULL
	ON CONFLICT DO NOTHING RETURNING *
), touched AS (
	UPDATE ilp.plan p SET changed_at = ilp.moment(), changed_by = $2::uuid
	FROM made d WHERE p.tenant_id = d.tenant_id AND p.plan_id = d.plan_id
), event AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, student_id, plan_id, meeting_id, detail)
	SELECT d.tenant_id, d.at, 'task.added', $2::uuid, s.student_id, d.plan_id, d.meeting_id,
	       jsonb_build_object('task', d.task_id, 'field', d.field)
	FROM made d, seat s)
SELECT EXISTS (SELECT 1 FROM seat), EXISTS (SELECT 1 FROM place WHERE row_id IS NOT NULL)

-- Before it --------------------------------------------------------------------------

-- The brief: one line for each thing worth a word, the weightiest first (R-019). Nothing
-- of a field that this hat does not see. part: good (what went well), now (needs a word),
-- new (since the viewer last looked), said (prepared answers).
-- name: meeting_brief
-- args: meeting, person, role, course, reads, meets
WITH seat AS (
	SELECT s.*, p.starts_on, p.ends_on, ilp.looked(s.plan_id, $2::uuid) AS looked
	FROM ilp.meeting_seat($1::uuid, $2::uuid, $3, $4::uuid, $5::bigint) s
	JOIN ilp.plan p ON p.tenant_id = s.tenant_id AND p.plan_id = s.plan_id
	WHERE s.hat IN (1, 16) AND ilp.may($6::bigint, s.plan_state, s.hat)
), task AS (
	SELECT t.*, f.flags[array_position(f.codes, t.status)] AS flag
	FROM seat s, ilp.seen_tasks(s.plan_id, s.form_id, s.hat) t
	LEFT JOIN ilp.form_field f ON f.tenant_id = t.tenant_id AND f.form_id = (SELECT form_id FROM seat) AND f.key = t.field
	WHERE t.moved_to IS NULL
), review AS (
	SELECT e.review_id, r.title || ' · ' || k.title AS title, x.value ->> 'category' AS category,
	       x.value -> 'label' AS label, coalesce(e.released_at, e.ready_at) AS at
	FROM seat s
	JOIN ilp.entry e ON e.tenant_id = s.tenant_id AND e.student_id = s.student_id AND e.entered_on BETWEEN s.starts_on AND s.ends_on
	JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id
	JOIN ilp.course k ON k.tenant_id = r.tenant_id AND k.course_id = r.course_id
	JOIN ilp.entry_text t ON t.tenant_id = e.tenant_id AND t.review_id = e.review_id AND t.student_id = e.student_id AND t.field = 'value'
	JOIN LATERAL jsonb_array_elements(r.scale -> 'values') x (value)
	     ON x.value ->> 'code' = CASE WHEN e.released_at IS NOT NULL THEN t.released_text WHEN e.ready_at IS NOT NULL THEN t.ready_text END
), line AS (
	SELECT 'good' AS part, 40 AS weight, 'done' AS kind, t.task_id AS id, t.text, NULL::text AS title, t.status_by AS by_id,
	       NULL::int AS hat, coalesce(t.status_at, t.at) AS at, NULL::jsonb AS more
	FROM task t WHERE t.category = 'done'
	UNION ALL
	SELECT 'good', 50, 'review', v.review_id, NULL, v.title, NULL, NULL, v.at, jsonb_build_object('label', v.label)
	FROM review v WHERE v.category = 'ok'
	UNION ALL
	SELECT 'now', 100, 'answer', y.person_id, y.answer_text, y.answer, y.person_id, y.hat, y.answered_at, NULL
	FROM seat s JOIN ilp.meeting_party y ON y.tenant_id = s.tenant_id AND y.meeting_id = s.meeting_id
	WHERE y.answer IN ('cannot', 'other_time') AND (y.hat <> 8 OR ilp.is_guardian(y.person_id, s.student_id))
	UNION ALL
	SELECT 'now', 90, 'help', t.task_id, t.text, NULL, t.status_by, NULL, coalesce(t.status_at, t.at), jsonb_build_object('due', t.due_on)
	FROM task t WHERE t.flag AND t.category IN ('todo', 'doing')
	UNION ALL
	SELECT 'now', CASE v.category WHEN 'risk' THEN 85 ELSE 70 END, 'review', v.review_id, NULL, v.title, NULL, NULL, v.at,
	       jsonb_build_object('label', v.label)
	FROM review v WHERE v.category IN ('risk', 'watch')
	UNION ALL
	SELECT 'now', 80, 'late', t.task_id, t.text, NULL, t.by_id, NULL, t.at, jsonb_build_object('due', t.due_on)
	FROM task t WHERE t.category IN ('todo', 'doing') AND t.due_on < ilp.today() AND t.flag IS NOT TRUE
	UNION ALL
	SELECT 'now', 78, 'agreed', t.task_id, t.text, NULL, t.by_id, NULL, t.at, jsonb_build_object('due', t.due_on)
	FROM task t, seat s
	WHERE t.category IN ('todo', 'doing') AND t.meeting_id <> s.meeting_id AND t.flag IS NOT TRUE
	  AND (t.due_on IS NULL OR t.due_on >= ilp.today())
	UNION ALL
	SELECT 'now', 75, 'proposal', r.row_id, (SELECT v.text FROM ilp.plan_value v JOIN ilp.seen_fields(s.form_id, s.hat) f
	         ON f.key = v.field AND f.head AND f.of = r.kind
	         WHERE v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.row_id = r.row_id), NULL, r.by_id, r.hat, r.at, NULL
	FROM seat s, ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.state = 'proposed'
	UNION ALL
	SELECT CASE WHEN o.field = '_topics' THEN 'now' ELSE 'new' END, CASE WHEN o.field = '_topics' THEN 72 ELSE 65 END,
	       CASE WHEN o.field = '_topics' THEN 'topic' ELSE 'post' END, o.post_id, o.text, NULL, o.author_id, o.hat, o.at, NULL
	FROM seat s, ilp.seen_posts(s.plan_id, s.form_id, s.hat, $2::uuid) o
	WHERE o.removed_at IS NULL AND (o.field = '_topics' AND o.done_at IS NULL
	  OR o.field <> '_topics' AND o.author_id <> $2::uuid AND (s.looked IS NULL OR o.at > s.looked))
	UNION ALL
	SELECT 'new', 55, 'value', v.row_id, v.text, NULL, v.author_id, v.hat, v.at, jsonb_build_object('field', v.field, 'kind', f.kind)
	FROM seat s
	JOIN ilp.plan_value v ON v.tenant_id = s.tenant_id AND v.plan_id = s.plan_id AND v.text <> '' AND v.author_id <> $2::uuid
	     AND (s.looked IS NULL OR v.at > s.looked)
	JOIN ilp.seen_fields(s.form_id, s.hat) f ON f.key = v.field
	WHERE v.row_id = s.plan_id OR EXISTS (SELECT 1 FROM ilp.seen_rows(s.plan_id, s.form_id, s.hat) r WHERE r.row_id = v.row_id AND r.state <> 'proposed')
	UNION ALL
	SELECT 'said', 60 - q.i::int, 'prep', t.person_id, t.text, q.question ->> 'label', t.person_id, y.hat, t.at,
	       jsonb_build_object('key', q.question ->> 'key')
	FROM seat s
	CROSS JOIN jsonb_array_elements(s.questions) WITH ORDINALITY AS q (question, i)
	JOIN ilp.meeting_text t ON t.tenant_id = s.tenant_id AND t.meeting_id = s.meeting_id
	     AND t.field = 'prep.' || (q.question ->> 'key') AND t.text <> ''
	JOIN ilp.meeting_party y ON y.tenant_id = t.tenant_id AND y.meeting_id = t.meeting_id AND y.person_id = t.person_id
	WHERE y.hat <> 8 OR ilp.is_guardian(y.person_id, s.student_id))
SELECT l.part, l.kind, l.id, l.text, l.title, ilp.called(a.name, a.given_name, a.family_name, a.person_id),
       l.hat, ilp.iso(l.at), l.more::text, ilp.iso(s.looked)
FROM seat s
LEFT JOIN line l ON true
LEFT JOIN ilp.person a ON a.tenant_id = s.tenant_id AND a.person_id = l.by_id
ORDER BY l.weight DESC, l.hat NULLS LAST, l.at DESC LIMIT 300
