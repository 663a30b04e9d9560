-- The house: tenants, people, courses, what platforms may launch us, midterm
-- reviews, events and mail. Every table of the schemas ilp and notify begins its
-- key with tenant_id and is behind row-level security; lti and keys hold what
-- must be known before a tenant is (tests/api reads the catalog to check it).

CREATE SCHEMA lti;
CREATE SCHEMA keys;
CREATE SCHEMA ilp;
CREATE SCHEMA notify;

-- The tenant of this transaction. After SET LOCAL the setting is '' for the rest
-- of the session, so '' counts as unset: no tenant, no rows.
CREATE FUNCTION ilp.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

CREATE FUNCTION ilp.is_worker() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.worker', true), '') = 'on' $$;

-- The moment. A test owns the clock by app.now in its connection's options.
CREATE FUNCTION ilp.moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;

-- What people are called where a platform sends only parts of a name, or none: lists
-- must tell them apart. ilp/people.c does the same for rows it reads whole.
CREATE FUNCTION ilp.called(name text, given text, family text, person uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(name, ''), nullif(btrim(given || ' ' || family), ''), '#' || right(person::text, 6)) $$;

-- Tenants -----------------------------------------------------------------

CREATE TABLE ilp.tenant (
	tenant_id  uuid PRIMARY KEY,
	name       text NOT NULL CHECK (name <> ''),
	time_zone  text NOT NULL DEFAULT 'Europe/Oslo',
	locale     text NOT NULL DEFAULT 'en',
	help       text NOT NULL DEFAULT '',        -- whom to ask, shown on pages of refusal
	policy     jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now()
);

-- Platforms ---------------------------------------------------------------

-- A platform's registration of us (lti.md 1.1). Several may share an issuer.
CREATE TABLE lti.registration (
	registration_id uuid PRIMARY KEY,
	tenant_id       uuid NOT NULL REFERENCES ilp.tenant,  -- of deployments accepted by themselves
	name            text NOT NULL,
	profile         text NOT NULL DEFAULT 'generic',
	issuer          text NOT NULL CHECK (issuer <> ''),
	client_id       text NOT NULL CHECK (client_id <> ''),
	auth_url        text NOT NULL,
	token_url       text NOT NULL DEFAULT '',
	jwks_url        text NOT NULL,
	token_audience  text NOT NULL DEFAULT '',             -- '' = token_url (R66)
	algorithms      text NOT NULL DEFAULT 'RS256',        -- space separated (R26)
	audiences       text NOT NULL DEFAULT '',             -- other audiences trusted beside us (R30)
	skew_s          integer NOT NULL DEFAULT 60 CHECK (skew_s BETWEEN 0 AND 300),
	deployments     text NOT NULL DEFAULT 'auto' CHECK (deployments IN ('auto', 'pending', 'closed')),
	anonymous       boolean NOT NULL DEFAULT false,       -- accept launches without sub (R33)
	observees       text NOT NULL DEFAULT '',             -- custom parameter declared at tool level that lists a parent's children
	active          boolean NOT NULL DEFAULT true,
	created_at      timestamptz NOT NULL DEFAULT now(),
	UNIQUE (issuer, client_id)
);

CREATE TABLE lti.deployment (
	registration_id uuid NOT NULL REFERENCES lti.registration,
	deployment_id   text NOT NULL CHECK (length(deployment_id) BETWEEN 1 AND 255),
	tenant_id       uuid REFERENCES ilp.tenant,           -- NULL while pending
	state           text NOT NULL CHECK (state IN ('active', 'pending', 'closed')),
	seen_at         timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (registration_id, deployment_id)
);

-- Spent nonces, kept until their token has expired (R32). Written only after the
-- signature was verified (CVE-2026-34052: memory must not grow before that).
CREATE TABLE lti.nonce (
	registration_id uuid NOT NULL,
	nonce           text NOT NULL,
	expires_at      timestamptz NOT NULL,
	CONSTRAINT nonce_spent PRIMARY KEY (registration_id, nonce)
);
CREATE INDEX nonce_expiry ON lti.nonce (expires_at);

-- Our own signing keys, private part sealed with the key-encryption key (R124-R126).
CREATE TABLE keys.signing_key (
	kid        text PRIMARY KEY,
	state      text NOT NULL CHECK (state IN ('next', 'active', 'retiring', 'gone')),
	algorithm  text NOT NULL DEFAULT 'RS256',
	public_jwk jsonb NOT NULL,
	sealed     text NOT NULL,                             -- base64url, AES-256-GCM
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX one_active_key ON keys.signing_key (state) WHERE state = 'active';

-- People ------------------------------------------------------------------

CREATE TABLE ilp.person (
	tenant_id   uuid NOT NULL REFERENCES ilp.tenant,
	person_id   uuid NOT NULL,
	given_name  text NOT NULL DEFAULT '',
	family_name text NOT NULL DEFAULT '',
	name        text NOT NULL DEFAULT '',                 -- as the platform writes it
	email       text,
	locale      text,                                     -- as the platform last said
	language    text,                                     -- chosen here; outranks locale
	is_test     boolean NOT NULL DEFAULT false,           -- a platform's test user: no mail, no reports
	is_protected boolean NOT NULL DEFAULT false,          -- I-22
	created_at  timestamptz NOT NULL DEFAULT now(),
	updated_at  timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, person_id)
);

