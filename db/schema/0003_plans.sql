-- Individual learning plans: groups and their mentors, templates, plans and what stands
-- in them, meetings, sharing; and what midterm reviews gain by them.
--
-- A hat is what somebody is to one student, one bit each: 1 mentor, 2 course teacher,
-- 4 student, 8 guardian, 16 headteacher. Rights of a field are masks of hats, and so is
-- each cell of the table in ilp/access.c, which statements get as a parameter.

-- Functions that look something up and stand in many statements are PL/pgSQL: it keeps
-- their plans for as long as the connection lives, where SQL plans them at every call.
-- Those that statements read from are SQL, which becomes part of the statement.

CREATE OR REPLACE FUNCTION ilp.is_guardian(guardian uuid, student uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (
		SELECT 1 FROM ilp.guardian_link l
		WHERE l.tenant_id = ilp.current_tenant() AND l.guardian_id = guardian AND l.student_id = student
		  AND l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > ilp.moment()));
END $$;

-- Time ----------------------------------------------------------------------

CREATE FUNCTION ilp.iso(t timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;

-- Today where the school is.
CREATE FUNCTION ilp.today() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (ilp.moment() AT TIME ZONE coalesce((SELECT t.time_zone FROM ilp.tenant t WHERE t.tenant_id = ilp.current_tenant()), 'UTC'))::date;
END $$;

-- A rule of the school, by its name (ilp/policy.h); NULL: not set.
CREATE FUNCTION ilp.policy(name text) RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT t.policy -> $1 FROM ilp.tenant t WHERE t.tenant_id = ilp.current_tenant());
END $$;

-- Schools, groups, and who looks after whom ------------------------------------

-- A school of a district. Wherever org_id is NULL, the whole tenant is meant.
CREATE TABLE ilp.org (
	tenant_id uuid NOT NULL REFERENCES ilp.tenant,
	org_id    uuid NOT NULL,
	parent_id uuid,
	name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	PRIMARY KEY (tenant_id, org_id),
	FOREIGN KEY (tenant_id, parent_id) REFERENCES ilp.org
);
CREATE INDEX org_parent ON ilp.org (tenant_id, parent_id);

-- Is this school that one, or within it? Without an outer one everything is within.
CREATE FUNCTION ilp.org_within(inner_org uuid, outer_org uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN outer_org IS NULL OR inner_org = outer_org OR EXISTS (
		WITH RECURSIVE up AS (
			SELECT o.parent_id FROM ilp.org o WHERE o.tenant_id = ilp.current_tenant() AND o.org_id = inner_org
			UNION
			SELECT o.parent_id FROM up JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.org_id = up.parent_id)
		SELECT 1 FROM up WHERE up.parent_id = outer_org);
END $$;

-- These schools, and all that is within them.
CREATE FUNCTION ilp.orgs_within(outer_orgs uuid[]) RETURNS TABLE (org_id uuid) LANGUAGE sql STABLE AS
$$ WITH RECURSIVE down AS (
	SELECT o AS org_id FROM unnest(outer_orgs) o WHERE o IS NOT NULL
	UNION
	SELECT o.org_id FROM down d JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.parent_id = d.org_id)
   SELECT d.org_id FROM down d $$;

-- A group of students with mentors. One that follows a course has its students and
-- teachers from that course's list, and no rows of its own below.
CREATE TABLE ilp.student_group (
	tenant_id  uuid NOT NULL REFERENCES ilp.tenant,
	group_id   uuid NOT NULL,
	org_id     uuid,
	name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	course_id  uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, group_id),
	UNIQUE (tenant_id, course_id),
	FOREIGN KEY (tenant_id, org_id) REFERENCES ilp.org,
	FOREIGN KEY (tenant_id, course_id) REFERENCES ilp.course
);
CREATE INDEX student_group_org ON ilp.student_group (tenant_id, org_id);
CREATE INDEX student_group_name ON ilp.student_group (tenant_id, name, group_id);

CREATE TABLE ilp.group_member (
	tenant_id uuid NOT NULL,
	group_id  uuid NOT NULL,
	person_id uuid NOT NULL,
	starts_on date NOT NULL DEFAULT '-infinity',
	ends_on   date,
	PRIMARY KEY (tenant_id, group_id, person_id),
	FOREIGN KEY (tenant_id, group_id) REFERENCES ilp.student_group ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person
);
CREATE INDEX group_member_person ON ilp.group_member (tenant_id, person_id);

-- The school's mentors: of a group or of one student, for a time (I-30).
CREATE TABLE ilp.mentor (
	tenant_id     uuid NOT NULL,
	assignment_id uuid NOT NULL,
	mentor_id     uuid NOT NULL,
	group_id      uuid,
	student_id    uuid,
	kind          text NOT NULL DEFAULT 'lead' CHECK (kind IN ('lead', 'co', 'substitute', 'specialist')),
	starts_on     date NOT NULL DEFAULT '-infinity',
	ends_on       date,
	PRIMARY KEY (tenant_id, assignment_id),
	CHECK ((group_id IS NULL) <> (student_id IS NULL)),
	FOREIGN KEY (tenant_id, mentor_id) REFERENCES ilp.person,
	FOREIGN KEY (tenant_id, group_id) REFERENCES ilp.student_group ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, student_id) REFERENCES ilp.person
);
CREATE INDEX mentor_person ON ilp.mentor (tenant_id, mentor_id);
CREATE INDEX mentor_group ON ilp.mentor (tenant_id, group_id);
CREATE INDEX mentor_student ON ilp.mentor (tenant_id, student_id);

-- Headteachers: of a school, or of all of it.
CREATE TABLE ilp.head (
	tenant_id uuid NOT NULL,
	head_id   uuid NOT NULL,
	person_id uuid NOT NULL,
	org_id    uuid,
	PRIMARY KEY (tenant_id, head_id),
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person,
	FOREIGN KEY (tenant_id, org_id) REFERENCES ilp.org
);
CREATE INDEX head_person ON ilp.head (tenant_id, person_id);

-- The schools that somebody is headteacher of; who heads the whole tenant has none here.
CREATE FUNCTION ilp.headed_orgs(person uuid) RETURNS TABLE (org_id uuid) LANGUAGE sql STABLE AS
$$ WITH RECURSIVE down AS (
	SELECT h.org_id FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = person AND h.org_id IS NOT NULL
	UNION
	SELECT o.org_id FROM down d JOIN ilp.org o ON o.tenant_id = ilp.current_tenant() AND o.parent_id = d.org_id)
   SELECT d.org_id FROM down d $$;

-- Students of groups, today.
CREATE VIEW ilp.group_student WITH (security_invoker = true) AS
SELECT m.tenant_id, m.group_id, m.person_id AS student_id
FROM ilp.group_member m
WHERE m.starts_on <= (SELECT ilp.today()) AND (m.ends_on IS NULL OR m.ends_on >= (SELECT ilp.today()))
UNION ALL
SELECT g.tenant_id, g.group_id, s.person_id
FROM ilp.student_group g
JOIN ilp.membership s ON s.tenant_id = g.tenant_id AND s.course_id = g.course_id
     AND s.role = 'student' AND s.left_at IS NULL;

-- Who is mentor of whom, today, and through which group (NULL: of this one student). Each
-- part joins tables alone: into the parts of a view within it no join would reach, and one
-- mentor's list would read the groups of the whole district.
-- The mentors of a course are mentors of its students; its teachers are where the course
-- is a mentor group, or where the school says so of all courses.
CREATE VIEW ilp.charge WITH (security_invoker = true) AS
SELECT a.tenant_id, a.mentor_id, a.student_id, NULL::uuid AS group_id, NULL::uuid AS course_id, a.kind
FROM ilp.mentor a
WHERE a.student_id IS NOT NULL AND a.starts_on <= (SELECT ilp.today()) AND (a.ends_on IS NULL OR a.ends_on >= (SELECT ilp.today()))
UNION ALL
SELECT a.tenant_id, a.mentor_id, m.person_id, a.group_id, NULL, a.kind
FROM ilp.mentor a
JOIN ilp.group_member m ON m.tenant_id = a.tenant_id AND m.group_id = a.group_id
WHERE a.starts_on <= (SELECT ilp.today()) AND (a.ends_on IS NULL OR a.ends_on >= (SELECT ilp.today()))
  AND m.starts_on <= (SELECT ilp.today()) AND (m.ends_on IS NULL OR m.ends_on >= (SELECT ilp.today()))
UNION ALL
SELECT a.tenant_id, a.mentor_id, s.person_id, a.group_id, NULL, a.kind
FROM ilp.mentor a
JOIN ilp.student_group g ON g.tenant_id = a.tenant_id AND g.group_id = a.group_id
JOIN ilp.membership s ON s.tenant_id = g.tenant_id AND s.course_id = g.course_id
     AND s.role = 'student' AND s.left_at IS NULL
