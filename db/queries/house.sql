-- Statements of the house itself. Each block is one statement; the build makes
-- DB_<NAME> of its name and counts its arguments.

-- name: schema_number
-- args:
SELECT count(*) FROM public.schema_version

-- name: alive
-- args:
SELECT 1

-- name: tenant_put
-- args: tenant, name, time_zone, locale, help
INSERT INTO ilp.tenant (tenant_id, name, time_zone, locale, help)
SELECT $1::uuid, $2, z.name, $4, $5 FROM pg_timezone_names z WHERE z.name = $3
ON CONFLICT (tenant_id) DO UPDATE
SET name = excluded.name, time_zone = excluded.time_zone, locale = excluded.locale, help = excluded.help
RETURNING tenant_id
