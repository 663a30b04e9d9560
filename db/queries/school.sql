-- The rules a school sets for itself (ilp/policy.c).

-- name: policy_read
-- args:
SELECT policy::text FROM ilp.tenant WHERE tenant_id = ilp.current_tenant()

-- Null takes a rule back to its default, so it leaves. What needs support is never milder
-- than what is a little behind; false where the changes would make it so, and nothing changes.
-- name: policy_change
-- args: changes, person
WITH now AS MATERIALIZED (
	SELECT tenant_id, policy, $1::jsonb - 'track' AS plain, $1::jsonb -> 'track' AS track
	FROM ilp.tenant WHERE tenant_id = ilp.current_tenant() FOR UPDATE),
asked AS MATERIALIZED (
	SELECT tenant_id, policy AS before, jsonb_strip_nulls((policy || plain) || CASE
		WHEN track IS NULL THEN '{}'
		WHEN jsonb_typeof(track) = 'null' THEN '{"track": null}'
		ELSE jsonb_build_object('track', coalesce(policy -> 'track', '{}') || track) END) AS policy
	FROM now),
sound AS MATERIALIZED (
	SELECT coalesce((policy #>> '{track,support_late}')::int, 3) >= coalesce((policy #>> '{track,behind_late}')::int, 1)
	   AND coalesce((policy #>> '{track,support_risk}')::int, 2) >= coalesce((policy #>> '{track,behind_risk}')::int, 1) AS it_is
	FROM asked),
changed AS (
	UPDATE ilp.tenant t SET policy = a.policy FROM asked a, sound s
	WHERE t.tenant_id = a.tenant_id AND s.it_is AND a.policy <> a.before
	RETURNING t.tenant_id),
told AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, detail)
	SELECT tenant_id, ilp.moment(), 'policy.changed', $2::uuid,
	       jsonb_build_object('rules', (SELECT jsonb_agg(k ORDER BY k) FROM jsonb_object_keys($1::jsonb) k))
	FROM changed)
SELECT it_is FROM sound