WHERE a.starts_on <= (SELECT ilp.today()) AND (a.ends_on IS NULL OR a.ends_on >= (SELECT ilp.today()))
UNION ALL
SELECT t.tenant_id, t.person_id, s.person_id, g.group_id, t.course_id, 'lead'
FROM ilp.membership t
LEFT JOIN ilp.student_group g ON g.tenant_id = t.tenant_id AND g.course_id = t.course_id
JOIN ilp.membership s ON s.tenant_id = t.tenant_id AND s.course_id = t.course_id
     AND s.role = 'student' AND s.left_at IS NULL
WHERE t.left_at IS NULL AND (t.role = 'mentor' OR t.role = 'teacher'
      AND (g.group_id IS NOT NULL OR (SELECT ilp.policy('teachers_are_mentors') = 'true')));

CREATE FUNCTION ilp.is_mentor(person uuid, student uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM ilp.charge c
		WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = person AND c.student_id = student);
END $$;

CREATE FUNCTION ilp.is_head(person uuid, student uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (
		SELECT 1 FROM ilp.head h
		WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = person AND (h.org_id IS NULL OR EXISTS (
			SELECT 1 FROM ilp.group_student s
			JOIN ilp.student_group g ON g.tenant_id = s.tenant_id AND g.group_id = s.group_id
			WHERE s.tenant_id = h.tenant_id AND s.student_id = student AND ilp.org_within(g.org_id, h.org_id))));
END $$;

-- What somebody is to a student, by the role and course of their launch (R54); 0: nobody.
-- Students and guardians are that alone; staff have the widest hat that fits.
CREATE FUNCTION ilp.hat(student uuid, person uuid, as_role text, in_course uuid) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
	CASE as_role
	WHEN 'student' THEN
		RETURN CASE WHEN student = person THEN 4 ELSE 0 END;
	WHEN 'guardian' THEN
		RETURN CASE WHEN ilp.is_guardian(person, student) THEN 8 ELSE 0 END;
	ELSE
		RETURN CASE
		WHEN ilp.is_mentor(person, student) THEN 1
		WHEN ilp.is_head(person, student) THEN 16
		WHEN as_role = 'teacher' AND EXISTS (
			SELECT 1 FROM ilp.membership m WHERE m.tenant_id = ilp.current_tenant() AND m.course_id = in_course
			  AND m.person_id = student AND m.role = 'student' AND m.left_at IS NULL) THEN 2
		ELSE 0 END;
	END CASE;
END $$;

-- Templates ---------------------------------------------------------------------

-- What a plan consists of: sections and fields with their rights (ilp/form.h). A form
-- never changes; its id is made from what stands in it. A plan keeps its form whatever
-- becomes of the template (I-01).
CREATE TABLE ilp.form (
	tenant_id  uuid NOT NULL REFERENCES ilp.tenant,
	form_id    uuid NOT NULL,
	definition jsonb NOT NULL,
	PRIMARY KEY (tenant_id, form_id)
);

-- Its fields, as statements ask for them. Besides those of the definition every form has
-- '_log', '_topics' and '_rows' (the goal grid itself: who sees it, who adds and changes goals).
CREATE TABLE ilp.form_field (
	tenant_id uuid NOT NULL,
	form_id   uuid NOT NULL,
	key       text NOT NULL,
	kind      text NOT NULL,
	of        text NOT NULL CHECK (of IN ('plan', 'competence', 'goal')),
	sees      integer NOT NULL,
	edits     integer NOT NULL CHECK (edits & sees = edits),      -- I-02
	head      boolean NOT NULL DEFAULT false,                     -- the own words of a competence or goal
	shared    boolean NOT NULL,                                   -- goes along when a plan is shared (I-10)
	codes     text[],                                             -- of choices, scales and statuses; NULL: free
	categories text[],                                            -- of statuses, one a code: todo, doing, done, dropped
	setters   integer[],                                          -- of statuses, one a code: hats that may choose it
	flags     boolean[],                                          -- of statuses, one a code: calls for help
	PRIMARY KEY (tenant_id, form_id, key),
	FOREIGN KEY (tenant_id, form_id) REFERENCES ilp.form
);

CREATE TABLE ilp.template (
	tenant_id   uuid NOT NULL REFERENCES ilp.tenant,
	template_id uuid NOT NULL,
	org_id      uuid,                                             -- NULL: of the whole site
	state       text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'unpublished')),
	definition  jsonb NOT NULL,                                   -- as edited now
	rev         integer NOT NULL DEFAULT 1,
	revision    integer NOT NULL DEFAULT 0,                       -- published so far
	form_id     uuid,                                             -- of the last revision
	changed_by  uuid,
	changed_at  timestamptz NOT NULL,
	created_at  timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, template_id),
	FOREIGN KEY (tenant_id, org_id) REFERENCES ilp.org,
	FOREIGN KEY (tenant_id, form_id) REFERENCES ilp.form
);

CREATE TABLE ilp.template_revision (
	tenant_id   uuid NOT NULL,
	template_id uuid NOT NULL,
	revision    integer NOT NULL,
	form_id     uuid NOT NULL,
	by_id       uuid,
	at          timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, template_id, revision),
	FOREIGN KEY (tenant_id, template_id) REFERENCES ilp.template ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, form_id) REFERENCES ilp.form
);

-- Plans -------------------------------------------------------------------------

CREATE TABLE ilp.plan (
	tenant_id       uuid NOT NULL REFERENCES ilp.tenant,
	plan_id         uuid NOT NULL,
	student_id      uuid NOT NULL,
	form_id         uuid NOT NULL,
	title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
	starts_on       date NOT NULL,
	ends_on         date NOT NULL,
	state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'locked', 'archived')),
	state_before    text,                                         -- archived from
	series_id       uuid NOT NULL,                                -- the same through all its periods
	predecessor_id  uuid,
	moves_tasks     boolean NOT NULL DEFAULT true,                -- from the predecessor, when published (I-07)
	stays           uuid[] NOT NULL DEFAULT '{}',                 -- but not these of its tasks
	request_id      uuid NOT NULL,                                -- of the act that made it (I-17)
	origin          jsonb NOT NULL DEFAULT '{}',                  -- template, share or plan: for information only (I-11)
	rev             integer NOT NULL DEFAULT 1,
	track           text CHECK (track IN ('ahead', 'on', 'behind', 'support')),  -- said by somebody; NULL: computed
	track_reason    text,
	track_by        uuid,
	track_at        timestamptz,
	created_by      uuid NOT NULL,
	created_at      timestamptz NOT NULL,
	published_by    uuid,
	published_at    timestamptz,                                  -- first time
	locked_by       uuid,
	locked_at       timestamptz,
	lock_reason     text,
	locked_for      uuid,                                         -- the successor whose publication locked it
	reopened_by     uuid,                                         -- last, and why
	reopened_at     timestamptz,
	reopen_reason   text,
	archived_at     timestamptz,
	changed_by      uuid NOT NULL,                                -- anything in it: mentors see all of it
	changed_at      timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id),
	UNIQUE (tenant_id, request_id, student_id),
	CHECK (starts_on <= ends_on),
	FOREIGN KEY (tenant_id, student_id) REFERENCES ilp.person,
	FOREIGN KEY (tenant_id, form_id) REFERENCES ilp.form,
	FOREIGN KEY (tenant_id, predecessor_id) REFERENCES ilp.plan ON DELETE SET NULL (predecessor_id)
);
CREATE INDEX plan_student ON ilp.plan (tenant_id, student_id, starts_on);
CREATE INDEX plan_predecessor ON ilp.plan (tenant_id, predecessor_id);
CREATE INDEX plan_template ON ilp.plan (tenant_id, (origin ->> 'template'));

-- What is left of a plan deleted for good (I-24).
CREATE TABLE ilp.plan_tombstone (
	tenant_id  uuid NOT NULL,
	plan_id    uuid NOT NULL,
	student_id uuid NOT NULL,
	state      text NOT NULL,
	by_id      uuid NOT NULL,
	at         timestamptz NOT NULL,
	reason     text NOT NULL DEFAULT '',
	PRIMARY KEY (tenant_id, plan_id)
);

