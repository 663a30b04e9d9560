/* Plans as the server says them. A field a role may not see is absent. */
import type { Scale, Texts } from "./types";

export type Hat = "mentor" | "teacher" | "student" | "guardian" | "head";
export type PlanState = "draft" | "published" | "locked" | "archived";
/* Computed from today (X-13: past its end and not locked is still current). */
export type Currency = "upcoming" | "current" | "past";
export type Category = "todo" | "doing" | "done" | "dropped";
export type Track = "ahead" | "on" | "behind" | "support";
export type Act =
  | "write" | "propose" | "task_status" | "confirm" | "post" | "log" | "make" | "change" | "add_field" | "publish"
  | "unpublish" | "lock" | "reopen" | "archive" | "restore" | "delete" | "transfer" | "track" | "share"
  | "see_readers" | "look_as" | "meet" | "prepare" | "sign" | "ask_sign" | "report";

/* ---- Forms (ilp/form.h) ---- */

export type Kind =
  | "text" | "long" | "rich" | "choice" | "multi" | "scale" | "date" | "number" | "series" | "checklist" | "table"
  | "status" | "files" | "tasks" | "notes" | "comments" | "computed" | "signature" | "heading";

export interface Status {
  key: string;
  label: Texts;
  category: Category;
  flag?: boolean;
  setters: string;
}

export interface FormField {
  key: string;
  kind: Kind;
  of?: "competence" | "goal";
  label: Texts;
  help?: Texts;
  head?: boolean;
  required?: boolean;
  shared?: boolean;
  printed?: boolean;
  sensitive?: boolean;
  agreement?: boolean;
  options?: { code: string; label: Texts }[];
  scale?: Scale;
  columns?: Texts[];
  unit?: string;
  target?: number;
  computed?: "reviews" | "open_tasks";
  /* In a form as a hat sees it (form_view): hat letters of MCSGH, and whether this viewer edits. */
  seenBy?: string;
  editedBy?: string;
  edits?: boolean;
  /* In a template's definition. */
  sees?: string;
}

export interface FormSection {
  key: string;
  kind: "fields" | "grid";
  title: Texts;
  help?: Texts;
  seenBy?: string;
  editedBy?: string;
  edits?: boolean;
  fields: FormField[];
}

export interface Form {
  title: Texts;
  about?: Texts;
  purpose: string;
  statuses: Status[];
  turns?: boolean;
  ceiling?: { sees: string; edits: string };
  /* Absent where the viewer does not see it. */
  log?: { seenBy: string; editedBy: string; edits?: boolean };
  topics?: { seenBy: string; editedBy: string; edits?: boolean };
  sections: FormSection[];
}

/* ---- Lists ---- */

export interface PlanBrief {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  state: PlanState;
  currency: Currency;
  publishedAt: string | null;
}

export interface TaskCount {
  todo: number;
  doing: number;
  done: number;
  dropped: number;
}

export interface PlanRow extends PlanBrief {
  /* Absent where this viewer does not see its tasks. */
  tasks?: TaskCount;
  late?: number; // not finished on their day
  help?: number; // that call for help
  track?: { value: Track | null; said?: boolean; reason?: string };
  /* Mentors and headteachers only. */
  opened?: { student: boolean; home: boolean | null }; // null: nobody there
  confirmed?: { student: boolean; home: boolean | null }; // "I have read this", where a meeting asks for it
  proposals?: number;
  comments?: number; // from student and home since this viewer last looked
  changedAt?: string;
  changedBy?: string;
}

export interface StudentRow {
  id: string;
  name: string;
  given: string;
  hat: Hat; // the viewer's
  groups: string[];
  plans: PlanRow[];
  last: { id: string; title: string; endsOn: string } | null;
  orphan?: boolean; // has no mentor; said to headteachers (I-29)
}

/* GET /api/students, for headteachers with ?group=<id> or ?search=, for all with ?state=locked
 * or archived: those plans too; GET /api/course/plans without groups. */
export interface StudentList {
  groups: { id: string; name: string; students: number; mine?: boolean }[];
  students: StudentRow[];
  templates: number; // published ones that can be chosen
  meetings: { batch: string; on: string; students: number; readByStudent: number; readByHome: number; homes: number }[];
}

/* ---- One plan: GET /api/plans/:id, and ?as=student|guardian for those who may look_as ---- */

export interface PlanValue {
  row: string | null; // null: of the plan
  field: string;
  text: string | null;
  rev: number;
  by: string;
  hat: Hat;
  typedBy?: string;
  at: string;
  isNew?: boolean;
  nodes?: RichNode[]; // of kind rich
}

/* CommonMark, read by the server: headings, paragraphs, lists, emphasis, links. */
export type RichNode = string | { t: "p" | "h" | "ul" | "ol" | "li" | "em" | "strong" | "a" | "br" | "quote" | "code"; href?: string; c?: RichNode[] };

export interface PlanRowOfGrid {
  id: string;
  kind: "competence" | "goal";
  parent: string | null;
  position: number;
  state: "agreed" | "proposed" | "declined";
  objective?: string;
  by: string;
  hat: Hat;
  mayRemove?: boolean; // mentors all; others what their own side added
}

