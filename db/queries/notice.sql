-- What platforms tell of without a launch (ilp/copy.c). Run with the tenant of the
-- notice's deployment, in one transaction after launch_nonce. Each finds what the one
-- before it wrote by its natural key, and all can be repeated.

-- name: notice_seen
-- args: registration, notice
INSERT INTO lti.notice (registration_id, notice_id, at)
VALUES ($1::uuid, $2, ilp.moment())
ON CONFLICT DO NOTHING

-- The new course may be told of before anybody opens it.
-- name: notice_course
-- args: fresh_course, registration, deployment, context, label, title
INSERT INTO ilp.course (tenant_id, course_id, registration_id, deployment_id, context_id, label, title)
VALUES (ilp.current_tenant(), $1::uuid, $2::uuid, $3, $4, coalesce($5, ''), coalesce($6, ''))
ON CONFLICT (tenant_id, registration_id, deployment_id, context_id) DO NOTHING

-- name: notice_origins
-- args: registration, deployment, context, origins
INSERT INTO ilp.course_origin (tenant_id, course_id, origin_context, source, at)
SELECT c.tenant_id, c.course_id, origin, 'notice', ilp.moment()
FROM ilp.course c, unnest($4::text[]) origin
WHERE c.tenant_id = ilp.current_tenant() AND c.registration_id = $1::uuid AND c.deployment_id = $2
  AND c.context_id = $3
ON CONFLICT (tenant_id, course_id, origin_context) DO NOTHING