-- The rows of the grid: competences, and goals under them.
CREATE TABLE ilp.plan_row (
	tenant_id    uuid NOT NULL,
	plan_id      uuid NOT NULL,
	row_id       uuid NOT NULL,
	kind         text NOT NULL CHECK (kind IN ('competence', 'goal')),
	parent_id    uuid,                                            -- of a goal
	position     double precision NOT NULL,
	state        text NOT NULL DEFAULT 'agreed' CHECK (state IN ('agreed', 'proposed', 'declined')),
	from_row     uuid,                                            -- in the predecessor
	objective_id uuid,                                            -- what it is connected to (R-052)
	objective    text,                                            -- its words, as they were then
	by_id        uuid NOT NULL,
	hat          integer NOT NULL,                                -- whose idea it was
	at           timestamptz NOT NULL,
	removed_at   timestamptz,
	PRIMARY KEY (tenant_id, plan_id, row_id),
	CHECK ((kind = 'goal') = (parent_id IS NOT NULL)),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

CREATE INDEX plan_row_objective ON ilp.plan_row (tenant_id, objective_id) WHERE objective_id IS NOT NULL;

-- What stands in a field: of the plan (row_id = plan_id), or of one row of the grid.
CREATE TABLE ilp.plan_value (
	tenant_id uuid NOT NULL,
	plan_id   uuid NOT NULL,
	row_id    uuid NOT NULL,
	field     text NOT NULL,
	text      text CHECK (length(text) <= 20000),                 -- NULL: taken back; its form: ilp/form.h
	rev       integer NOT NULL DEFAULT 1,
	author_id uuid NOT NULL,
	hat       integer NOT NULL,                                   -- in whose voice
	typed_by  uuid,                                               -- for somebody else, in a meeting (I-23)
	at        timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id, row_id, field),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

CREATE TABLE ilp.task (
	tenant_id    uuid NOT NULL,
	plan_id      uuid NOT NULL,
	task_id      uuid NOT NULL,
	field        text NOT NULL,                                   -- the task list it stands in
	row_id       uuid NOT NULL,                                   -- a goal, or plan_id
	position     double precision NOT NULL,
	text         text NOT NULL DEFAULT '' CHECK (length(text) <= 2000),
	status       text NOT NULL,                                   -- a key of the form's statuses
	category     text NOT NULL CHECK (category IN ('todo', 'doing', 'done', 'dropped')),
	due_on       date,
	responsible  text NOT NULL DEFAULT 'student' CHECK (responsible IN ('student', 'home', 'school')),
	link         text CHECK (length(link) <= 2000),
	detail       text NOT NULL DEFAULT '' CHECK (length(detail) <= 200),  -- "page 112 of 240"
	revs         integer[] NOT NULL DEFAULT '{1,1,1,1,1,1}',      -- of text, status, due, responsible, link, detail
	by_id        uuid NOT NULL,
	hat          integer NOT NULL,
	at           timestamptz NOT NULL,                            -- last change of any of them,
	changed_by   uuid,                                            -- and by whom; NULL: by_id
	text_by      uuid,                                            -- whose words, since when; NULL: by_id's, from the start
	text_at      timestamptz,
	status_by    uuid,
	status_at    timestamptz,
	confirmed_by uuid,
	confirmed_at timestamptz,
	moved_from   uuid,                                            -- task_id in the predecessor
	moved_to     uuid,                                            -- plan_id of the successor: moved once (I-09)
	meeting_id   uuid,                                            -- agreed in
	removed_at   timestamptz,
	PRIMARY KEY (tenant_id, plan_id, task_id),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- Texts that a save replaced; object_id: the plan, a row, a task or a post.
CREATE TABLE ilp.plan_history (
	tenant_id uuid NOT NULL,
	plan_id   uuid NOT NULL,
	object_id uuid NOT NULL,
	field     text NOT NULL,
	rev       integer NOT NULL,
	text      text,
	author_id uuid NOT NULL,
	at        timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id, object_id, field, rev),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- Comments, notes, the log and topics for the next meeting: each with its author, and
-- with an audience that can only narrow what its field allows (X-2).
CREATE TABLE ilp.post (
	tenant_id  uuid NOT NULL,
	plan_id    uuid NOT NULL,
	post_id    uuid NOT NULL,
	field      text NOT NULL,
	row_id     uuid NOT NULL,                                     -- a row, or plan_id
	text       text NOT NULL CHECK (length(text) <= 10000),
	audience   integer NOT NULL,
	rev        integer NOT NULL DEFAULT 1,
	author_id  uuid NOT NULL,
	hat        integer NOT NULL,
	at         timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,                              -- anything about it
	edited_at  timestamptz,                                       -- a correction; what stood there is in the history (I-27)
	removed_at timestamptz,
	shared_at  timestamptz,                                       -- when it was widened last
	hidden_at  timestamptz,                                       -- when its audience was narrowed last,
	hidden_from integer NOT NULL DEFAULT 0,                       -- and who had seen it until then
	done_at    timestamptz,                                       -- a topic that was talked about
	PRIMARY KEY (tenant_id, plan_id, post_id),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- Proof and material: a link, or a file kept here.
CREATE TABLE ilp.evidence (
	tenant_id   uuid NOT NULL,
	plan_id     uuid NOT NULL,
	evidence_id uuid NOT NULL,
	field       text NOT NULL,
	row_id      uuid NOT NULL,
	title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
	url         text CHECK (length(url) <= 2000),
	file_type   text,
	file_size   integer,
	file_bytes  bytea CHECK (length(file_bytes) <= 10485760),
	author_id   uuid NOT NULL,
	hat         integer NOT NULL,
	at          timestamptz NOT NULL,
	removed_at  timestamptz,
	PRIMARY KEY (tenant_id, plan_id, evidence_id),
	CHECK ((url IS NULL) <> (file_bytes IS NULL)),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);
ALTER TABLE ilp.evidence ALTER COLUMN file_bytes SET STORAGE EXTERNAL;

-- Who looked at a plan, and when they did before: what is new since then is marked.
CREATE TABLE ilp.plan_look (
	tenant_id   uuid NOT NULL,
	plan_id     uuid NOT NULL,
	person_id   uuid NOT NULL,
	hat         integer NOT NULL,
	first_at    timestamptz NOT NULL,
	previous_at timestamptz,
	seen_at     timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id, person_id),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- Who has the cursor in which field; a hint that lasts a minute, worth no disk.
CREATE UNLOGGED TABLE ilp.writing (
	tenant_id uuid NOT NULL,
	plan_id   uuid NOT NULL,
	person_id uuid NOT NULL,
	object_id uuid NOT NULL,
	field     text NOT NULL,
	hat       integer NOT NULL,
	until     timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id, person_id)
);

-- A plan as it was seen at a moment, by each hat; what is signed is one of these (I-27).
CREATE TABLE ilp.snapshot (
	tenant_id   uuid NOT NULL,
	plan_id     uuid NOT NULL,
	snapshot_id uuid NOT NULL,
	hat         integer NOT NULL,
	reason      text NOT NULL CHECK (reason IN ('sign', 'lock')),
	content     text NOT NULL,
	hash        text NOT NULL,                                    -- SHA-256 of content, hex
	by_id       uuid NOT NULL,
	at          timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, plan_id, snapshot_id, hat),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- Signatures asked for and given. Only the newest snapshot of a plan can be signed.
CREATE TABLE ilp.sign_off (
	tenant_id   uuid NOT NULL,
	plan_id     uuid NOT NULL,
	snapshot_id uuid NOT NULL,
	person_id   uuid NOT NULL,
	hat         integer NOT NULL,
	asked_by    uuid NOT NULL,
	asked_at    timestamptz NOT NULL,
	answer      text CHECK (answer IN ('signed', 'declined')),
	method      text CHECK (method IN ('app', 'room', 'paper')),
	typed_by    uuid,                                             -- in the room or from paper: who wrote it down
	reason      text,
	answered_at timestamptz,
	PRIMARY KEY (tenant_id, plan_id, snapshot_id, person_id),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);

-- What was frozen, and what was answered, stays as it is (I-27).
CREATE FUNCTION ilp.stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'what is signed stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER snapshot_stays BEFORE UPDATE ON ilp.snapshot FOR EACH ROW EXECUTE FUNCTION ilp.stays();
CREATE TRIGGER sign_off_stays BEFORE UPDATE ON ilp.sign_off FOR EACH ROW
	WHEN (OLD.answer IS NOT NULL) EXECUTE FUNCTION ilp.stays();

-- Meetings ------------------------------------------------------------------------

CREATE TABLE ilp.meeting (
	tenant_id    uuid NOT NULL REFERENCES ilp.tenant,
	meeting_id   uuid NOT NULL,
	plan_id      uuid NOT NULL,
	student_id   uuid NOT NULL,
	batch_id     uuid NOT NULL,                                   -- planned in one act
	organiser_id uuid NOT NULL,
	starts_at    timestamptz NOT NULL,
	minutes      integer NOT NULL DEFAULT 30 CHECK (minutes BETWEEN 5 AND 480),
	place        text NOT NULL DEFAULT '' CHECK (length(place) <= 200),
	link         text CHECK (length(link) <= 2000),
	state        text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'shared', 'closed', 'cancelled', 'missed')),
	asks_reading boolean NOT NULL DEFAULT true,                   -- "please read the plan before" (R-017)
	questions    jsonb NOT NULL,                                  -- [{key, label}] with the words of then
	step         text,                                            -- where the conversation is
	rev          integer NOT NULL DEFAULT 1,
	created_at   timestamptz NOT NULL,
	changed_at   timestamptz NOT NULL,
	held_at      timestamptz,
	shared_at    timestamptz,
	PRIMARY KEY (tenant_id, meeting_id),
	UNIQUE (tenant_id, batch_id, plan_id),
	FOREIGN KEY (tenant_id, plan_id) REFERENCES ilp.plan ON DELETE CASCADE
);
CREATE INDEX meeting_plan ON ilp.meeting (tenant_id, plan_id);
CREATE INDEX meeting_student ON ilp.meeting (tenant_id, student_id, starts_at);
CREATE INDEX meeting_organiser ON ilp.meeting (tenant_id, organiser_id, starts_at);

