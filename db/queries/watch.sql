-- The launch log and the health of platforms, written behind by web/watch.c, swept by
-- web/errands.c. These tables know no tenant's row-level security: whoever reads them
-- names the tenant (admin.sql).

-- name: watch_launches
-- args: rows
INSERT INTO lti.launch (launch_id, at, code, registration_id, tenant_id, deployment_id, verified, reason,
                        message, browser, rung, person_id, course_id, role, why, facts, steps)
SELECT id, to_timestamp(at_ms / 1000.0), code, registration, tenant, deployment, verified, reason, message,
       browser, rung, person, course, role, why, facts, steps
FROM json_to_recordset($1::json)
  r (id uuid, at_ms bigint, code text, registration uuid, tenant uuid, deployment text, verified boolean,
     reason text, message text, browser text, rung text, person uuid, course uuid, role text, why text,
     facts json, steps json)
ON CONFLICT DO NOTHING

-- What worked last is remembered; once a day is often enough for what stays the same.
-- name: watch_rungs
-- args: rows
INSERT INTO lti.binding AS b (registration_id, browser, rung, at)
SELECT DISTINCT ON (r.registration, r.browser) r.registration, r.browser, r.rung, now()
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY e (x, n)
CROSS JOIN LATERAL jsonb_to_record(x) r (registration uuid, browser text, rung text)
JOIN lti.registration k ON k.registration_id = r.registration
ORDER BY r.registration, r.browser, e.n DESC
ON CONFLICT (registration_id, browser) DO UPDATE SET rung = excluded.rung, at = excluded.at
WHERE b.rung <> excluded.rung OR b.at < excluded.at - interval '1 day'

-- The last word on each service wins; a clock that nobody told stays.
-- name: watch_sights
-- args: rows
INSERT INTO lti.health AS h (registration_id, keys_at, keys_error, token_at, token_error, clock_ms, clock_at)
SELECT r.registration,
       max(at) FILTER (WHERE service = 'keys'),
       (array_agg(error ORDER BY n DESC) FILTER (WHERE service = 'keys'))[1],
       max(at) FILTER (WHERE service = 'token'),
       (array_agg(error ORDER BY n DESC) FILTER (WHERE service = 'token'))[1],
       (array_agg(clock_ms ORDER BY n DESC) FILTER (WHERE clock_ms IS NOT NULL))[1],
       max(at) FILTER (WHERE clock_ms IS NOT NULL)
FROM (SELECT *, to_timestamp(at_ms / 1000.0) AS at
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY e (x, n),
           jsonb_to_record(x) s (registration uuid, service text, error text, clock_ms bigint, at_ms bigint)) r
JOIN lti.registration k ON k.registration_id = r.registration
GROUP BY r.registration
ON CONFLICT (registration_id) DO UPDATE
SET keys_at = coalesce(excluded.keys_at, h.keys_at),
    keys_error = CASE WHEN excluded.keys_at IS NULL THEN h.keys_error ELSE excluded.keys_error END,
    token_at = coalesce(excluded.token_at, h.token_at),
    token_error = CASE WHEN excluded.token_at IS NULL THEN h.token_error ELSE excluded.token_error END,
    clock_ms = coalesce(excluded.clock_ms, h.clock_ms), clock_at = coalesce(excluded.clock_at, h.clock_at)

-- name: watch_doctors
-- args: rows
INSERT INTO lti.doctor (code, at, result)
SELECT code, to_timestamp(at_ms / 1000.0), result
FROM jsonb_to_recordset($1::jsonb) r (code text, at_ms bigint, result jsonb)
ON CONFLICT DO NOTHING

-- name: watch_sweep
-- args: days
WITH doctors AS (DELETE FROM lti.doctor WHERE at < now() - $1::int * interval '1 day'),
     notices AS (DELETE FROM lti.notice WHERE at < now() - interval '60 days'),
     bindings AS (DELETE FROM lti.binding WHERE at < now() - interval '60 days'),
     invitations AS (DELETE FROM lti.invitation WHERE expires_at < now() - interval '90 days')
DELETE FROM lti.launch WHERE at < now() - $1::int * interval '1 day'
