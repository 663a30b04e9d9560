-- Our own signing keys (keys/ring.c, keys/schedule.c). The schedule is written here alone:
-- 90 days active, published 7 days before and 2 days after; never signing before it has
-- been published for a day.

-- Whoever changes keys, on whichever host, goes one after the other.
-- name: keys_lock
-- args:
SELECT pg_advisory_xact_lock(hashtext('keys.signing_key'));

-- name: keys_changed
-- args:
SELECT pg_notify('keys', '');

-- name: keys_all
-- args:
SELECT kid, state, public_jwk::text, sealed
  FROM keys.signing_key
 WHERE state <> 'gone'
 ORDER BY created_at, kid;

-- For people: the newest first, and what has gone of the last year.
-- name: keys_list
-- args:
SELECT kid, state, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(active_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(retiring_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(gone_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM keys.signing_key
 WHERE state <> 'gone' OR gone_at > ilp.moment() - interval '1 year'
 ORDER BY created_at DESC, kid;

-- Of two hosts that start at once the second finds a key and makes none.
-- name: keys_insert_active
-- args: kid, public_jwk, sealed
INSERT INTO keys.signing_key (kid, state, public_jwk, sealed, created_at, active_at)
SELECT $1, 'active', $2::jsonb, $3, ilp.moment(), ilp.moment()
WHERE NOT EXISTS (SELECT 1 FROM keys.signing_key WHERE state = 'active')
ON CONFLICT DO NOTHING;

-- What the schedule asks for. The next key to sign is due for it when the active one has
-- done its time and everybody had a day to fetch the new one.
-- name: keys_due
-- args:
SELECT NOT EXISTS (SELECT 1 FROM keys.signing_key n WHERE n.state = 'next')
       AND a.active_at <= ilp.moment() - interval '83 days',
       (SELECT n.kid FROM keys.signing_key n
         WHERE n.state = 'next' AND n.created_at <= ilp.moment() - interval '1 day'
           AND a.active_at <= ilp.moment() - interval '90 days'),
       EXISTS (SELECT 1 FROM keys.signing_key r
                WHERE r.state = 'retiring' AND r.retiring_at <= ilp.moment() - interval '2 days')
  FROM keys.signing_key a WHERE a.state = 'active';

-- name: keys_insert_next
-- args: kid, public_jwk, sealed
INSERT INTO keys.signing_key (kid, state, public_jwk, sealed, created_at)
SELECT $1, 'next', $2::jsonb, $3, ilp.moment()
WHERE NOT EXISTS (SELECT 1 FROM keys.signing_key WHERE state = 'next')
ON CONFLICT DO NOTHING;

-- The next key, and since when it has been published; `ready` after a day.
-- name: keys_next
-- args:
SELECT kid, sealed, created_at <= ilp.moment() - interval '1 day'
  FROM keys.signing_key WHERE state = 'next';

-- Only while `next` still waits: a host that comes second does nothing. What has signed
-- needs its private part no more.
-- name: keys_retire
-- args: next
UPDATE keys.signing_key SET state = 'retiring', retiring_at = ilp.moment(), sealed = ''
 WHERE state = 'active' AND EXISTS (SELECT 1 FROM keys.signing_key WHERE kid = $1 AND state = 'next');

-- name: keys_promote
-- args: next
UPDATE keys.signing_key SET state = 'active', active_at = ilp.moment()
 WHERE kid = $1 AND state = 'next'
   AND NOT EXISTS (SELECT 1 FROM keys.signing_key WHERE state = 'active');

-- name: keys_bury
-- args:
UPDATE keys.signing_key SET state = 'gone', gone_at = ilp.moment(), sealed = ''
 WHERE state = 'retiring' AND retiring_at <= ilp.moment() - interval '2 days';

-- At once, whatever it was doing.
-- name: keys_revoke
-- args: kid
UPDATE keys.signing_key SET state = 'gone', gone_at = ilp.moment(), sealed = ''
 WHERE kid = $1 AND state <> 'gone'
RETURNING kid;

-- name: keys_active
-- args:
SELECT kid FROM keys.signing_key WHERE state = 'active';

-- Whose platforms check signatures of ours: of requests for tokens, and of links.
-- name: keys_users
-- args:
SELECT r.name, r.issuer, r.client_id, coalesce(t.name, '')
  FROM lti.registration r LEFT JOIN ilp.tenant t ON t.tenant_id = r.tenant_id
 WHERE r.state <> 'closed'
 ORDER BY t.name, r.name, r.registration_id;

-- Everything that lies sealed in the database.
-- name: sealed_all
-- args:
SELECT 'key', kid, sealed FROM keys.signing_key WHERE sealed <> ''
UNION ALL
SELECT 'token', registration_id::text, update_token FROM lti.registration WHERE update_token <> ''
 ORDER BY 1, 2;

-- Only what is still as it was read.
-- name: sealed_keys_put
-- args: kids, before, sealed
UPDATE keys.signing_key k SET sealed = u.sealed
  FROM unnest($1::text[], $2::text[], $3::text[]) AS u (kid, before, sealed)
 WHERE k.kid = u.kid AND k.sealed = u.before;

-- name: sealed_tokens_put
-- args: registrations, before, sealed
UPDATE lti.registration r SET update_token = u.sealed
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u (registration, before, sealed)
 WHERE r.registration_id = u.registration AND r.update_token = u.before;
