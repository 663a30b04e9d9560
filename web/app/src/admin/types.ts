/* What the server says to administrators. */

export interface Service {
  at: string | null;
  error: string | null;
}

export interface CheckStep {
  what: string;
  result: "ok" | "warn" | "failed" | "skipped";
  text: string;
  ms: number;
}

export type SettingValue = string | number | boolean;
export type Settings = Record<string, SettingValue>;
export type Policy = "auto" | "pending" | "closed";

export interface Granted {
  asked?: Record<string, string[]>;
  given?: Record<string, string[]>;
  at?: string;
}

export interface Platform {
  id: string;
  name: string;
  profile: string;
  product: string;
  issuer: string;
  clientId: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  state: "pending" | "active" | "closed";
  deployments: Policy;
  settings: Settings;
  effective: Settings;
  granted: Granted;
  createdAt: string;
  /* Ours to change; else only our deployments of it are. */
  own: boolean;
  counts: { deployments: number; pending: number; courses: number; people: number };
  today: { launches: number; refused: number; lastAt: string | null; lastReason: string | null };
  keys: Service;
  token: Service;
  roster: Service & { failed: number; courses: number };
  clock: { ms: number | null; at: string | null };
  check: { wantedAt: string | null; at: string | null; steps: CheckStep[] };
}

export interface Profile {
  name: string;
  title: string;
  settings: Settings;
}

export interface Setting {
  name: string;
  kind: "text" | "number" | "flag";
  about: string;
}

export interface Addresses {
  base: string;
  domain: string;
  login: string;
  launch: string;
  jwks: string;
  register: string;
  canvas: string;
  notices: string;
  deepLink: string;
}

export interface Key {
  kid: string;
  state: "next" | "active" | "retiring";
  createdAt: string;
  activeAt: string | null;
  retiringAt: string | null;
}

export interface Invitation {
  id: string;
  note: string;
  createdAt: string;
  expiresAt: string;
  usedAt: string | null;
  registrationId: string | null;
}

export interface Overview {
  platforms: Platform[];
  profiles: Profile[];
  settings: Setting[];
  ours: Addresses;
  keys: Key[];
  invitations: Invitation[];
}

export interface Deployment {
  id: string;
  state: "active" | "pending" | "closed";
  platformName: string;
  platformGuid: string;
  firstAt: string;
  seenAt: string;
  courses: number;
}

export interface Launch {
  id: string;
  at: string;
  code: string;
  platform: string;
  platformName: string;
  deployment: string | null;
  verified: boolean;
  reason: string | null;
  message: string | null;
  browser: string;
  rung: string;
  role: string | null;
  why: string | null;
  person: { id: string; name: string } | null;
  course: { id: string; title: string } | null;
}

export interface LaunchDetail extends Launch {
  facts: Record<string, unknown>;
  steps: { name: string; us: number }[];
  mend?: string;
  words?: string;
}

export interface Launches {
  launches: Launch[];
  next?: string;
  doctor?: { code: string; at: string; result: Record<string, unknown> };
}

export type RuleKind = "user" | "custom" | "group" | "role";

export interface Rule {
  id?: string;
  kind: RuleKind;
  name: string;
  value: string;
  becomes: string;
  note: string;
}

export interface Previewed {
  id: string;
  at: string;
  person: string;
  roles: string[] | null;
  was: string | null;
  becomes: string;
  why: string;
}

export interface Relation {
  student: { id: string; name: string };
  guardian: { id: string; name: string };
  source: string;
  state: "active" | "ended" | "expired" | "blocked";
  confirmedAt: string;
  expiresAt: string | null;
  note: string;
}
