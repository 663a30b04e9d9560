-- How a browser was tied to its login the last time it worked (web/login.c, web/watch.c).
-- It says where the ladder begins and nothing more, so it is read without a tenant; after
-- a month the browser gets a new chance.

-- name: binding_of
-- args: registration, browser
SELECT rung FROM lti.binding
WHERE registration_id = $1::uuid AND browser = $2 AND at > (SELECT ilp.moment() - interval '30 days')
