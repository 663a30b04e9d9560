-- Our own signing keys (keys/ring.c).

-- name: keys_all
SELECT kid, state, public_jwk::text, sealed
  FROM keys.signing_key
 WHERE state <> 'gone'
 ORDER BY created_at, kid;

-- Of two hosts that start at once the second waits here for the first and then
-- does nothing, by the unique index one_active_key.
-- name: keys_insert_first
-- args: kid, public_jwk, sealed
INSERT INTO keys.signing_key (kid, state, public_jwk, sealed)
VALUES ($1, 'active', $2::jsonb, $3)
ON CONFLICT DO NOTHING;