-- Who somebody is on a platform. A launch learns the person behind a sub here.
CREATE TABLE ilp.identity (
	tenant_id       uuid NOT NULL,
	registration_id uuid NOT NULL REFERENCES lti.registration,
	sub             text NOT NULL CHECK (length(sub) BETWEEN 1 AND 255),
	person_id       uuid NOT NULL,
	lti11_id        text,                                 -- legacy user id, Canvas' role_scope_mentor may use it
	sis_id          text,
	seen_at         timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, registration_id, sub),
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX identity_person ON ilp.identity (tenant_id, person_id);
CREATE INDEX identity_lti11 ON ilp.identity (tenant_id, registration_id, lti11_id) WHERE lti11_id IS NOT NULL;

CREATE TABLE ilp.course (
	tenant_id        uuid NOT NULL REFERENCES ilp.tenant,
	course_id        uuid NOT NULL,
	registration_id  uuid NOT NULL,
	deployment_id    text NOT NULL,
	context_id       text NOT NULL CHECK (length(context_id) BETWEEN 1 AND 255),
	label            text NOT NULL DEFAULT '',
	title            text NOT NULL DEFAULT '',
	resource_link_id text,                                -- the link last launched; asks the roster with names (moodle.md 7)
	roster_url       text,
	roster_state     text NOT NULL DEFAULT 'none' CHECK (roster_state IN ('none', 'wanted', 'running', 'done', 'failed')),
	roster_error     text,                                -- stable reason word
	roster_at        timestamptz,                         -- last successful sync
	roster_lease     timestamptz,
	created_at       timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, course_id),
	UNIQUE (tenant_id, registration_id, deployment_id, context_id),
	FOREIGN KEY (registration_id, deployment_id) REFERENCES lti.deployment
);
CREATE INDEX course_roster_due ON ilp.course (roster_state) WHERE roster_state IN ('wanted', 'running');

-- Role of a person in a course, with dates: who attended when matters later (R-191).
-- A launch outranks the roster (I-25): source 'launch' is not overwritten by 'roster'.
CREATE TABLE ilp.membership (
	tenant_id  uuid NOT NULL,
	course_id  uuid NOT NULL,
	person_id  uuid NOT NULL,
	role       text NOT NULL CHECK (role IN ('teacher', 'student', 'guardian', 'mentor', 'none')),
	source     text NOT NULL CHECK (source IN ('launch', 'roster')),
	joined_at  timestamptz NOT NULL DEFAULT now(),
	left_at    timestamptz,
	seen_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, course_id, person_id),
	FOREIGN KEY (tenant_id, course_id) REFERENCES ilp.course,
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX membership_person ON ilp.membership (tenant_id, person_id);

-- A platform said that this guardian has a child with this id. It becomes a link
-- when somebody with that id is known in the course (lti.md 3.3).
CREATE TABLE ilp.guardian_claim (
	tenant_id       uuid NOT NULL,
	guardian_id     uuid NOT NULL,
	registration_id uuid NOT NULL,
	course_id       uuid NOT NULL,
	child_sub       text NOT NULL,
	source          text NOT NULL CHECK (source IN ('role_scope_mentor', 'canvas_observees')),
	claimed_at      timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, guardian_id, registration_id, course_id, child_sub),
	FOREIGN KEY (tenant_id, guardian_id) REFERENCES ilp.person DEFERRABLE INITIALLY DEFERRED,
	FOREIGN KEY (tenant_id, course_id) REFERENCES ilp.course
);
CREATE INDEX guardian_claim_child ON ilp.guardian_claim (tenant_id, registration_id, child_sub);

-- A guardian's relation to a student, with where it came from. 'blocked' is the
-- school's word and is never lifted by a launch.
CREATE TABLE ilp.guardian_link (
	tenant_id    uuid NOT NULL,
	student_id   uuid NOT NULL,
	guardian_id  uuid NOT NULL,
	source       text NOT NULL CHECK (source IN ('role_scope_mentor', 'canvas_observees', 'import', 'manual')),
	state        text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'ended', 'blocked')),
	confirmed_at timestamptz NOT NULL,
	expires_at   timestamptz,                             -- unconfirmed until then: ended
	created_at   timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, student_id, guardian_id),
	CHECK (student_id <> guardian_id),
	FOREIGN KEY (tenant_id, student_id) REFERENCES ilp.person,
	FOREIGN KEY (tenant_id, guardian_id) REFERENCES ilp.person DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX guardian_link_guardian ON ilp.guardian_link (tenant_id, guardian_id);