export interface Task {
  id: string;
  field: string;
  row: string | null; // null: of the plan
  position: number;
  text: string;
  status: string;
  category: Category;
  dueOn: string | null;
  responsible: "student" | "home" | "school";
  link: string | null;
  detail: string;
  /* Revisions, for PUT /api/plans/:id/tasks/:task/:field */
  revs: { text: number; status: number; due: number; responsible: number; link: number; detail: number };
  statusBy?: string;
  statusAt?: string;
  confirmed?: { by: string; at: string };
  movedFrom?: boolean;
  movedTo?: string; // plan
  isNew?: boolean;
  mayRemove?: boolean;
}

export interface Post {
  id: string;
  field: string; // "_log", "_topics", or a field of kind notes or comments
  row: string | null;
  text: string;
  audience: string; // hat letters that see it
  rev: number;
  by: string;
  byId: string;
  hat: Hat;
  at: string;
  editedAt?: string;
  removed?: boolean; // for its author and mentors: "removed"
  doneAt?: string;
  mine?: boolean;
  isNew?: boolean;
}

export interface Evidence {
  id: string;
  field: string;
  row: string | null;
  title: string;
  url?: string;
  file?: { type: string; size: number };
  by: string;
  hat: Hat;
  at: string;
  mine?: boolean;
}

/* A review of any course whose entry falls into the plan's period (R-190, I-14). */
export interface PlanReview {
  id: string;
  course: string;
  title: string;
  scale: Scale | null;
  value?: string | null;
  comment?: string;
  by: string;
  enteredOn: string;
  /* absent: not released; then only staff get this entry, where it is ready. */
  releasedAt?: string;
  correctedAt?: string;
  self?: { value: string | null; comment: string; scale?: Scale };
}

export interface Reader {
  name: string;
  hat: Hat;
  openedAt: string | null;
  confirmedAt?: string | null;
}

export interface PlanPage {
  plan: PlanBrief & {
    rev: number;
    hat: Hat;
    as?: Hat;
    may: Act[];
    lockedAt?: string;
    lockReason?: string;
    predecessor?: { id: string; title: string };
    successor?: { id: string; title: string; state: PlanState };
    /* Of a draft that follows another plan: how many unfinished tasks come when it is published. */
    movesTasks?: number;
    createdBy?: string;
  };
  student: { id: string; name: string; given: string };
  form: Form;
  rows: PlanRowOfGrid[];
  values: PlanValue[];
  tasks: Task[];
  posts: Post[];
  evidence: Evidence[];
  reviews: PlanReview[];
  plans: PlanRow[]; // all of this student that the viewer sees, the newest first
  track?: { value: Track | null; computed: Track | null; reason?: string; by?: string; at?: string };
  readers?: Reader[];
  meeting?: MeetingBrief;
  lookedAt: string | null; // the time before this one
  cursor: string;
}

/* GET /api/plans/:id/changes?since=<cursor>: what is newer, in the shapes above. */
export interface PlanChanges {
  rows: PlanRowOfGrid[];
  values: PlanValue[];
  tasks: Task[];
  posts: Post[];
  gone: string[]; // ids of rows, tasks, posts taken away
  writing: { by: string; object: string; field: string }[];
  state: PlanState;
  cursor: string;
}

/* ---- Acts ---- */

export interface MadePlan {
  student: string;
  ok: boolean;
  plan?: string;
  reason?: string; // "has_one" is no failure: made by this request before
}

export interface ActResult {
  plan: string;
  ok: boolean;
  state?: PlanState;
  made?: string; // by revise
  reason?: string;
}

/* POST /api/plans/preview */
export interface PublishPreview {
  plans: {
    id: string;
    student: { id: string; name: string };
    title: string;
    state: PlanState;
    opened?: { student: boolean; home: boolean }; // of published ones
    locks: { id: string; title: string }[];
    moves: number;
    studentMail: boolean;
    guardians: { name: string; mail: boolean }[];
    empty: boolean; // nothing is written in it yet
  }[];
  mails: number;
}

/* ---- Shares ---- */

export interface ShareBrief {
  id: string;
  title: string;
  scope: "school" | "district";
  school?: string;
  by: string;
  at: string;
  uses: number;
  mine: boolean;
  purpose: string | null;
  form: Texts; // what its template is called
  rows: number;
  tasks: number;
}

/* GET /api/shares/:id. {name} in a text stands where a student's name was. */
export interface SharePreview {
  share: ShareBrief;
  form: Form;
  rows: { id: string; kind: "competence" | "goal"; parent: string | null; position: number; objective?: string | null }[];
  values: { row: string | null; field: string; text: string }[];
  tasks: { row: string | null; field: string; position: number; text: string; responsible: "student" | "home" | "school"; link?: string }[];
}

/* ---- Meetings ---- */

export interface MeetingBrief {
  id: string;
  plan: string;
  student: { id: string; name: string; given: string };
  startsAt: string;
  minutes: number;
  place: string;
  link?: string;
  state: "planned" | "held" | "shared" | "closed" | "cancelled" | "missed";
  asksReading: boolean;
  organiser: string;
  mine?: { answer: "comes" | "cannot" | "other_time" | null; confirmedAt: string | null; prepared: boolean };
  parties: { name: string; hat: Hat; answer?: string | null; openedAt?: string | null; confirmedAt?: string | null; prepared?: boolean }[];
}

/* ---- Home: what GET /api/home has besides (types.ts) ---- */

export interface HomePlans {
  /* Staff: what they are here besides their role. */
  hats?: { mentor: boolean; head: boolean };
  /* Students: their own; guardians: in each child. */
  plans?: PlanBrief[];
}
