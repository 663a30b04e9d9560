-- A course that was copied from others brings their reviews' set-up (ilp/copy.c): title,
-- scale, self-assessment, who sees it, how long it lasts. Nothing here reads what is
-- about a student. Origins are contexts of the same school and registration.

-- The origins we know and have reviews of, each with how many reviews all of them would
-- bring: one of a title, and none that stands here already.
-- name: copy_offered
-- args: course
WITH origin AS (
	SELECT o.tenant_id, o.course_id AS here, o.origin_context, k.course_id, k.title, k.label
	FROM ilp.course_origin o
	JOIN ilp.course c ON c.tenant_id = o.tenant_id AND c.course_id = o.course_id
	JOIN ilp.course k ON k.tenant_id = o.tenant_id AND k.registration_id = c.registration_id
	     AND k.context_id = o.origin_context AND k.course_id <> c.course_id
	WHERE o.tenant_id = ilp.current_tenant() AND o.course_id = $1::uuid AND o.state = 'offered'
), fresh AS (
	SELECT o.course_id, r.title
	FROM origin o JOIN ilp.review r ON r.tenant_id = o.tenant_id AND r.course_id = o.course_id
	WHERE NOT EXISTS (SELECT 1 FROM ilp.review e WHERE e.tenant_id = o.tenant_id
	                  AND e.course_id = o.here AND e.title = r.title)
)
SELECT o.origin_context, coalesce(nullif(o.title, ''), nullif(o.label, '')),
       (SELECT count(DISTINCT title) FROM fresh)
FROM origin o WHERE o.course_id IN (SELECT course_id FROM fresh)
ORDER BY 2, 1

-- Takes the offer, once: whoever comes second finds no offer any more. A period that is
-- not over stays as it is; one that is over moves on by whole years until it is not.
-- name: copy_take
-- args: course, author
WITH taken AS (
	UPDATE ilp.course_origin SET state = 'taken', at = ilp.moment()
	WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND state = 'offered'
	RETURNING tenant_id, course_id, origin_context
), source AS (
	SELECT DISTINCT ON (r.title) r.*, (ilp.moment() AT TIME ZONE s.time_zone)::date AS today
	FROM taken o
	JOIN ilp.tenant s ON s.tenant_id = o.tenant_id
	JOIN ilp.course c ON c.tenant_id = o.tenant_id AND c.course_id = o.course_id
	JOIN ilp.course k ON k.tenant_id = o.tenant_id AND k.registration_id = c.registration_id
	     AND k.context_id = o.origin_context AND k.course_id <> c.course_id
	JOIN ilp.review r ON r.tenant_id = k.tenant_id AND r.course_id = k.course_id
	WHERE NOT EXISTS (SELECT 1 FROM ilp.review e WHERE e.tenant_id = o.tenant_id
	                  AND e.course_id = o.course_id AND e.title = r.title)
	ORDER BY r.title, r.starts_on DESC, r.created_at DESC
), moved AS (
	SELECT s.*, (s.starts_on + make_interval(years => coalesce((
		SELECT min(n) FROM generate_series(0, 100) n
		WHERE (s.ends_on + make_interval(years => n))::date >= s.today), 0)))::date AS begins
	FROM source s
), made AS (
	INSERT INTO ilp.review (tenant_id, review_id, course_id, title, starts_on, ends_on, scale, self_scale,
	                        self_assessment, to_students, to_guardians, release, release_on,
	                        created_by, created_at, changed_at)
	SELECT tenant_id, gen_random_uuid(), $1::uuid, title, begins, begins + (ends_on - starts_on), scale, self_scale,
	       self_assessment, to_students, to_guardians, release, begins + (release_on - starts_on),
	       $2::uuid, ilp.moment(), ilp.moment()
	FROM moved
	RETURNING *
), told AS (
	INSERT INTO ilp.event (tenant_id, at, kind, actor_id, course_id, review_id, detail)
	SELECT tenant_id, created_at, 'review.created', created_by, course_id, review_id, '{"copied": true}' FROM made
)
SELECT count(*) FROM made

-- name: copy_dismiss
-- args: course
UPDATE ilp.course_origin SET state = 'dismissed', at = ilp.moment()
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND state = 'offered'

-- name: copy_offer_again
-- args: course
UPDATE ilp.course_origin SET state = 'offered', at = ilp.moment()
WHERE tenant_id = ilp.current_tenant() AND course_id = $1::uuid AND state = 'dismissed'
