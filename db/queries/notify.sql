-- From events to mail (notify/). Every time is ilp.moment(), so that a test owns
-- the clock; delays are seconds.

-- name: notify_tenants
-- args:
-- Worker scope. Who has events not yet told: one probe of the index per tenant.
WITH RECURSIVE t (tenant_id) AS (
	(SELECT e.tenant_id FROM ilp.event e WHERE e.told_at IS NULL ORDER BY e.tenant_id LIMIT 1)
	UNION ALL
	SELECT (SELECT e.tenant_id FROM ilp.event e WHERE e.told_at IS NULL AND e.tenant_id > t.tenant_id
		ORDER BY e.tenant_id LIMIT 1)
	FROM t WHERE t.tenant_id IS NOT NULL
)
SELECT tenant_id FROM t WHERE tenant_id IS NOT NULL;

-- name: notify_tell
-- args: limit, window, host, own, child
-- Tenant scope. Events become notices in the recipients' held mails, all in one
-- statement: a crash leaves them told and noticed, or neither. Recipients are
-- locked in one order, so that two workers do not wait for each other in a ring.
-- own, child: what the access table says of students and of guardians. Steps are
-- materialized because the planner knows nothing of a school that began today, and
-- would run one step for each row of another.
WITH taken AS MATERIALIZED (
	SELECT at, event_id, kind, actor_id, review_id, plan_id, meeting_id, student_id, detail FROM ilp.event
	WHERE tenant_id = ilp.current_tenant() AND told_at IS NULL
	ORDER BY at LIMIT $1::int FOR UPDATE SKIP LOCKED
), news AS (
	SELECT 'review' AS topic, r.review_id AS object_id, t.student_id, t.actor_id, t.at, r.to_students, r.to_guardians
	FROM taken t
	JOIN ilp.review r ON r.tenant_id = ilp.current_tenant() AND r.review_id = t.review_id
	WHERE t.kind = 'review.released'
	UNION ALL
	SELECT k.topic, coalesce(t.meeting_id, t.plan_id), p.student_id, t.actor_id, t.at, true, true
	FROM taken t
	JOIN (VALUES ('plan.published', 'plan'), ('meeting.planned', 'meeting'), ('meeting.changed', 'meeting'),
		('meeting.cancelled', 'meeting'), ('meeting.reminded', 'reading'), ('meeting.shared', 'minutes'),
		('signature.asked', 'sign'), ('value', 'change'), ('row', 'change'), ('task', 'change'),
		('post', 'change'), ('evidence', 'change')) k (kind, topic)
	  ON k.kind IN (t.kind, split_part(t.kind, '.', 1))
	JOIN ilp.plan p ON p.tenant_id = ilp.current_tenant() AND p.plan_id = t.plan_id AND p.state = 'published'
	WHERE k.topic <> 'change' OR t.actor_id IS DISTINCT FROM p.student_id AND NOT ilp.is_guardian(t.actor_id, p.student_id)
), family AS (
	SELECT n.* FROM news n
	JOIN ilp.person s ON s.tenant_id = ilp.current_tenant() AND s.person_id = n.student_id
		AND NOT s.is_test AND NOT s.is_protected
), concerned AS MATERIALIZED (
	SELECT topic, object_id, student_id, actor_id, at, student_id AS recipient_id
	FROM family WHERE to_students AND $4::boolean
	UNION ALL
	SELECT l.topic, l.object_id, l.student_id, l.actor_id, l.at, g.guardian_id
	FROM family l
	JOIN ilp.guardian_link g ON g.tenant_id = ilp.current_tenant() AND g.student_id = l.student_id
	WHERE l.to_guardians AND $5::boolean AND ilp.is_guardian(g.guardian_id, l.student_id)
	UNION ALL
	SELECT 'missing', t.review_id, (t.detail ->> 'person')::uuid, t.actor_id, t.at, (t.detail ->> 'person')::uuid
	FROM taken t WHERE t.kind = 'review.missing'
), reached AS MATERIALIZED (
	SELECT c.topic, c.object_id, c.student_id, c.recipient_id, max(c.at) AS at
	FROM concerned c
	JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = c.recipient_id
		AND p.email <> '' AND NOT p.is_test AND NOT p.is_protected
	WHERE c.recipient_id IS DISTINCT FROM c.actor_id
	-- Once told of changes in a plan, one hears of no more until one has looked, or for a week.
	AND (c.topic <> 'change' OR NOT EXISTS (
		SELECT 1 FROM notify.notice n
		JOIN notify.mail m ON m.tenant_id = n.tenant_id AND m.mail_id = n.mail_id
			AND m.recipient_id = c.recipient_id AND m.state IN ('held', 'retry', 'sending', 'sent')
		LEFT JOIN ilp.plan_look l ON l.tenant_id = n.tenant_id AND l.plan_id = n.object_id
			AND l.person_id = c.recipient_id
		WHERE n.tenant_id = ilp.current_tenant() AND n.object_id = c.object_id AND n.student_id = c.student_id
		AND n.topic = 'change' AND n.at > coalesce(l.seen_at, '-infinity')
		AND n.at > ilp.moment() - interval '7 days'))
	GROUP BY 1, 2, 3, 4
), mails AS (
	INSERT INTO notify.mail (tenant_id, mail_id, recipient_id, state, message_id, link_token, due_at, created_at)
	SELECT ilp.current_tenant(), n.mail_id, n.recipient_id, 'held',
		'<' || n.mail_id || '-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12) || '@' || $3::text || '>',
		rtrim(translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/', '-_'), '='),
		ilp.moment() + $2::int * interval '1 second', ilp.moment()
	FROM (SELECT gen_random_uuid() AS mail_id, d.recipient_id
		FROM (SELECT DISTINCT recipient_id FROM reached ORDER BY recipient_id) d) n
	ON CONFLICT (tenant_id, recipient_id) WHERE state = 'held'
	DO UPDATE SET due_at = mail.due_at
	RETURNING mail_id, recipient_id
), noticed AS (
	INSERT INTO notify.notice (tenant_id, mail_id, object_id, student_id, topic, at)
	SELECT ilp.current_tenant(), m.mail_id, r.object_id, r.student_id, r.topic, r.at
	FROM reached r JOIN mails m USING (recipient_id)
	ON CONFLICT DO NOTHING
), marked AS (
	UPDATE ilp.event e SET told_at = ilp.moment() FROM taken t
	WHERE e.tenant_id = ilp.current_tenant() AND e.at = t.at AND e.event_id = t.event_id AND e.told_at IS NULL
	RETURNING 1
)
SELECT (SELECT count(*) FROM marked), (SELECT count(*) FROM mails);

-- name: notify_claim
-- args: limit, lease
-- Worker scope. A mail that is being sent is due again when its lease ends, so one
-- index finds the due, the retried and the abandoned.
WITH due AS MATERIALIZED (
	SELECT tenant_id, mail_id FROM notify.mail
	WHERE state IN ('held', 'retry', 'sending') AND due_at <= ilp.moment()
	ORDER BY due_at LIMIT $1::int FOR UPDATE SKIP LOCKED
)
UPDATE notify.mail m SET state = 'sending', attempt = m.attempt + 1,
	due_at = ilp.moment() + $2::int * interval '1 second',
	lease_until = ilp.moment() + $2::int * interval '1 second'
FROM due d WHERE m.tenant_id = d.tenant_id AND m.mail_id = d.mail_id
RETURNING m.tenant_id, m.mail_id, m.attempt;

-- name: notify_next
-- args:
-- Worker scope. Milliseconds until something is due; NULL where nothing waits.
SELECT ceil(extract(epoch FROM min(due_at) - ilp.moment()) * 1000)::bigint FROM notify.mail
WHERE state IN ('held', 'retry', 'sending');

-- name: notify_facts
-- args: mails, own, child
-- Tenant scope. What may still be told, by today's rights (I-19, I-20): a row per mail,
-- person told of and topic. A mail without a row has nothing left to tell.
WITH told AS (
	SELECT n.tenant_id, n.mail_id, n.object_id, n.student_id, n.topic, m.recipient_id,
		CASE WHEN n.student_id = m.recipient_id THEN $2::boolean
			ELSE $3::boolean AND ilp.is_guardian(m.recipient_id, n.student_id) END AS may,
		CASE WHEN n.student_id = m.recipient_id THEN 4 ELSE 8 END AS hat
	FROM notify.mail m
	JOIN notify.notice n ON n.tenant_id = m.tenant_id AND n.mail_id = m.mail_id
	JOIN ilp.person s ON s.tenant_id = n.tenant_id AND s.person_id = n.student_id
		AND NOT s.is_test AND NOT s.is_protected
	WHERE m.tenant_id = ilp.current_tenant() AND m.mail_id = ANY ($1::uuid[]) AND m.state = 'sending'
), fact AS (
	SELECT o.mail_id, o.student_id, o.topic, count(*) AS n
	FROM told o
	JOIN ilp.review r ON r.tenant_id = o.tenant_id AND r.review_id = o.object_id
	JOIN ilp.entry e ON e.tenant_id = o.tenant_id AND e.review_id = o.object_id
		AND e.student_id = o.student_id AND e.released_at IS NOT NULL
	WHERE o.topic = 'review' AND o.may AND CASE WHEN o.hat = 4 THEN r.to_students ELSE r.to_guardians END
	GROUP BY 1, 2, 3
	UNION ALL
	SELECT o.mail_id, o.student_id, o.topic, count(*)
	FROM told o
	JOIN ilp.plan p ON p.tenant_id = o.tenant_id AND p.plan_id = o.object_id AND p.state = 'published'
	WHERE o.topic IN ('plan', 'sign') AND o.may
	GROUP BY 1, 2, 3
	UNION ALL
	SELECT o.mail_id, o.student_id, o.topic, sum(ilp.plan_news(o.object_id, o.hat, o.recipient_id))
	FROM told o WHERE o.topic = 'change' AND o.may
	GROUP BY 1, 2, 3
	HAVING sum(ilp.plan_news(o.object_id, o.hat, o.recipient_id)) > 0
	UNION ALL
	SELECT o.mail_id, o.student_id, o.topic, count(*)
	FROM told o
	JOIN ilp.meeting g ON g.tenant_id = o.tenant_id AND g.meeting_id = o.object_id
	JOIN ilp.meeting_party y ON y.tenant_id = g.tenant_id AND y.meeting_id = g.meeting_id
		AND y.person_id = o.recipient_id
	JOIN ilp.plan p ON p.tenant_id = g.tenant_id AND p.plan_id = g.plan_id AND p.state IN ('published', 'locked')
	WHERE o.may AND CASE o.topic WHEN 'meeting' THEN true
		WHEN 'reading' THEN g.state = 'planned' AND y.confirmed_at IS NULL
		WHEN 'minutes' THEN g.shared_at IS NOT NULL END
	GROUP BY 1, 2, 3
	UNION ALL
	SELECT o.mail_id, o.student_id, o.topic, count(*)
	FROM told o
	JOIN ilp.review r ON r.tenant_id = o.tenant_id AND r.review_id = o.object_id
	JOIN ilp.membership y ON y.tenant_id = r.tenant_id AND y.course_id = r.course_id
		AND y.person_id = o.recipient_id AND y.role = 'teacher' AND y.left_at IS NULL
	WHERE o.topic = 'missing'
	GROUP BY 1, 2, 3
)
SELECT m.mail_id, m.message_id, m.link_token, m.recipient_id, p.email, p.given_name,
	coalesce(p.language, p.locale, ''), t.name, t.locale, coalesce(t.policy ->> 'mail_names', ''),
	f.student_id = m.recipient_id, f.student_id, s.given_name, f.topic, f.n
FROM fact f
JOIN notify.mail m ON m.tenant_id = ilp.current_tenant() AND m.mail_id = f.mail_id
JOIN ilp.tenant t ON t.tenant_id = m.tenant_id
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.recipient_id
	AND p.email <> '' AND NOT p.is_test AND NOT p.is_protected
JOIN ilp.person s ON s.tenant_id = m.tenant_id AND s.person_id = f.student_id
ORDER BY m.mail_id, f.student_id, f.topic;

-- name: notify_sent
-- args: mail, attempt
-- Tenant scope. The server took it. Repeating this is harmless; a row less than one
-- means that another worker has the mail by now.
UPDATE notify.mail SET state = 'sent', sent_at = ilp.moment(), lease_until = NULL, last_error = NULL
WHERE tenant_id = ilp.current_tenant() AND mail_id = $1::uuid AND attempt = $2::int
	AND state IN ('sending', 'sent')
RETURNING mail_id;

-- name: notify_settle
-- args: tenants, mails, attempts, states, delays, errors, refunds
-- Worker scope. What became of the mails that were not taken. A try that never
-- began is given back (refund 1). After three days nobody needs the mail any more.
UPDATE notify.mail m SET
	state = CASE WHEN s.state = 'retry' AND m.created_at < ilp.moment() - interval '3 days'
		THEN 'failed' ELSE s.state END,
	due_at = ilp.moment() + s.delay * interval '1 second',
	lease_until = NULL, last_error = nullif(s.error, ''), attempt = m.attempt - s.refund
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::text[], $7::int[])
	AS s (tenant_id, mail_id, attempt, state, delay, error, refund)
WHERE m.tenant_id = s.tenant_id AND m.mail_id = s.mail_id AND m.attempt = s.attempt AND m.state = 'sending'
RETURNING m.mail_id, m.state;

-- name: notify_health
-- args:
-- Worker scope. Mails that wait, that should have left a quarter of an hour ago,
-- and that were given up in the last seven days.
SELECT
	(SELECT count(*) FROM notify.mail WHERE state IN ('held', 'retry', 'sending')),
	(SELECT count(*) FROM notify.mail WHERE state IN ('held', 'retry', 'sending')
		AND due_at < (SELECT ilp.moment() - interval '15 minutes')),
	(SELECT count(*) FROM notify.mail WHERE state = 'failed'
		AND created_at > (SELECT ilp.moment() - interval '7 days'));
