/* What the server says, field by field. A field a role may not see is absent. */
import type { HomePlans, PlanBrief } from "./plan-types";

export type Role = "teacher" | "student" | "guardian" | "mentor" | "none";
export type Texts = Record<string, string>;

export interface ScaleValue {
  code: string;
  short: Texts;
  label: Texts;
  category: "ok" | "watch" | "risk" | "none";
  /* A face beside the words, for the youngest. */
  icon?: "sad" | "flat" | "glad";
}

export interface Scale {
  key: string;
  name: Texts;
  direction: "up" | "down" | "none";
  values: ScaleValue[];
}

export interface Review {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  scale: Scale | null;
  scaleLocked: boolean;
  selfAssessment: boolean;
  toStudents: boolean;
  toGuardians: boolean;
  rev: number;
  changedAt: string;
  total: number;
  assessed: number;
  released: number;
  releasedAt: string | null;
  /* Nothing has been written in it by anybody. */
  empty?: boolean;
  /* Of the self-assessment; null: the same. */
  selfScale: Scale | null;
  /* What is ready goes out by hand, on a day, or when a meeting is held. */
  release: "now" | "date" | "meeting";
  releaseOn: string | null;
  ready: number;
  /* The viewer's own reminder of what is missing. */
  remindOn: string | null;
}

export interface Released {
  value: string | null;
  comment: string;
  at: string;
  by: string;
  correctedAt: string | null;
}

export interface MyReview {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  scale: Scale | null;
  /* Where it is another one. */
  selfScale?: Scale;
  selfAssessment: boolean;
  toGuardians?: boolean;
  self?: { value: string | null; valueRev: number; comment: string; commentRev: number; at: string | null };
  released?: Released;
}

export interface ChildReview {
  id: string;
  title: string;
  course: string;
  startsOn: string;
  endsOn: string;
  scale: Scale | null;
  selfScale?: Scale;
  released: Released;
  self?: { value: string | null; comment: string };
}

export interface Child {
  id: string;
  name: string;
  given: string;
  reviews: ChildReview[];
  plans?: PlanBrief[];
}

export interface Person {
  id: string;
  name: string;
  given?: string;
}

export interface Roster {
  state: "none" | "wanted" | "running" | "done" | "failed";
  at: string | null;
  error: string | null;
  people?: number;
  retryAt?: string;
}

export interface Home extends HomePlans {
  viewer: { id?: string; name: string; role: Role; language: string; today: string; admin?: boolean };
  school: { name: string; help: string };
  course?: { id: string; title: string; label: string };
  returnUrl?: string;
  participants?: Person[];
  teachers?: Person[];
  roster?: Roster;
  reviews?: Review[] | MyReview[];
  /* The courses this one was copied from, and how many reviews' set-up they would bring. */
  copied?: { from: { context: string; title: string | null }[]; reviews: number };
  children?: Child[];
}

export interface Entry {
  student: { id: string; name: string; given: string | null };
  value: string | null;
  valueRev: number;
  valueBy: string | null;
  valueAt: string | null;
  comment: string;
  commentRev: number;
  commentBy: string | null;
  commentAt: string | null;
  self?: { value: string | null; comment: string; at: string | null };
  releasedAt: string | null;
  changedSinceRelease: boolean;
  left: boolean;
  enteredOn: string | null;
  /* Finished: a copy that mentors read and that waits to be released. */
  readyAt: string | null;
  changedSinceReady: boolean;
  correctedAt: string | null;
}

export interface ReviewAnswer {
  review: Review;
  entries: Entry[];
  cursor?: string | number;
}

export interface BulkResult {
  student: string;
  ok: boolean;
  value?: string | null;
  valueRev?: number;
  comment?: string;
  commentRev?: number;
  previous?: { value?: string | null; comment?: string };
}

export interface ReleasePreview {
  ready: string[];
  empty: string[];
  already: string[];
  tell: { students: number; guardians: number; unreachable: number };
}

export interface Past {
  field: "value" | "comment";
  rev: number;
  text: string | null;
  by: string;
  at: string;
}

export interface SaveBody {
  rev: number;
  at: string;
  scaleLocked?: boolean;
  assessed?: number;
}
