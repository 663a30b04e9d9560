-- LTI Advantage: settings of a registration as data, deployments that wait for a
-- school, role rules, launches that can be looked at, rosters that resume, course
-- copies, keys that change.

-- Registrations -------------------------------------------------------------

-- What one platform does differently from its product stands in settings, by the
-- names of lti/profiles.json; everything else comes from there.
ALTER TABLE lti.registration
	ALTER COLUMN tenant_id DROP NOT NULL,                        -- NULL: nobody's yet, or only its deployments are somebody's
	ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('pending', 'active', 'closed')),
	ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
	ADD COLUMN product text NOT NULL DEFAULT '',                 -- family and version, as the platform says
	ADD COLUMN granted jsonb NOT NULL DEFAULT '{}',              -- what was asked at registration, and what given
	ADD COLUMN update_url text,                                  -- registration_client_uri (R122)
	ADD COLUMN update_token text,                                -- its access token, sealed
	ADD COLUMN claim_code text UNIQUE;                           -- while pending: who shows it may take it over

UPDATE lti.registration SET
	state = CASE WHEN active THEN 'active' ELSE 'closed' END,
	settings = jsonb_strip_nulls(jsonb_build_object(
		'token_audience', nullif(token_audience, ''), 'algorithms', nullif(algorithms, 'RS256'),
		'audiences', nullif(audiences, ''), 'skew_s', nullif(skew_s, 60),
		'anonymous', nullif(anonymous, false), 'observees', nullif(observees, '')));

ALTER TABLE lti.registration
	DROP COLUMN active, DROP COLUMN token_audience, DROP COLUMN algorithms, DROP COLUMN audiences,
	DROP COLUMN skew_s, DROP COLUMN anonymous, DROP COLUMN observees;
CREATE INDEX registration_tenant ON lti.registration (tenant_id);
CREATE INDEX registration_pending ON lti.registration (created_at) WHERE state = 'pending';

ALTER TABLE lti.deployment
	ADD COLUMN claim_code text UNIQUE,                           -- while pending
	ADD COLUMN platform_name text NOT NULL DEFAULT '',           -- tool_platform, as the launch said
	ADD COLUMN platform_guid text NOT NULL DEFAULT '',           -- Canvas: the root account
	ADD COLUMN first_at timestamptz NOT NULL DEFAULT now(),
	ADD COLUMN notice_url text,                                  -- Platform Notification Service (R90)
	ADD COLUMN notice_at timestamptz,                            -- subscribed since
	ADD COLUMN notice_error text;
CREATE INDEX deployment_tenant ON lti.deployment (tenant_id, registration_id);
CREATE INDEX deployment_pending ON lti.deployment (registration_id, seen_at) WHERE state = 'pending';
CREATE INDEX deployment_notice_due ON lti.deployment (registration_id)
	WHERE notice_url IS NOT NULL AND notice_at IS NULL AND notice_error IS NULL;
CREATE INDEX deployment_notice_failed ON lti.deployment (seen_at) WHERE notice_error IS NOT NULL;

-- One-time invitations to register by themselves (R123). Looked up before a tenant is known.
CREATE TABLE lti.invitation (
	invitation_id   uuid PRIMARY KEY,
	tenant_id       uuid NOT NULL REFERENCES ilp.tenant,
	secret_hash     text NOT NULL UNIQUE,
	note            text NOT NULL DEFAULT '',
	created_at      timestamptz NOT NULL DEFAULT now(),
	expires_at      timestamptz NOT NULL,
	used_at         timestamptz,
	registration_id uuid REFERENCES lti.registration
);
CREATE INDEX invitation_tenant ON lti.invitation (tenant_id, expires_at);

-- How a browser of this family was tied to its login the last time it worked (R16).
CREATE TABLE lti.binding (
	registration_id uuid NOT NULL REFERENCES lti.registration,
	browser         text NOT NULL,                               -- "chrome-131"
	rung            text NOT NULL CHECK (rung IN ('cookie', 'storage', 'window')),
	at              timestamptz NOT NULL,
	PRIMARY KEY (registration_id, browser)
);

