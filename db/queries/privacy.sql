-- What is held about a person, in numbers and dates (ilp/privacy.c). Texts are not read.
-- Of what teachers wrote only what was released is counted: that there is more is not
-- theirs to see who are written about.

-- name: privacy_person
-- args: person
SELECT name, given_name, family_name, email, coalesce(language, locale),
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM ilp.person WHERE tenant_id = ilp.current_tenant() AND person_id = $1::uuid

-- A row a category of which there is anything.
-- name: privacy_held
-- args: person
WITH me AS (SELECT ilp.current_tenant() AS tenant_id, $1::uuid AS person_id),
held (what, n, since) AS (
	SELECT 'accounts', count(*), NULL::timestamptz
	FROM me JOIN ilp.identity i USING (tenant_id, person_id)
	UNION ALL
	SELECT 'courses', count(*), min(m.joined_at)
	FROM me JOIN ilp.membership m USING (tenant_id, person_id)
	UNION ALL
	SELECT 'own_texts', count(*), min(t.at)
	FROM me JOIN ilp.entry e ON e.tenant_id = me.tenant_id AND e.student_id = me.person_id
	JOIN ilp.entry_text t ON t.tenant_id = e.tenant_id AND t.review_id = e.review_id
	     AND t.student_id = e.student_id AND t.field IN ('self_value', 'self_comment')
	UNION ALL
	SELECT 'released', count(*), min(e.released_at)
	FROM me JOIN ilp.entry e ON e.tenant_id = me.tenant_id AND e.student_id = me.person_id
	     AND e.released_at IS NOT NULL
	JOIN ilp.review r ON r.tenant_id = e.tenant_id AND r.review_id = e.review_id AND r.to_students
	UNION ALL
	SELECT 'written', count(*), min(t.at)
	FROM me JOIN ilp.membership m USING (tenant_id, person_id)
	JOIN ilp.review r ON r.tenant_id = m.tenant_id AND r.course_id = m.course_id
	JOIN ilp.entry_text t ON t.tenant_id = r.tenant_id AND t.review_id = r.review_id
	     AND t.author_id = m.person_id AND t.field IN ('value', 'comment')
	UNION ALL
	SELECT 'guardians', count(*), min(l.created_at)
	FROM me JOIN ilp.guardian_link l ON l.tenant_id = me.tenant_id AND l.student_id = me.person_id
	WHERE ilp.is_guardian(l.guardian_id, l.student_id)
	UNION ALL
	SELECT 'children', count(*), min(l.created_at)
	FROM me JOIN ilp.guardian_link l ON l.tenant_id = me.tenant_id AND l.guardian_id = me.person_id
	WHERE ilp.is_guardian(l.guardian_id, l.student_id)
	UNION ALL
	SELECT 'mails', count(*), min(n.sent_at)
	FROM me JOIN notify.mail n ON n.tenant_id = me.tenant_id AND n.recipient_id = me.person_id
	WHERE n.state = 'sent'
	UNION ALL
	SELECT 'sessions', count(*), min(s.started_at)
	FROM me JOIN ilp.session s ON s.tenant_id = me.tenant_id AND s.person_id = me.person_id
)
SELECT what, n, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM held WHERE n > 0