CREATE TABLE ilp.meeting_party (
	tenant_id    uuid NOT NULL,
	meeting_id   uuid NOT NULL,
	person_id    uuid NOT NULL,
	hat          integer NOT NULL,
	answer       text CHECK (answer IN ('comes', 'cannot', 'other_time')),
	answer_text  text CHECK (length(answer_text) <= 1000),
	answered_at  timestamptz,
	confirmed_at timestamptz,                                     -- "I have read this before our meeting"
	reminded_at  timestamptz,
	attended     boolean,
	PRIMARY KEY (tenant_id, meeting_id, person_id),
	FOREIGN KEY (tenant_id, meeting_id) REFERENCES ilp.meeting ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person
);
CREATE INDEX meeting_party_person ON ilp.meeting_party (tenant_id, person_id);

-- What is written for a meeting: 'prep.<question>' before it by each (person_id), and
-- in it 'talk.<question>' in a voice, 'minutes', 'private' (person_id = the writer's or the meeting's).
CREATE TABLE ilp.meeting_text (
	tenant_id  uuid NOT NULL,
	meeting_id uuid NOT NULL,
	person_id  uuid NOT NULL,                                     -- whose voice; meeting_id: everybody's
	field      text NOT NULL,
	text       text CHECK (length(text) <= 20000),
	rev        integer NOT NULL DEFAULT 1,
	author_id  uuid NOT NULL,                                     -- who typed
	at         timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, meeting_id, person_id, field),
	FOREIGN KEY (tenant_id, meeting_id) REFERENCES ilp.meeting ON DELETE CASCADE
);

CREATE TABLE ilp.meeting_history (
	tenant_id  uuid NOT NULL,
	meeting_id uuid NOT NULL,
	person_id  uuid NOT NULL,
	field      text NOT NULL,
	rev        integer NOT NULL,
	text       text,
	author_id  uuid NOT NULL,
	at         timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, meeting_id, person_id, field, rev),
	FOREIGN KEY (tenant_id, meeting_id) REFERENCES ilp.meeting ON DELETE CASCADE
);

-- Reuse -----------------------------------------------------------------------------

-- A plan as others may begin with it: its form and what is not personal (I-10).
CREATE TABLE ilp.share (
	tenant_id    uuid NOT NULL REFERENCES ilp.tenant,
	share_id     uuid NOT NULL,
	org_id       uuid,                                            -- NULL: the district
	plan_id      uuid,                                            -- it was made from; for its owner alone
	form_id      uuid NOT NULL,
	title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
	content      jsonb NOT NULL,
	by_id        uuid NOT NULL,
	at           timestamptz NOT NULL,
	withdrawn_at timestamptz,
	uses         integer NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, share_id),
	FOREIGN KEY (tenant_id, org_id) REFERENCES ilp.org,
	FOREIGN KEY (tenant_id, form_id) REFERENCES ilp.form
);
CREATE INDEX share_at ON ilp.share (tenant_id, at) WHERE withdrawn_at IS NULL;
CREATE INDEX share_by ON ilp.share (tenant_id, by_id);
CREATE INDEX share_plan ON ilp.share (tenant_id, plan_id);

-- Sentences to use again: goals for plans, comments for reviews with {name} for the
-- student. owner_id NULL: of the school.
CREATE TABLE ilp.bank (
	tenant_id  uuid NOT NULL REFERENCES ilp.tenant,
	bank_id    uuid NOT NULL,
	owner_id   uuid,
	kind       text NOT NULL CHECK (kind IN ('goal', 'comment')),
	subject    text NOT NULL DEFAULT '' CHECK (length(subject) <= 100),
	text       text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
	uses       integer NOT NULL DEFAULT 0,
	created_by uuid NOT NULL,
	at         timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, bank_id)
);
CREATE INDEX bank_owner ON ilp.bank (tenant_id, kind, owner_id);

-- Learning objectives (R-052), imported by CASE or CSV.
CREATE TABLE ilp.framework (
	tenant_id    uuid NOT NULL REFERENCES ilp.tenant,
	framework_id uuid NOT NULL,
	title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
	source       text NOT NULL CHECK (source IN ('case', 'csv')),
	source_id    text NOT NULL DEFAULT '',                        -- imported again, it is replaced
	language     text NOT NULL DEFAULT '',
	imported_by  uuid,
	imported_at  timestamptz NOT NULL,
	retired_at   timestamptz,
	PRIMARY KEY (tenant_id, framework_id)
);
CREATE TABLE ilp.objective (
	tenant_id    uuid NOT NULL,
	framework_id uuid NOT NULL,
	objective_id uuid NOT NULL,
	source_id    text NOT NULL,
	parent_id    uuid,
	position     integer NOT NULL,
	code         text NOT NULL DEFAULT '',
	text         text NOT NULL,
	level        text NOT NULL DEFAULT '',
	PRIMARY KEY (tenant_id, framework_id, objective_id),
	UNIQUE (tenant_id, framework_id, source_id),
	FOREIGN KEY (tenant_id, framework_id) REFERENCES ilp.framework ON DELETE CASCADE
);
CREATE INDEX objective_parent ON ilp.objective (tenant_id, framework_id, parent_id);
CREATE INDEX framework_source ON ilp.framework (tenant_id, source, source_id);

-- Midterm reviews --------------------------------------------------------------------

-- self_scale: another one for the self-assessment; NULL: the same. release: when what is
-- ready becomes what is seen.
ALTER TABLE ilp.review
	ADD COLUMN self_scale jsonb,
	ADD COLUMN release text NOT NULL DEFAULT 'now' CHECK (release IN ('now', 'date', 'meeting')),
	ADD COLUMN release_on date,
	ADD COLUMN release_waits boolean NOT NULL DEFAULT false,      -- something may be ready for that day
	ADD COLUMN watch jsonb NOT NULL                               -- codes of the scale, if any, that need a look,
		GENERATED ALWAYS AS (coalesce(jsonb_path_query_array(scale, '$.values[*] ? (@.category == "watch").code'), '[]')) STORED,
	ADD COLUMN risk jsonb NOT NULL                                -- and those that need more than that
		GENERATED ALWAYS AS (coalesce(jsonb_path_query_array(scale, '$.values[*] ? (@.category == "risk").code'), '[]')) STORED,
	ADD CHECK ((release = 'date') = (release_on IS NOT NULL));
CREATE INDEX review_release ON ilp.review (release_on) WHERE release_waits;

-- ready_at: finished for the mentor and for the release that waits (I-12).
ALTER TABLE ilp.entry
	ADD COLUMN ready_at timestamptz,
	ADD COLUMN ready_by uuid,
	ADD COLUMN corrected_at timestamptz;                          -- released anew with another value or text
CREATE INDEX entry_date ON ilp.entry (tenant_id, student_id, entered_on);
CREATE INDEX entry_ready ON ilp.entry (ready_at) WHERE ready_at IS NOT NULL;
ALTER TABLE ilp.entry_text
	ADD COLUMN ready_text text,
	ADD COLUMN ready_rev integer;

-- "Remind me of what is missing": by whom, on which day.
CREATE TABLE ilp.review_reminder (
	tenant_id uuid NOT NULL,
	review_id uuid NOT NULL,
	person_id uuid NOT NULL,
	on_date   date NOT NULL,
	told_at   timestamptz,
	PRIMARY KEY (tenant_id, review_id, person_id),
	FOREIGN KEY (tenant_id, review_id) REFERENCES ilp.review ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, person_id) REFERENCES ilp.person
);
CREATE INDEX review_reminder_due ON ilp.review_reminder (on_date) WHERE told_at IS NULL;

-- Events and notices -------------------------------------------------------------------

ALTER TABLE ilp.event
	ADD COLUMN plan_id uuid,
	ADD COLUMN meeting_id uuid;
-- A notice is about a review, a plan or a meeting.
ALTER TABLE notify.notice RENAME COLUMN review_id TO object_id;
CREATE INDEX notice_object ON notify.notice (tenant_id, object_id, student_id);
UPDATE notify.notice SET kind = 'review' WHERE kind = 'review.released';
ALTER TABLE notify.notice RENAME COLUMN kind TO topic;

-- What every door to a plan asks -----------------------------------------------------------

