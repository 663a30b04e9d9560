-- What a deep linking request asked for, while its picker is open (ilp/place.c).

-- name: place_asked
-- args: session
SELECT placement::text FROM ilp.session
WHERE tenant_id = ilp.current_tenant() AND session_id = $1::uuid AND placement IS NOT NULL