-- Launches, seen: what happened step by step, without tokens, names or addresses
-- (R37). Kept two weeks.
CREATE TABLE lti.launch (
	launch_id       uuid PRIMARY KEY,
	at              timestamptz NOT NULL,
	code            text NOT NULL,                               -- what the page shows, for the help desk
	registration_id uuid,
	tenant_id       uuid,
	deployment_id   text,
	verified        boolean NOT NULL DEFAULT false,              -- the signature held
	reason          text,                                        -- NULL: taken in
	message         text,
	browser         text NOT NULL DEFAULT '',
	rung            text NOT NULL DEFAULT '',
	person_id       uuid,
	course_id       uuid,
	role            text,
	why             text,                                        -- what decided the role
	facts           json NOT NULL DEFAULT '{}',                  -- json: kept as it came, which is cheaper to take in
	steps           json NOT NULL DEFAULT '[]'
);
CREATE INDEX launch_at ON lti.launch (at);
CREATE INDEX launch_code ON lti.launch (code);
CREATE INDEX launch_registration ON lti.launch (registration_id, tenant_id, at);
CREATE INDEX launch_tenant ON lti.launch (tenant_id, at);

-- What was last seen of a platform's services, and what a test of it found.
CREATE TABLE lti.health (
	registration_id uuid PRIMARY KEY REFERENCES lti.registration,
	keys_at         timestamptz,
	keys_error      text,
	token_at        timestamptz,
	token_error     text,
	clock_ms        bigint,                                      -- the platform's clock less ours
	clock_at        timestamptz,
	check_wanted_at timestamptz,
	check_tenant    uuid,                                        -- who asked last: it is answered with their courses
	check_at        timestamptz,
	check_result    jsonb
);
CREATE INDEX health_check_due ON lti.health (check_wanted_at) WHERE check_wanted_at IS NOT NULL;

-- What a visitor's browser can do, by a code for the help desk. Two weeks, and no person.
CREATE TABLE lti.doctor (
	code   text PRIMARY KEY,
	at     timestamptz NOT NULL,
	result jsonb NOT NULL
);
CREATE INDEX doctor_at ON lti.doctor (at);

-- Notices already taken in (R92: idempotent by their id).
CREATE TABLE lti.notice (
	registration_id uuid NOT NULL REFERENCES lti.registration,
	notice_id       text NOT NULL,
	at              timestamptz NOT NULL,
	PRIMARY KEY (registration_id, notice_id)
);
CREATE INDEX notice_at ON lti.notice (at);

-- Our keys (R125) -------------------------------------------------------------

ALTER TABLE keys.signing_key
	ADD COLUMN active_at timestamptz,
	ADD COLUMN retiring_at timestamptz,
	ADD COLUMN gone_at timestamptz;
UPDATE keys.signing_key SET active_at = created_at WHERE state = 'active';
CREATE UNIQUE INDEX one_next_key ON keys.signing_key (state) WHERE state = 'next';

-- People ----------------------------------------------------------------------

-- Administrators let in by a link from the shell; those the LMS names are not here.
CREATE TABLE ilp.administrator (
	tenant_id  uuid NOT NULL,
	person_id  uuid NOT NULL,
	name       text NOT NULL CHECK (name <> ''),
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, person_id),
	UNIQUE (tenant_id, name),
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person
);

-- admin: besides the role, may administer the tenant. placement: what a deep linking
-- request asked for (R55), while its picker is open.
ALTER TABLE ilp.session
	ADD COLUMN admin boolean NOT NULL DEFAULT false,
	ADD COLUMN placement jsonb;

CREATE INDEX session_person ON ilp.session (tenant_id, person_id);
CREATE INDEX mail_recipient ON notify.mail (tenant_id, recipient_id);