-- Does a cell row of ilp/access.c (four bytes: draft, published, locked, archived) hold
-- this hat in this state?
CREATE FUNCTION ilp.may(act bigint, state text, hat integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ((act >> CASE state WHEN 'draft' THEN 0 WHEN 'published' THEN 8 WHEN 'locked' THEN 16 ELSE 24 END)
	& hat) <> 0 $$;

-- How far families look back (X-4, X-6): what is locked unless the school says no, what is
-- archived only if it says so. Staff always; and nobody but staff what never was published, or
-- was taken back before it was archived.
CREATE FUNCTION ilp.history_open(state text, hat integer, published_at timestamptz, state_before text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN hat & 19 <> 0 THEN true
	WHEN published_at IS NULL OR state_before = 'draft' THEN false
	WHEN state = 'locked' THEN hat <> 8 OR ilp.policy('guardian_history') IS DISTINCT FROM 'false'
	WHEN state = 'archived' THEN ilp.policy('archive_history') = 'true'
	ELSE true END $$;

-- A hat by its name, as the API says it (hat_name() of ilp/access.h).
CREATE FUNCTION ilp.hat_name(hat integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE hat WHEN 1 THEN 'mentor' WHEN 2 THEN 'teacher' WHEN 4 THEN 'student' WHEN 8 THEN 'guardian'
	WHEN 16 THEN 'head' END $$;

-- The plan, and the hat that reads it, if any does. `reads` is ACT_READ of ilp/access.c.
-- as_hat: a mentor looks through the eyes of a student or guardian; what
-- they may see is then what those would see, were the plan published. OFFSET: the hat is worked
-- out once, not wherever it is named.
CREATE FUNCTION ilp.seat(plan uuid, person uuid, as_role text, in_course uuid, reads bigint, as_hat integer DEFAULT NULL)
RETURNS TABLE (tenant_id uuid, plan_id uuid, student_id uuid, form_id uuid, state text, hat integer, real_hat integer)
LANGUAGE sql STABLE AS
$$ SELECT p.tenant_id, p.plan_id, p.student_id, p.form_id, p.state,
	CASE WHEN as_hat IS NULL THEN h.hat WHEN h.hat = 1 AND as_hat & 12 <> 0 THEN as_hat ELSE 0 END, h.hat
   FROM ilp.plan p, LATERAL (SELECT ilp.hat(p.student_id, person, as_role, in_course) AS hat OFFSET 0) h
   WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = plan
     AND ilp.may(reads, p.state, h.hat)
     AND ilp.history_open(p.state, h.hat, p.published_at, p.state_before) $$;

-- A meeting, and the hat that comes to it: mentors and headteachers of its student, the
-- student, the guardians of today; course teachers do not.
CREATE FUNCTION ilp.meeting_seat(meeting uuid, person uuid, as_role text, in_course uuid, reads bigint)
RETURNS TABLE (tenant_id uuid, meeting_id uuid, plan_id uuid, student_id uuid, form_id uuid, plan_state text, state text,
	organiser_id uuid, step text, questions jsonb, hat integer)
LANGUAGE sql STABLE AS
$$ SELECT m.tenant_id, m.meeting_id, m.plan_id, m.student_id, s.form_id, s.state, m.state,
	m.organiser_id, m.step, m.questions, s.hat
   FROM ilp.meeting m, ilp.seat(m.plan_id, person, as_role, in_course, reads) s
   WHERE m.tenant_id = ilp.current_tenant() AND m.meeting_id = meeting AND s.hat <> 2 $$;

-- The fields that a hat sees in a form, as they are for that hat.
CREATE FUNCTION ilp.seen_fields(form uuid, for_hat integer) RETURNS SETOF ilp.form_field LANGUAGE sql STABLE AS
$$ SELECT * FROM ilp.form_field f
   WHERE f.tenant_id = ilp.current_tenant() AND f.form_id = form AND f.sees & for_hat <> 0 $$;

-- Since when things in a plan are new to somebody: they looked before this sitting. NULL: never.
CREATE FUNCTION ilp.looked(of_plan uuid, person uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT CASE WHEN k.seen_at > ilp.moment() - interval '30 minutes' THEN k.previous_at ELSE k.seen_at END
		FROM ilp.plan_look k
		WHERE k.tenant_id = ilp.current_tenant() AND k.plan_id = of_plan AND k.person_id = person);
END $$;

-- Upcoming, current or past: no state, but what a state and today's date make of a plan (X-13).
CREATE FUNCTION ilp.currency(state text, starts_on date) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN state IN ('locked', 'archived') THEN 'past' WHEN starts_on > ilp.today() THEN 'upcoming' ELSE 'current' END $$;

-- The rows of the grid that a hat sees: agreed ones, and what is proposed or was declined
-- for its own side and for mentors. A goal goes with its competence. at: of either.
CREATE FUNCTION ilp.seen_rows(of_plan uuid, form uuid, for_hat integer)
RETURNS TABLE (row_id uuid, kind text, parent_id uuid, place double precision, state text, objective text,
	by_id uuid, hat integer, at timestamptz)
LANGUAGE sql STABLE AS
$$ SELECT r.row_id, r.kind, r.parent_id, r.position, r.state, r.objective, r.by_id, r.hat, greatest(r.at, u.at)
   FROM ilp.plan_row r
   LEFT JOIN ilp.plan_row u ON u.tenant_id = r.tenant_id AND u.plan_id = r.plan_id AND u.row_id = r.parent_id
   WHERE r.tenant_id = ilp.current_tenant() AND r.plan_id = of_plan
     AND r.removed_at IS NULL AND (r.state = 'agreed' OR for_hat = 1 OR r.hat = for_hat)
     AND (r.parent_id IS NULL OR u.removed_at IS NULL AND (u.state = 'agreed' OR for_hat = 1 OR u.hat = for_hat))
     AND EXISTS (SELECT 1 FROM ilp.seen_fields(form, for_hat) f WHERE f.key = '_rows') $$;

-- The tasks that a hat sees; whatever counts tasks for somebody counts these (I-28).
CREATE FUNCTION ilp.seen_tasks(of_plan uuid, form uuid, for_hat integer) RETURNS SETOF ilp.task LANGUAGE sql STABLE AS
$$ SELECT t.* FROM ilp.task t
   WHERE t.tenant_id = ilp.current_tenant() AND t.plan_id = of_plan AND t.removed_at IS NULL
     AND EXISTS (SELECT 1 FROM ilp.seen_fields(form, for_hat) f WHERE f.key = t.field AND f.kind = 'tasks')
     AND (t.row_id = of_plan OR EXISTS (SELECT 1 FROM ilp.seen_rows(of_plan, form, for_hat) r WHERE r.row_id = t.row_id)) $$;

-- The posts that a hat sees, the reader's own among them; one that was taken back for its
-- author and for mentors. person NULL: through borrowed eyes, nothing is one's own.
CREATE FUNCTION ilp.seen_posts(of_plan uuid, form uuid, for_hat integer, person uuid) RETURNS SETOF ilp.post LANGUAGE sql STABLE AS
$$ SELECT p.* FROM ilp.post p
   WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = of_plan
     AND (p.audience & for_hat <> 0 OR for_hat = 1 OR p.author_id = person)
     AND (p.removed_at IS NULL OR for_hat = 1 OR p.author_id = person)
     AND EXISTS (SELECT 1 FROM ilp.seen_fields(form, for_hat) f WHERE f.key = p.field)
     AND (p.row_id = of_plan OR EXISTS (SELECT 1 FROM ilp.seen_rows(of_plan, form, for_hat) r WHERE r.row_id = p.row_id)) $$;

-- How much of what staff did since they last looked (or since it was published) somebody
-- with this hat would find new in a plan: what a mail may tell, counted when it is sent.
CREATE FUNCTION ilp.plan_news(of_plan uuid, for_hat integer, person uuid) RETURNS bigint LANGUAGE sql STABLE AS
$$ WITH p AS (
	SELECT p.tenant_id, p.plan_id, p.form_id, coalesce(l.seen_at, p.published_at) AS since
	FROM ilp.plan p
	LEFT JOIN ilp.plan_look l ON l.tenant_id = p.tenant_id AND l.plan_id = p.plan_id AND l.person_id = person
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = of_plan AND p.state = 'published'
)
SELECT (SELECT count(*) FROM p
	JOIN ilp.plan_value v ON v.tenant_id = p.tenant_id AND v.plan_id = p.plan_id
	WHERE v.at > p.since AND v.hat & 19 <> 0 AND v.text <> ''
	  AND EXISTS (SELECT 1 FROM ilp.seen_fields(p.form_id, for_hat) f WHERE f.key = v.field)
	  AND (v.row_id = p.plan_id OR EXISTS (SELECT 1 FROM ilp.seen_rows(p.plan_id, p.form_id, for_hat) r WHERE r.row_id = v.row_id)))
     + (SELECT count(*) FROM p, LATERAL ilp.seen_tasks(p.plan_id, p.form_id, for_hat) t
	WHERE t.at > p.since AND t.hat & 19 <> 0 AND t.moved_from IS NULL)
     + (SELECT count(*) FROM p, LATERAL ilp.seen_posts(p.plan_id, p.form_id, for_hat, NULL) o
	WHERE o.at > p.since AND o.hat & 19 <> 0)
     + (SELECT count(*) FROM p
	JOIN ilp.evidence e ON e.tenant_id = p.tenant_id AND e.plan_id = p.plan_id
	WHERE e.at > p.since AND e.hat & 19 <> 0 AND e.removed_at IS NULL
	  AND EXISTS (SELECT 1 FROM ilp.seen_fields(p.form_id, for_hat) f WHERE f.key = e.field)) $$;

-- Does a text fit the kind of its field? (ilp/form.h says how each kind is written.)
CREATE FUNCTION ilp.value_fits(kind text, codes text[], value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE list jsonb;
BEGIN
	IF value IS NULL OR value = '' THEN
		RETURN true;
	END IF;
	CASE
	WHEN kind IN ('choice', 'scale', 'status') THEN
		RETURN value = ANY (codes);
	WHEN kind = 'date' THEN
		RETURN value ~ '^\d{4}-\d\d-\d\d$' AND to_char(value::date, 'YYYY-MM-DD') = value;
	WHEN kind = 'number' THEN
		RETURN value ~ '^-?\d{1,12}(\.\d{1,6})?$';
	WHEN kind IN ('multi', 'checklist', 'series', 'table') THEN
		list := value::jsonb;
		IF jsonb_typeof(list) <> 'array' OR jsonb_array_length(list) > 200 THEN
			RETURN false;
		END IF;
		RETURN CASE kind
		WHEN 'multi' THEN NOT EXISTS (SELECT 1 FROM jsonb_array_elements(list) v
			WHERE jsonb_typeof(v) <> 'string' OR NOT (v #>> '{}') = ANY (codes))
		WHEN 'checklist' THEN NOT EXISTS (SELECT 1 FROM jsonb_array_elements(list) v
			WHERE jsonb_typeof(v -> 'text') IS DISTINCT FROM 'string' OR jsonb_typeof(v -> 'done') IS DISTINCT FROM 'boolean')
		WHEN 'series' THEN NOT EXISTS (SELECT 1 FROM jsonb_array_elements(list) v
			WHERE NOT coalesce(v ->> 'on' ~ '^\d{4}-\d\d-\d\d$', false) OR jsonb_typeof(v -> 'value') IS DISTINCT FROM 'number')
		ELSE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(list) v WHERE jsonb_typeof(v) <> 'array')
		END;
	WHEN kind IN ('text', 'long', 'rich') THEN
		RETURN true;
	ELSE
		RETURN false;
	END CASE;
EXCEPTION WHEN data_exception THEN
	RETURN false;
END $$;

-- On track by the school's rule (ilp/policy.h, R-056): from tasks that are late, calls for
-- help, the part of the time that is gone against the part of the tasks that is done, and
-- released reviews in a category that needs a look. NULL: nothing to go by.
CREATE FUNCTION ilp.track_of(rule jsonb, total bigint, done bigint, late bigint, help bigint, starts date, ends date,
	today date, watch bigint, risk bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE
	WHEN late >= coalesce((rule ->> 'support_late')::int, 3) OR help >= coalesce((rule ->> 'support_help')::int, 2)
	  OR risk >= coalesce((rule ->> 'support_risk')::int, 2) THEN 'support'
	WHEN late >= coalesce((rule ->> 'behind_late')::int, 1) OR help >= 1
	  OR risk >= coalesce((rule ->> 'behind_risk')::int, 1) OR watch >= coalesce((rule ->> 'behind_watch')::int, 3)
	  OR total > 0 AND least(1, greatest(0, (today - starts)::numeric / greatest(1, ends - starts))) - done::numeric / total
	     > coalesce((rule ->> 'slack_percent')::numeric, 50) / 100 THEN 'behind'
	WHEN total = 0 AND watch = 0 AND risk = 0 THEN NULL
	WHEN total > 0 AND done = total AND today < ends - 14 THEN 'ahead'
	ELSE 'on' END $$;

-- What is counted in a plan for one hat (I-28): the tasks that it sees, of goals that are
-- agreed, that have not moved on; and of the released reviews of the period those that need a
-- look, of one course or of all. Lists, pages and reports say the same because they all ask
-- here, some of them for a whole school: what a form shows is found once a form, what of the
-- grid counts once a plan, and no task asks again.
CREATE FUNCTION ilp.plan_numbers(plan uuid, form uuid, for_hat integer, student uuid, starts date, ends date, in_course uuid)
RETURNS TABLE (todo bigint, doing bigint, done bigint, dropped bigint, late bigint, help bigint, watch bigint, risk bigint)
LANGUAGE sql STABLE AS
$$ SELECT t.todo, t.doing, t.done, t.dropped, t.late, t.help, r.watch, r.risk
   FROM (SELECT coalesce(array_agg(f.key) FILTER (WHERE f.kind = 'tasks'), '{}') AS lists, bool_or(f.key = '_rows') AS grid,
		array_agg(f.key || ' ' || s.code) FILTER (WHERE s.flag) AS calls
	FROM ilp.form_field f LEFT JOIN LATERAL unnest(f.codes, f.flags) s (code, flag) ON f.kind = 'tasks' AND s.flag
	WHERE f.tenant_id = ilp.current_tenant() AND f.form_id = form AND f.sees & for_hat <> 0 AND (f.kind = 'tasks' OR f.key = '_rows')) f,
	LATERAL (SELECT array_agg(g.row_id) AS heads FROM ilp.plan_row g
	WHERE f.grid AND g.tenant_id = ilp.current_tenant() AND g.plan_id = plan AND g.kind = 'competence'
	  AND g.state = 'agreed' AND g.removed_at IS NULL) c,
	LATERAL (SELECT array_agg(g.row_id) AS rows FROM ilp.plan_row g
	WHERE f.grid AND g.tenant_id = ilp.current_tenant() AND g.plan_id = plan AND g.state = 'agreed' AND g.removed_at IS NULL
	  AND (g.parent_id IS NULL OR g.parent_id = ANY (c.heads))) g,
	LATERAL (SELECT count(*) FILTER (WHERE k.category = 'todo') AS todo, count(*) FILTER (WHERE k.category = 'doing') AS doing,
		count(*) FILTER (WHERE k.category = 'done') AS done, count(*) FILTER (WHERE k.category = 'dropped') AS dropped,
		count(*) FILTER (WHERE k.category IN ('todo', 'doing') AND k.due_on < (SELECT ilp.today())) AS late,
		count(*) FILTER (WHERE k.field || ' ' || k.status = ANY (f.calls)) AS help
	FROM ilp.task k
	WHERE k.tenant_id = ilp.current_tenant() AND k.plan_id = plan AND k.removed_at IS NULL AND k.moved_to IS NULL
	  AND k.field = ANY (f.lists) AND (k.row_id = plan OR k.row_id = ANY (g.rows))) t,
	LATERAL (SELECT count(*) FILTER (WHERE w.watch ? v.released_text) AS watch, count(*) FILTER (WHERE w.risk ? v.released_text) AS risk
	FROM ilp.entry e
	JOIN ilp.review w ON w.tenant_id = e.tenant_id AND w.review_id = e.review_id AND (in_course IS NULL OR w.course_id = in_course)
	     AND (for_hat <> 4 OR w.to_students) AND (for_hat <> 8 OR w.to_guardians)
	JOIN ilp.entry_text v ON v.tenant_id = e.tenant_id AND v.review_id = e.review_id AND v.student_id = e.student_id AND v.field = 'value'
	WHERE e.tenant_id = ilp.current_tenant() AND e.student_id = student AND e.entered_on BETWEEN starts AND ends
	  AND e.released_at IS NOT NULL) r $$;

-- Lists of students ----------------------------------------------------------------------

-- To find people by how their names begin. Behind row-level security an index is asked only
-- with what cannot leak: a comparison can not, lower() might.
ALTER TABLE ilp.person
	ADD COLUMN find_given text NOT NULL GENERATED ALWAYS AS (lower(CASE WHEN given_name <> '' THEN given_name ELSE name END)) STORED,
	ADD COLUMN find_family text NOT NULL GENERATED ALWAYS AS (lower(CASE WHEN family_name <> '' THEN family_name
		ELSE regexp_replace(name, '^.* ', '') END)) STORED;
CREATE INDEX person_find_given ON ilp.person (tenant_id, find_given text_pattern_ops);
CREATE INDEX person_find_family ON ilp.person (tenant_id, find_family text_pattern_ops);

-- Is somebody headteacher of this school today? Of the whole tenant, where org is NULL.
CREATE FUNCTION ilp.heads_org(person uuid, org uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = person
		AND (h.org_id IS NULL OR ilp.org_within(org, h.org_id)));
END $$;

-- The students that somebody has a list of, with the group they stand in and the hat on
-- them: those of a course its teachers have, or else those they are mentor of, or for
-- headteachers those of one group, or those whose names begin so. A group may be a course
-- where courses' teachers are mentors.
CREATE FUNCTION ilp.listed(person uuid, in_course uuid, in_group uuid, name_begins text)
RETURNS TABLE (student_id uuid, group_id uuid, hat integer) LANGUAGE sql STABLE AS
$$ SELECT x.student_id, x.group_id, CASE
	WHEN x.student_id IN (SELECT c.student_id FROM ilp.charge c WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = person) THEN 1
	WHEN EXISTS (SELECT 1 FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = person)
	     AND ilp.is_head(person, x.student_id) THEN 16
	ELSE 2 END
   FROM (SELECT m.person_id AS student_id, NULL::uuid AS group_id
	FROM ilp.membership m
	WHERE in_course IS NOT NULL AND m.tenant_id = ilp.current_tenant() AND m.course_id = in_course AND m.role = 'student' AND m.left_at IS NULL
	UNION
	SELECT c.student_id, coalesce(c.group_id, c.course_id)
	FROM ilp.charge c
	WHERE in_course IS NULL AND name_begins IS NULL AND c.tenant_id = ilp.current_tenant() AND c.mentor_id = person
	  AND (in_group IS NULL OR in_group = c.group_id OR in_group = c.course_id)
	UNION
	SELECT s.student_id, g.group_id
	FROM ilp.student_group g JOIN ilp.group_student s ON s.tenant_id = g.tenant_id AND s.group_id = g.group_id
	WHERE in_course IS NULL AND name_begins IS NULL AND g.tenant_id = ilp.current_tenant() AND g.group_id = in_group
	  AND ilp.heads_org(person, g.org_id)
	UNION
	SELECT m.person_id, m.course_id
	FROM ilp.membership m
	WHERE in_course IS NULL AND name_begins IS NULL AND m.tenant_id = ilp.current_tenant() AND m.course_id = in_group
	  AND m.role = 'student' AND m.left_at IS NULL AND (SELECT ilp.policy('teachers_are_mentors') = 'true')
	  AND EXISTS (SELECT 1 FROM ilp.head h WHERE h.tenant_id = m.tenant_id AND h.person_id = person AND h.org_id IS NULL)
	UNION
	(SELECT p.person_id, NULL
	FROM ilp.person p
	WHERE in_course IS NULL AND in_group IS NULL AND p.tenant_id = ilp.current_tenant()
	  AND (p.find_given ~>=~ name_begins AND p.find_given ~<~ (name_begins || U&'\+10FFFF')
	    OR p.find_family ~>=~ name_begins AND p.find_family ~<~ (name_begins || U&'\+10FFFF'))
	  AND EXISTS (SELECT 1 FROM ilp.head h WHERE h.tenant_id = p.tenant_id AND h.person_id = person)
	  -- OFFSET: by the person, not by reading everybody
	  AND (EXISTS (SELECT 1 FROM ilp.membership m WHERE m.tenant_id = p.tenant_id AND m.person_id = p.person_id
		AND m.role = 'student' AND m.left_at IS NULL OFFSET 0)
	    OR EXISTS (SELECT 1 FROM ilp.group_member m WHERE m.tenant_id = p.tenant_id AND m.person_id = p.person_id OFFSET 0))
	  AND ilp.is_head(person, p.person_id)
	LIMIT 200)) x $$;

-- What another plan begins with -----------------------------------------------------------

-- Words without the names of the student they were written about: a place for the name of
-- the next one instead. Norwegian puts an s behind a name.
CREATE FUNCTION ilp.unnamed(words text, names text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN pattern IS NULL THEN words ELSE regexp_replace(words, '\m(' || pattern || ')(s?)\M', '{name}\2', 'g') END
   FROM (SELECT string_agg(regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|' ORDER BY length(n) DESC) AS pattern
	 FROM (SELECT DISTINCT n FROM unnest(names) n WHERE length(n) > 1) d) p $$;

-- All that a student is called: whole, in parts, and each part that is written as a name.
CREATE FUNCTION ilp.names_of(name text, given text, family text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$ SELECT ARRAY[name, btrim(given || ' ' || family), given, family] || ARRAY(
	SELECT part FROM regexp_split_to_table(name || ' ' || given || ' ' || family, '[\s-]+') part
	WHERE length(part) > 2 AND left(part, 1) <> lower(left(part, 1))) $$;

-- And back: the words of a plan for this student.
CREATE FUNCTION ilp.named(words text, name text, given text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT replace(words, '{name}', translate(coalesce(nullif(given, ''), nullif(name, ''), '{name}'), '"\', '')) $$;

-- What of a plan may stand in another one: {rows, values, tasks}, rows numbered. For the same
-- student (personal, I-07: the next period) what a mentor writes, each row with the one it
-- comes from, and no tasks: those move. For others (I-10) what staff write and families see of
-- it, in fields that are shared, without the student's names; never a student's or a
-- guardian's own field, notes, comments, log, evidence, statuses, days, what was measured or
-- how somebody was rated.
CREATE FUNCTION ilp.plan_content(of_plan uuid, personal boolean, with_rows boolean DEFAULT true) RETURNS jsonb
LANGUAGE sql STABLE AS $$
WITH plan AS (
	SELECT p.tenant_id, p.plan_id, p.form_id,
	       CASE WHEN NOT personal THEN ilp.names_of(s.name, s.given_name, s.family_name) END AS names
	FROM ilp.plan p JOIN ilp.person s ON s.tenant_id = p.tenant_id AND s.person_id = p.student_id
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = of_plan
), field AS (
	SELECT f.key, f.kind, f.of, f.head
	FROM plan p JOIN ilp.form_field f ON f.tenant_id = p.tenant_id AND f.form_id = p.form_id
	WHERE f.kind IN ('text', 'long', 'rich', 'choice', 'multi', 'checklist', 'table', 'tasks')
	  AND CASE WHEN personal THEN f.edits & 1 <> 0 ELSE f.shared AND f.edits & 19 <> 0 AND f.sees & 12 <> 0 END
), whole AS (
	SELECT r.* FROM plan p JOIN ilp.plan_row r ON r.tenant_id = p.tenant_id AND r.plan_id = p.plan_id
	WHERE with_rows AND r.state = 'agreed' AND r.removed_at IS NULL
	  AND EXISTS (SELECT 1 FROM field f WHERE f.head AND f.of = r.kind)
), grid AS (
	SELECT r.*, row_number() OVER (ORDER BY r.kind, r.position, r.row_id) AS n FROM whole r
	WHERE r.parent_id IS NULL OR EXISTS (SELECT 1 FROM whole c WHERE c.row_id = r.parent_id)
), words AS (
	SELECT r.n, v.field, ilp.unnamed(CASE WHEN f.kind = 'checklist' AND NOT personal THEN (
			SELECT jsonb_agg(i || '{"done": false}')::text FROM jsonb_array_elements(v.text::jsonb) i)
		ELSE v.text END, CASE WHEN f.kind NOT IN ('choice', 'multi') THEN p.names END) AS text
	FROM plan p JOIN ilp.plan_value v ON v.tenant_id = p.tenant_id AND v.plan_id = p.plan_id
	JOIN field f ON f.key = v.field AND f.kind <> 'tasks'
	LEFT JOIN grid r ON r.row_id = v.row_id
	WHERE v.text <> '' AND CASE WHEN f.of = 'plan' THEN v.row_id = p.plan_id ELSE r.kind = f.of END
), list AS (
	SELECT r.n, t.field, t.position, ilp.unnamed(t.text, p.names) AS text, t.responsible, t.link
	FROM plan p JOIN ilp.task t ON t.tenant_id = p.tenant_id AND t.plan_id = p.plan_id
	JOIN field f ON f.key = t.field AND f.kind = 'tasks'
	LEFT JOIN grid r ON r.row_id = t.row_id
	WHERE NOT personal AND t.text <> '' AND t.removed_at IS NULL AND t.category <> 'dropped'
	  AND (t.row_id = p.plan_id OR r.n IS NOT NULL)
)
SELECT jsonb_build_object(
	'rows', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('n', r.n, 'kind', r.kind, 'position', r.position,
		'parent', (SELECT c.n FROM grid c WHERE c.row_id = r.parent_id), 'objective_id', r.objective_id,
		'objective', r.objective, 'from', CASE WHEN personal THEN r.row_id END)) ORDER BY r.n) FROM grid r), '[]'),
	'values', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(w)) ORDER BY w.n NULLS FIRST, w.field) FROM words w), '[]'),
	'tasks', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(l)) ORDER BY l.n NULLS FIRST, l.position) FROM list l), '[]'))
