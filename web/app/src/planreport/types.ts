/* Reports about plans as the server says them; what a hat may not know is absent. */
import type { Hat, PlanState, TaskCount, Track } from "../plan-types";
import type { Scale } from "../types";

export interface Both<T> {
  student: T;
  home: T;
}

export interface ReportPlan {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  state: PlanState;
  publishedAt: string | null;
  tasks?: TaskCount & { late: number; help: number; moved: number };
  goals: number;
  reflected: number;
  wrote: Both<boolean>;
  reviews: number;
  track: { value: Track | null; said: boolean };
  opened?: Both<boolean>;
  confirmed?: Both<boolean>;
  homes?: number;
  meeting?: { state: string; on: string } | null;
  changedAt?: string;
}

export interface ReportRow {
  student: { id: string; name: string };
  hat: Hat;
  groups: string[];
  plan: ReportPlan | null;
}

export interface GroupAnswer {
  head: boolean;
  group: string | null;
  groups: { id: string; name: string; hat: Hat }[];
  rows: ReportRow[];
}

export interface SchoolCounts {
  students: number;
  planned: number;
  published: number;
  tasks: number;
  done: number;
  ahead: number;
  on: number;
  behind: number;
  support: number;
  studentOpened: number;
  homeOpened: number;
  studentConfirmed: number;
  homeConfirmed: number;
  met: number;
  meeting: number;
  reviewed: number;
}

export interface SchoolAnswer {
  org: string | null;
  orgs: { id: string; name: string }[];
  groups: (SchoolCounts & { id: string; name: string; org: string | null })[];
  all: SchoolCounts | null;
}

export interface StudentPlan {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  state: PlanState;
  publishedAt: string | null;
  tasks?: TaskCount;
  moved: number;
  track: { value: Track | null; said: boolean };
}

export interface StudentGoal {
  plan: string;
  id: string;
  parent: string | null;
  from: string | null;
  text: string | null;
  tasks: TaskCount;
}

export interface StudentReview {
  id: string;
  course: { id: string; title: string };
  title: string;
  scale: Scale | null;
  enteredOn: string;
  releasedAt: string | null;
  value: string | null;
  commented: boolean;
}

export interface Milestone {
  id: string;
  plan: string;
  row: string | null;
  text: string;
  at: string;
  by: string | null;
  confirmed: boolean;
}

export interface StudentAnswer {
  student: { id: string; name: string; given: string };
  hat: Hat;
  plans: StudentPlan[];
  goals: StudentGoal[];
  reviews: StudentReview[];
  milestones: Milestone[];
}
