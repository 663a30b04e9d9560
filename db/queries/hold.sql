-- Goes before every write in a plan: two at once wait for each other here, and the later sees
-- what the earlier did. Without it a text could be saved in a plan that was just locked, or in
-- a task that has just moved on, and a save and a publication could each hold what the other
-- waits for. Nothing is read: who may do what, the next statement asks.
-- name: work_hold
-- args: plan
SELECT 1 FROM ilp.plan p WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = $1::uuid FOR NO KEY UPDATE