$$;

-- Puts what plan_content() gave into a plan that is new; its student's name where a name was.
CREATE FUNCTION ilp.fill_plan(of_plan uuid, content jsonb, author uuid) RETURNS bigint LANGUAGE sql VOLATILE AS $$
WITH plan AS (
	SELECT p.tenant_id, p.plan_id, p.form_id, s.name, s.given_name
	FROM ilp.plan p JOIN ilp.person s ON s.tenant_id = p.tenant_id AND s.person_id = p.student_id
	WHERE p.tenant_id = ilp.current_tenant() AND p.plan_id = of_plan
), grid AS MATERIALIZED (
	SELECT gen_random_uuid() AS row_id, r.* FROM jsonb_to_recordset(content -> 'rows')
		AS r (n int, kind text, parent int, position double precision, objective_id uuid, objective text, "from" uuid)
), rows AS (
	INSERT INTO ilp.plan_row (tenant_id, plan_id, row_id, kind, parent_id, position, from_row, objective_id, objective, by_id, hat, at)
	SELECT p.tenant_id, p.plan_id, g.row_id, g.kind, c.row_id, g.position, g."from", g.objective_id, g.objective, author, 1, ilp.moment()
	FROM plan p CROSS JOIN grid g LEFT JOIN grid c ON c.n = g.parent
), words AS (
	INSERT INTO ilp.plan_value (tenant_id, plan_id, row_id, field, text, author_id, hat, at)
	SELECT p.tenant_id, p.plan_id, coalesce(g.row_id, p.plan_id), v.field, left(ilp.named(v.text, p.name, p.given_name), 20000),
		author, 1, ilp.moment()
	FROM plan p CROSS JOIN jsonb_to_recordset(content -> 'values') AS v (n int, field text, text text)
	LEFT JOIN grid g ON g.n = v.n
), tasks AS (
	INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, responsible, link, by_id, hat, at)
	SELECT p.tenant_id, p.plan_id, gen_random_uuid(), t.field, coalesce(g.row_id, p.plan_id), t.position,
		left(ilp.named(t.text, p.name, p.given_name), 2000),
		coalesce(f.codes[array_position(f.categories, 'todo')], 'todo'), 'todo', t.responsible, t.link, author, 1, ilp.moment()
	FROM plan p CROSS JOIN jsonb_to_recordset(content -> 'tasks')
		AS t (n int, field text, position double precision, text text, responsible text, link text)
	JOIN ilp.form_field f ON f.tenant_id = p.tenant_id AND f.form_id = p.form_id AND f.key = t.field
	LEFT JOIN grid g ON g.n = t.n
)
SELECT count(*) FROM grid $$;

