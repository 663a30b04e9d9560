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
	SELECT at, event_id, kind, actor_id, review_id, student_id FROM ilp.event
	WHERE tenant_id = ilp.current_tenant() AND told_at IS NULL
	ORDER BY at LIMIT $1::int FOR UPDATE SKIP LOCKED
), released AS (
	SELECT t.kind, t.review_id, t.student_id, t.actor_id, t.at, r.to_students, r.to_guardians
	FROM taken t
	JOIN ilp.review r ON r.tenant_id = ilp.current_tenant() AND r.review_id = t.review_id
	JOIN ilp.person s ON s.tenant_id = r.tenant_id AND s.person_id = t.student_id
		AND NOT s.is_test AND NOT s.is_protected
	WHERE t.kind = 'review.released'
), concerned AS MATERIALIZED (
	SELECT kind, review_id, student_id, actor_id, at, student_id AS recipient_id
	FROM released WHERE to_students AND $4::boolean
	UNION ALL
	SELECT l.kind, l.review_id, l.student_id, l.actor_id, l.at, g.guardian_id
	FROM released l
	JOIN ilp.guardian_link g ON g.tenant_id = ilp.current_tenant() AND g.student_id = l.student_id
	WHERE l.to_guardians AND $5::boolean AND ilp.is_guardian(g.guardian_id, l.student_id)
), reached AS MATERIALIZED (
	SELECT c.kind, c.review_id, c.student_id, c.recipient_id, max(c.at) AS at
	FROM concerned c
	JOIN ilp.person p ON p.tenant_id = ilp.current_tenant() AND p.person_id = c.recipient_id
		AND p.email <> '' AND NOT p.is_test AND NOT p.is_protected
	WHERE c.recipient_id IS DISTINCT FROM c.actor_id
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
	INSERT INTO notify.notice (tenant_id, mail_id, object_id, student_id, kind, at)
	SELECT ilp.current_tenant(), m.mail_id, r.review_id, r.student_id, r.kind, r.at
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
-- Tenant scope. What may still be told, by today's rights (I-19, I-20): one row per
-- mail and person told of. A mail without a row has nothing left to tell.
SELECT m.mail_id, m.message_id, m.link_token, m.recipient_id, p.email, p.given_name,
	coalesce(p.language, p.locale, ''), t.name, t.locale, coalesce(t.policy ->> 'mail_names', ''),
	c.student_id = m.recipient_id, c.given_name, c.reviews
FROM notify.mail m
JOIN ilp.tenant t ON t.tenant_id = m.tenant_id
JOIN ilp.person p ON p.tenant_id = m.tenant_id AND p.person_id = m.recipient_id
	AND p.email <> '' AND NOT p.is_test AND NOT p.is_protected
JOIN LATERAL (
	SELECT n.student_id, s.given_name, count(*) AS reviews
	FROM notify.notice n
	JOIN ilp.review r ON r.tenant_id = n.tenant_id AND r.review_id = n.object_id
	JOIN ilp.entry e ON e.tenant_id = n.tenant_id AND e.review_id = n.object_id
		AND e.student_id = n.student_id AND e.released_at IS NOT NULL
	JOIN ilp.person s ON s.tenant_id = n.tenant_id AND s.person_id = n.student_id
		AND NOT s.is_test AND NOT s.is_protected
	WHERE n.tenant_id = m.tenant_id AND n.mail_id = m.mail_id AND n.kind = 'review.released'
	AND CASE WHEN n.student_id = m.recipient_id THEN r.to_students AND $2::boolean
		ELSE r.to_guardians AND $3::boolean AND ilp.is_guardian(m.recipient_id, n.student_id) END
	GROUP BY n.student_id, s.given_name
) c ON true
WHERE m.tenant_id = ilp.current_tenant() AND m.mail_id = ANY ($1::uuid[]) AND m.state = 'sending'
ORDER BY m.mail_id, c.student_id;

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