-- A session is one launch: person, course and role as they were then (R54).
CREATE TABLE ilp.session (
	tenant_id   uuid NOT NULL,
	session_id  uuid NOT NULL,
	secret_hash text NOT NULL,
	person_id   uuid NOT NULL,
	course_id   uuid,
	role        text NOT NULL,
	started_at  timestamptz NOT NULL DEFAULT now(),
	seen_at     timestamptz NOT NULL DEFAULT now(),
	expires_at  timestamptz NOT NULL,
	revoked_at  timestamptz,
	PRIMARY KEY (tenant_id, session_id),
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX session_expiry ON ilp.session (expires_at);

-- Midterm reviews ---------------------------------------------------------

CREATE TABLE ilp.review (
	tenant_id       uuid NOT NULL,
	review_id       uuid NOT NULL,
	course_id       uuid NOT NULL,
	title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
	starts_on       date NOT NULL,
	ends_on         date NOT NULL,
	scale           jsonb,                                -- a copy of the shipped scale (I-13); NULL = comment only
	scale_locked_at timestamptz,                          -- first stored value by teacher or student (X-9)
	self_assessment boolean NOT NULL DEFAULT true,
	to_students     boolean NOT NULL DEFAULT true,        -- who sees it after release
	to_guardians    boolean NOT NULL DEFAULT true,
	rev             integer NOT NULL DEFAULT 1,
	created_by      uuid NOT NULL,
	created_at      timestamptz NOT NULL,
	changed_at      timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, review_id),
	CHECK (starts_on <= ends_on),
	FOREIGN KEY (tenant_id, course_id) REFERENCES ilp.course
);
CREATE INDEX review_course ON ilp.review (tenant_id, course_id);

-- One student in one review.
CREATE TABLE ilp.entry (
	tenant_id   uuid NOT NULL,
	review_id   uuid NOT NULL,
	student_id  uuid NOT NULL,
	entered_on  date,                                     -- first teacher entry, school's date (X-8, I-14)
	released_at timestamptz,
	released_by uuid,
	PRIMARY KEY (tenant_id, review_id, student_id),
	FOREIGN KEY (tenant_id, review_id) REFERENCES ilp.review ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, student_id) REFERENCES ilp.person
);
CREATE INDEX entry_student ON ilp.entry (tenant_id, student_id);

-- What stands in it, a row a field, each with its own revision (I-18). What was
-- released is a copy, so that nothing half-written is ever seen (X-11, I-12).
CREATE TABLE ilp.entry_text (
	tenant_id     uuid NOT NULL,
	review_id     uuid NOT NULL,
	student_id    uuid NOT NULL,
	field         text NOT NULL CHECK (field IN ('value', 'comment', 'self_value', 'self_comment')),
	text          text CHECK (length(text) <= 10000),     -- NULL: taken back
	rev           integer NOT NULL DEFAULT 1,
	author_id     uuid NOT NULL,
	at            timestamptz NOT NULL,
	released_text text,
	released_rev  integer,
	PRIMARY KEY (tenant_id, review_id, student_id, field),
	FOREIGN KEY (tenant_id, review_id, student_id) REFERENCES ilp.entry ON DELETE CASCADE
);

-- Texts that a save replaced: another author's, or one that stood for a while.
CREATE TABLE ilp.entry_history (
	tenant_id  uuid NOT NULL,
	review_id  uuid NOT NULL,
	student_id uuid NOT NULL,
	field      text NOT NULL,
	rev        integer NOT NULL,
	text       text,
	author_id  uuid NOT NULL,
	at         timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, review_id, student_id, field, rev),
	FOREIGN KEY (tenant_id, review_id, student_id, field) REFERENCES ilp.entry_text ON DELETE CASCADE
);

-- Events ------------------------------------------------------------------

-- The only way out: whatever changes writes one event in the same transaction
-- (I-19). By month, since it grows with time; a default partition makes sure that
-- no write ever fails for want of one.
CREATE TABLE ilp.event (
	tenant_id  uuid NOT NULL,
	at         timestamptz NOT NULL,
	event_id   uuid NOT NULL DEFAULT gen_random_uuid(),
	kind       text NOT NULL,
	actor_id   uuid,
	course_id  uuid,
	review_id  uuid,
	student_id uuid,
	detail     jsonb NOT NULL DEFAULT '{}',               -- never what somebody wrote
	told_at    timestamptz,                               -- notify has made its notices of it
	PRIMARY KEY (tenant_id, at, event_id)
) PARTITION BY RANGE (at);
CREATE TABLE ilp.event_rest PARTITION OF ilp.event DEFAULT;
CREATE INDEX event_untold ON ilp.event (tenant_id, at) WHERE told_at IS NULL;