-- The schools in which somebody is mentor or headteacher; NULL: all of them.
CREATE FUNCTION ilp.schools_of(person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS
$$ SELECT DISTINCT g.org_id FROM ilp.charge c
   JOIN ilp.group_student s ON c.group_id IS NULL AND s.tenant_id = c.tenant_id AND s.student_id = c.student_id
   JOIN ilp.student_group g ON g.tenant_id = s.tenant_id AND g.group_id = s.group_id
   WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = person AND g.org_id IS NOT NULL
   UNION
   SELECT DISTINCT g.org_id FROM ilp.charge c
   JOIN ilp.student_group g ON g.tenant_id = c.tenant_id AND g.group_id = c.group_id
   WHERE c.tenant_id = ilp.current_tenant() AND c.mentor_id = person AND g.org_id IS NOT NULL
   UNION
   SELECT h.org_id FROM ilp.head h WHERE h.tenant_id = ilp.current_tenant() AND h.person_id = person $$;

-- The school of a student, as a mentor means it: of the mentor's own group first.
CREATE FUNCTION ilp.school_of(student uuid, mentor uuid) RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT g.org_id FROM ilp.group_student s
   JOIN ilp.student_group g ON g.tenant_id = s.tenant_id AND g.group_id = s.group_id
   WHERE s.tenant_id = ilp.current_tenant() AND s.student_id = student AND g.org_id IS NOT NULL
   ORDER BY EXISTS (SELECT 1 FROM ilp.mentor a WHERE a.tenant_id = g.tenant_id AND a.mentor_id = mentor
	AND a.group_id = g.group_id) DESC, g.group_id LIMIT 1 $$;

-- Plans shared with somebody (R-113): with the district, with their school, and their own.
CREATE FUNCTION ilp.shares_for(person uuid) RETURNS SETOF ilp.share LANGUAGE sql STABLE AS
$$ WITH mine AS MATERIALIZED (SELECT ilp.schools_of(person) AS org_id)
   SELECT s.* FROM ilp.share s
   WHERE s.tenant_id = ilp.current_tenant() AND s.withdrawn_at IS NULL
     AND (s.org_id IS NULL OR s.by_id = person
	OR EXISTS (SELECT 1 FROM mine WHERE mine.org_id IS NULL OR ilp.org_within(mine.org_id, s.org_id))) $$;

-- The first list of tasks of a form that belongs to no goal.
CREATE FUNCTION ilp.first_tasks(form uuid) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT f.key FROM ilp.form o, jsonb_path_query(o.definition, '$.sections[*].fields[*].key') WITH ORDINALITY k (key, i)
   JOIN ilp.form_field f ON f.tenant_id = ilp.current_tenant() AND f.form_id = form AND f.key = k.key #>> '{}'
   WHERE o.tenant_id = ilp.current_tenant() AND o.form_id = form AND f.kind = 'tasks' AND f.of = 'plan'
   ORDER BY k.i LIMIT 1 $$;

-- An unfinished task goes on in the plan that follows, once (I-09): under the goal that
-- follows its own, else in the first list of tasks. What it was stays behind, with where it
-- went. NULL: not one to move.
CREATE FUNCTION ilp.move_task(of_plan uuid, task uuid, heir uuid, mover uuid) RETURNS uuid LANGUAGE sql VOLATILE AS $$
WITH moved AS (
	UPDATE ilp.task t SET moved_to = heir, at = ilp.moment(), changed_by = mover
	WHERE t.tenant_id = ilp.current_tenant() AND t.plan_id = of_plan AND t.task_id = task
	  AND t.moved_to IS NULL AND t.removed_at IS NULL AND t.category IN ('todo', 'doing')
	RETURNING t.*
), made AS (
	INSERT INTO ilp.task (tenant_id, plan_id, task_id, field, row_id, position, text, status, category, due_on, responsible,
		link, detail, revs, by_id, hat, at, changed_by, text_by, text_at, status_by, status_at, moved_from, meeting_id)
	SELECT m.tenant_id, heir, gen_random_uuid(),
		CASE WHEN g.row_id IS NOT NULL OR same.of = 'plan' THEN m.field ELSE coalesce(ilp.first_tasks(p.form_id), m.field) END,
		coalesce(g.row_id, heir), m.position, m.text, m.status, m.category, m.due_on, m.responsible,
		m.link, m.detail, m.revs, m.by_id, m.hat, m.at, mover, m.text_by, m.text_at, m.status_by, m.status_at, m.task_id, m.meeting_id
	FROM moved m
	JOIN ilp.plan p ON p.tenant_id = m.tenant_id AND p.plan_id = heir
	LEFT JOIN ilp.form_field same ON same.tenant_id = p.tenant_id AND same.form_id = p.form_id AND same.key = m.field
	     AND same.kind = 'tasks'
	LEFT JOIN ilp.plan_row g ON g.tenant_id = m.tenant_id AND g.plan_id = heir AND g.from_row = m.row_id
	     AND g.removed_at IS NULL AND same.key IS NOT NULL AND NOT EXISTS (
		SELECT 1 FROM ilp.plan_row c WHERE c.tenant_id = g.tenant_id AND c.plan_id = g.plan_id
		  AND c.row_id = g.parent_id AND c.removed_at IS NOT NULL)
	RETURNING *
), history AS (
	INSERT INTO ilp.plan_history (tenant_id, plan_id, object_id, field, rev, text, author_id, at)
	SELECT h.tenant_id, n.plan_id, n.task_id, h.field, h.rev, h.text, h.author_id, h.at
	FROM made n JOIN ilp.plan_history h ON h.tenant_id = n.tenant_id AND h.plan_id = of_plan AND h.object_id = n.moved_from
)
SELECT task_id FROM made $$;

DO $$
DECLARE t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['org', 'student_group', 'group_member', 'mentor', 'head', 'form', 'form_field',
		'template', 'template_revision', 'plan', 'plan_tombstone', 'plan_row', 'plan_value', 'task', 'plan_history',
		'post', 'evidence', 'plan_look', 'writing', 'snapshot', 'sign_off', 'meeting', 'meeting_party', 'meeting_text',
		'meeting_history', 'share', 'bank', 'framework', 'objective', 'review_reminder'] LOOP
		EXECUTE format('ALTER TABLE ilp.%I ENABLE ROW LEVEL SECURITY', t);
		EXECUTE format('ALTER TABLE ilp.%I FORCE ROW LEVEL SECURITY', t);
		EXECUTE format('CREATE POLICY tenant ON ilp.%I USING (tenant_id = ilp.current_tenant())', t);
	END LOOP;
END $$;
-- Releases and reminders that are due are found across tenants; what is in them is read as one.
CREATE POLICY worker ON ilp.review FOR SELECT USING (ilp.is_worker());
CREATE POLICY worker ON ilp.review_reminder FOR SELECT USING (ilp.is_worker());
