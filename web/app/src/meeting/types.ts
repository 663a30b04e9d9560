/* Meetings and signatures as the server says them (ilp/meeting.h, ilp/sign.h). */
import type { Category, Hat, MeetingBrief, PlanState, Status } from "../plan-types";

export interface Question {
  key: string;
  label: string;
}

export type Party = MeetingBrief["parties"][number] & {
  id: string;
  given: string;
  answerText?: string | null;
  remindedAt?: string | null;
  attended?: boolean | null;
};

export interface Meeting extends Omit<MeetingBrief, "parties" | "mine"> {
  planTitle: string;
  planState: PlanState;
  batch: string;
  rev: number;
  step: string | null;
  live: boolean;
  questions: Question[];
  parties: Party[];
  mine?: NonNullable<MeetingBrief["mine"]> & { id: string; answerText: string | null };
}

export interface MeetingText {
  person: string;
  field: string;
  text: string | null;
  rev: number;
  by: string;
  at: string;
  /* By somebody else than whose voice it is. */
  typed: boolean;
}

export interface Topic {
  id: string;
  text: string;
  by: string;
  hat: Hat;
  at: string;
  mine: boolean;
  done: boolean;
}

export interface Agreed {
  id: string;
  text: string;
  status: string;
  category: Category;
  dueOn: string | null;
  responsible: "student" | "home" | "school";
}

/* GET /api/meetings/:id */
export interface MeetingPage {
  meeting: Meeting;
  hat: Hat;
  leads: boolean;
  prepares: boolean;
  texts: MeetingText[];
  agreed: Agreed[];
  statuses: Status[] | null;
  topics?: Topic[];
  addsTopics?: boolean;
}

export interface LiveTask extends Agreed {
  row: string | null;
  revs: { text: number; status: number };
  agreed: boolean;
  writable: boolean;
}

/* GET /api/meetings/:id/live */
export interface Live {
  meeting: Pick<Meeting, "id" | "plan" | "planTitle" | "student" | "startsAt" | "place" | "state" | "step" | "rev" | "questions"> & {
    organiser: string; // an id
  };
  me: string;
  hat: Hat;
  leads: boolean;
  people: { id: string; name: string; given: string; hat: Hat; attended: boolean | null }[];
  texts: MeetingText[];
  rows: { id: string; kind: "competence" | "goal"; parent: string | null; text: string | null }[];
  tasks: LiveTask[];
  statuses: Status[] | null;
  /* Who else has the cursor where: object is whose voice, or the meeting for its minutes. */
  writing: { by: string; object: string; field: string }[];
  /* The viewer can make a task of what is agreed. */
  agreements: boolean;
}

/* GET /api/meetings/:id/brief */
export interface BriefLine {
  part: "good" | "now" | "new" | "said";
  kind: "done" | "review" | "answer" | "help" | "late" | "agreed" | "proposal" | "topic" | "post" | "value" | "prep";
  id: string;
  text: string | null;
  title: string | null;
  by: string | null;
  hat: Hat | null;
  at: string | null;
  label?: Record<string, string>;
  due?: string | null;
  key?: string;
}

export interface Request {
  person: string;
  name: string;
  hat: Hat;
  askedAt: string;
  mine: boolean;
  answer: "signed" | "declined" | null;
  answeredAt?: string | null;
  method?: "app" | "room" | "paper" | null;
  reason?: string | null;
  typedBy?: string | null;
}

/* GET /api/plans/:id/signatures */
export interface SignatureList {
  copies: { id: string; at: string; by: string; hash: string | null; changed?: boolean; requests: Request[] | null }[];
  people: { id: string; name: string; hat: Hat }[];
  asks: boolean;
  signs: boolean;
}

export const textKey = (meeting: string, person: string, field: string) => `meetings/${meeting}/texts/${person}/${field}`;

/* An id for something new, of the kind the server takes. */
export const fresh = () => crypto.randomUUID();