-- Mail --------------------------------------------------------------------

-- One mail to one person: held for its window, then sent (ilp.md 5).
CREATE TABLE notify.mail (
	tenant_id    uuid NOT NULL,
	mail_id      uuid NOT NULL,
	recipient_id uuid NOT NULL,
	state        text NOT NULL CHECK (state IN ('held', 'sending', 'retry', 'sent', 'expired', 'failed')),
	message_id   text NOT NULL,                           -- the same at every attempt
	link_token   text NOT NULL,                           -- random; points at nothing but this mail
	due_at       timestamptz NOT NULL,
	attempt      integer NOT NULL DEFAULT 0,              -- fences a worker that lost its lease
	lease_until  timestamptz,
	last_error   text,                                    -- status code or reason word
	created_at   timestamptz NOT NULL,
	sent_at      timestamptz,
	PRIMARY KEY (tenant_id, mail_id),
	FOREIGN KEY (tenant_id, recipient_id) REFERENCES ilp.person
);
CREATE UNIQUE INDEX mail_one_held ON notify.mail (tenant_id, recipient_id) WHERE state = 'held';
CREATE INDEX mail_due ON notify.mail (due_at) WHERE state IN ('held', 'retry', 'sending');
CREATE INDEX mail_failed ON notify.mail (created_at) WHERE state = 'failed';
CREATE UNIQUE INDEX mail_link ON notify.mail (tenant_id, link_token);

-- What a mail tells of; rights are asked again when it is sent (I-19, I-20).
CREATE TABLE notify.notice (
	tenant_id  uuid NOT NULL,
	mail_id    uuid NOT NULL,
	review_id  uuid NOT NULL,
	student_id uuid NOT NULL,
	kind       text NOT NULL,
	at         timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, mail_id, kind, review_id, student_id),
	FOREIGN KEY (tenant_id, mail_id) REFERENCES notify.mail
);

-- What every door asks ---------------------------------------------------

-- Is this person a guardian of this student today? The one place that says so.
CREATE FUNCTION ilp.is_guardian(guardian uuid, student uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (
	SELECT 1 FROM ilp.guardian_link l
	WHERE l.tenant_id = ilp.current_tenant() AND l.guardian_id = guardian AND l.student_id = student
	  AND l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > ilp.moment())) $$;

-- Ends a batch made for somebody whose session has ended (see session_enter).
CREATE FUNCTION ilp.no_session() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'no session' USING ERRCODE = 'ILP01';
END $$;

-- The second wall ----------------------------------------------------------

DO $$
DECLARE t record;
BEGIN
	FOR t IN SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE n.nspname IN ('ilp', 'notify') AND c.relkind IN ('r', 'p') LOOP
		EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', t.nspname, t.relname);
		EXECUTE format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', t.nspname, t.relname);
		EXECUTE format('CREATE POLICY tenant ON %I.%I USING (tenant_id = ilp.current_tenant())', t.nspname, t.relname);
	END LOOP;
END $$;
-- The queues are claimed across tenants; what is in them is then read as one tenant.
CREATE POLICY worker ON ilp.event FOR SELECT USING (ilp.is_worker());
CREATE POLICY worker ON notify.mail USING (ilp.is_worker());
CREATE POLICY worker ON ilp.course FOR SELECT USING (ilp.is_worker());
CREATE POLICY worker ON ilp.session FOR ALL USING (ilp.is_worker());

-- Partitions of the event log for this month and the two years after it; called by
-- every `ilpd migrate`. Rows that came before their month had one stay in the default
-- partition, and that month goes without.
CREATE FUNCTION ilp.make_event_months() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	month date := date_trunc('month', now());
	child text;
BEGIN
	FOR i IN 0..24 LOOP
		child := 'event_' || to_char(month, 'YYYY_MM');
		IF to_regclass('ilp.' || child) IS NULL THEN
			BEGIN
				EXECUTE format('CREATE TABLE ilp.%I PARTITION OF ilp.event FOR VALUES FROM (%L) TO (%L)',
					       child, month, (month + interval '1 month')::date);
				EXECUTE format('ALTER TABLE ilp.%I ENABLE ROW LEVEL SECURITY', child);
				EXECUTE format('ALTER TABLE ilp.%I FORCE ROW LEVEL SECURITY', child);
				EXECUTE format('CREATE POLICY tenant ON ilp.%I USING (tenant_id = ilp.current_tenant())', child);
			EXCEPTION WHEN check_violation THEN
				NULL;
			END;
		END IF;
		month := (month + interval '1 month')::date;
	END LOOP;
END $$;