-- What a platform's roles mean here where the vocabulary says too little or too much.
CREATE TABLE ilp.role_rule (
	tenant_id       uuid NOT NULL,
	rule_id         uuid NOT NULL,
	registration_id uuid NOT NULL REFERENCES lti.registration,
	position        integer NOT NULL,
	kind            text NOT NULL CHECK (kind IN ('user', 'custom', 'group', 'role')),
	name            text NOT NULL DEFAULT '',                    -- of the custom parameter
	value           text NOT NULL CHECK (length(value) BETWEEN 1 AND 255),
	becomes         text NOT NULL CHECK (becomes IN ('teacher', 'student', 'guardian', 'mentor', 'none')),
	note            text NOT NULL DEFAULT '',
	PRIMARY KEY (tenant_id, rule_id),
	FOREIGN KEY (tenant_id) REFERENCES ilp.tenant
);
CREATE INDEX role_rule_registration ON ilp.role_rule (tenant_id, registration_id, position);

-- Who blocked a link and why: the school's word, which no launch lifts.
ALTER TABLE ilp.guardian_link
	ADD COLUMN changed_by uuid,
	ADD COLUMN changed_at timestamptz,
	ADD COLUMN note text NOT NULL DEFAULT '';

-- Rosters and courses -----------------------------------------------------------

ALTER TABLE ilp.course
	ADD COLUMN roster_next text,                                 -- the page to go on with after a crash (R75)
	ADD COLUMN roster_since timestamptz,                         -- when the sync that is under way began
	ADD COLUMN roster_people integer NOT NULL DEFAULT 0,         -- taken in by it so far
	ADD COLUMN roster_kind text NOT NULL DEFAULT 'full' CHECK (roster_kind IN ('full', 'differences')),
	ADD COLUMN roster_differences text,                          -- where the next difference is (R74)
	ADD COLUMN roster_full_at timestamptz,                       -- last whole one
	ADD COLUMN roster_pages integer NOT NULL DEFAULT 0,          -- read by it so far
	ADD COLUMN roster_attempt integer NOT NULL DEFAULT 0,        -- fences a worker that lost its lease
	ADD COLUMN roster_retry_at timestamptz,                      -- not before, says the platform (Retry-After)
	ADD COLUMN roster_tries integer NOT NULL DEFAULT 0;          -- failed ones since the last that went well

-- roster_lease: of a running roster, when others may take it over; of any other, when it
-- had its last turn; NULL: at once. A failed one is tried again by itself, a while after.
CREATE FUNCTION ilp.roster_pause(tries integer) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN tries = 0 THEN interval '0' ELSE least(interval '6 hours', interval '30 seconds' * 2 ^ least(tries, 12)) END $$;

DROP INDEX ilp.course_roster_due;
CREATE INDEX course_roster_due ON ilp.course (registration_id)
	WHERE roster_state IN ('wanted', 'running') OR roster_state = 'failed' AND roster_tries < 8;

-- When a roster listed somebody last; seen_at is when a launch did.
ALTER TABLE ilp.membership ADD COLUMN listed_at timestamptz;
UPDATE ilp.membership SET listed_at = seen_at WHERE source = 'roster';

-- This course was copied from others (R92, $Context.id.history): their reviews' set-up
-- may be brought along, never what is about a student.
CREATE TABLE ilp.course_origin (
	tenant_id      uuid NOT NULL,
	course_id      uuid NOT NULL,
	origin_context text NOT NULL CHECK (length(origin_context) BETWEEN 1 AND 255),
	source         text NOT NULL CHECK (source IN ('notice', 'history')),
	state          text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'taken', 'dismissed')),
	at             timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, course_id, origin_context),
	FOREIGN KEY (tenant_id, course_id) REFERENCES ilp.course
);

DO $$
DECLARE t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['administrator', 'role_rule', 'course_origin'] LOOP
		EXECUTE format('ALTER TABLE ilp.%I ENABLE ROW LEVEL SECURITY', t);
		EXECUTE format('ALTER TABLE ilp.%I FORCE ROW LEVEL SECURITY', t);
		EXECUTE format('CREATE POLICY tenant ON ilp.%I USING (tenant_id = ilp.current_tenant())', t);
	END LOOP;
END $$;
