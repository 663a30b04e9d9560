/* The application around the pages: shared state, routes, messages. */
import { Component, type ComponentChildren, type JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError } from "./api";
import { AppContext, type App, type ToastSpec } from "./app";
import type { Drafts, Kept } from "./draft";
import { t, loadLanguage } from "./i18n";
import { Children } from "./pages/children";
import { My } from "./pages/my";
import { opened } from "./opened";
import { Missing, NoRole } from "./pages/other";
import { Plans } from "./pages/plans";
import { Reviews } from "./pages/reviews";
import type { Outbox } from "./outbox";
import { Banners, Frame } from "./parts/frame";
import { later } from "./parts/later";
import { Problem } from "./parts/notes";
import { Sprite } from "./parts/icons";
import { Toasts, type ToastItem } from "./parts/toasts";
import { go, usePath } from "./router";
import type { SaveQueue } from "./save";
import type { Home, Role } from "./types";

type Page = (id: string) => JSX.Element;

const CourseRelations = later(() => import("./admin/relations"), "CourseRelations", "admin");
const Grid = later(() => import("./pages/grid"), "Grid", "reviews");
const Place = later(() => import("./pages/place"), "Place", "more");
const Report = later(() => import("./pages/report"), "Report", "more");
const ReportStudent = later(() => import("./pages/report-student"), "ReportStudent", "more");
const Privacy = later(() => import("./pages/privacy"), "Privacy", "more");

const Students = later(() => import("./students/index"), "Students", "students");
const Shared = later(() => import("./students/shares"), "Shared", "students");
const StaffPlan = later(() => import("./plan/index"), "StaffPlan", "plan");
const StudentPlan = later(() => import("./plan/index"), "StudentPlan", "plan");
const PrintPlan = later(() => import("./print/index"), "PrintPlan", "print");
const PrintPlans = later(() => import("./print/index"), "PrintPlans", "print");
const GroupReport = later(() => import("./planreport/index"), "GroupReport", "reports");
const SchoolReport = later(() => import("./planreport/index"), "SchoolReport", "reports");
const StudentReport = later(() => import("./planreport/index"), "StudentReport", "reports");

const Meetings = later(() => import("./meeting/index"), "Meetings", "plan");
const PlanMeeting = later(() => import("./meeting/index"), "PlanMeeting", "plan");
const MeetingPage = later(() => import("./meeting/index"), "MeetingPage", "plan");
const Conference = later(() => import("./meeting/index"), "Conference", "plan");

/* A page that cannot be drawn takes neither the frame nor anybody's words with it. */
class Guard extends Component<{ children: ComponentChildren }, { error: unknown }> {
  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    return error ? <Problem error={error} retry={() => this.setState({ error: null })} /> : <>{this.props.children}</>;
  }
}

/* Besides the role of the launch, what somebody is to students. */
type Who = Role | "mentors" | "heads" | "any";

function isWho({ viewer, hats }: Home, who: Who): boolean {
  if (who === "mentors") return hats?.mentor === true;
  if (who === "heads") return hats?.head === true;
  return who === "any" || who === viewer.role;
}

/* Who, address below /app/<sid>/, page. The first that fits is where somebody begins. */
const routes: [Who, RegExp, Page][] = [
  ["teacher", /^(?:plans)?$/, () => <Plans />],
  ["teacher", /^guardians$/, () => <CourseRelations />],
  ["teacher", /^reviews$/, () => <Reviews />],
  ["teacher", /^reviews\/([^/]+)$/, (id) => <Grid id={id} key={id} />],
  ["teacher", /^report$/, () => <Report />],
  ["teacher", /^report\/([^/]+)$/, (id) => <ReportStudent id={id} key={id} />],
  ["teacher", /^place$/, () => <Place />],
  ["student", /^(?:my)?$/, () => <My first="" />],
  ["student", /^plans\/([^/]+)$/, (id) => <StudentPlan id={id} key={id} />],
  ["student", /^my\/([^/]+)$/, (id) => <My first={id} />],
  ["guardian", /^(?:children)?$/, () => <Children id="" />],
  ["guardian", /^plans\/([^/]+)$/, (id) => <Children id="" plan={id} />],
  ["guardian", /^children\/([^/]+)$/, (id) => <Children id={id} />],
  ["guardian", /^read\/([^/]+)$/, (id) => <Children id="" first={id} />],
  ["any", /^plans\/([^/]+)$/, (id) => <StaffPlan id={id} key={id} />],
  ["any", /^plans\/([^/]+)\/as\/student$/, (id) => <StaffPlan id={id} as="student" key={`${id}s`} />],
  ["any", /^plans\/([^/]+)\/as\/guardian$/, (id) => <StaffPlan id={id} as="guardian" key={`${id}g`} />],
  ["any", /^meetings$/, () => <Meetings />],
  ["any", /^meetings\/new\/([^/]+)$/, (id) => <PlanMeeting ids={id} key={id} />],
  ["any", /^meetings\/([^/]+)$/, (id) => <MeetingPage id={id} key={id} />],
  ["any", /^meetings\/([^/]+)\/live$/, (id) => <Conference id={id} key={id} />],
  ["any", /^print\/plans$/, () => <PrintPlans />],
  ["any", /^print\/plans\/([^/]+)$/, (id) => <PrintPlan id={id} key={id} />],
  ["any", /^reports\/students\/([^/]+)$/, (id) => <StudentReport id={id} key={id} />],
  ["heads", /^reports\/school$/, () => <SchoolReport />],
  ["teacher", /^reports$/, () => <GroupReport />],
  ["mentors", /^reports$/, () => <GroupReport />],
  ["heads", /^reports$/, () => <SchoolReport />],
  ["teacher", /^reports\/group\/([^/]+(?:\/\w+)?)$/, (id) => <GroupReport at={id} key={id} />],
  ["mentors", /^reports\/group\/([^/]+(?:\/\w+)?)$/, (id) => <GroupReport at={id} key={id} />],
  ["heads", /^reports\/group\/([^/]+(?:\/\w+)?)$/, (id) => <GroupReport at={id} key={id} />],
  ["any", /^privacy(?:\/([^/]+))?$/, (id) => <Privacy id={id} key={id} />],
  ["mentors", /^(?:students)?$/, () => <Students />],
  ["mentors", /^shared$/, () => <Shared />],
  ["heads", /^$/, () => <SchoolReport />],
  ["heads", /^students$/, () => <Students />],
  ["mentor", /^$/, () => <NoRole />],
  ["none", /^$/, () => <NoRole />],
];

const Admin = later(() => import("./admin/index"), "Admin", "admin");

/* An administrator without a role in a course begins there. */
function isAdmin({ viewer }: Home, path: string): boolean {
  return viewer.admin === true && (/^admin(?:\/|$)/.test(path) || (path === "" && viewer.role === "none"));
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function pageFor(home: Home, path: string): JSX.Element {
  const role = home.viewer.role;
  if (role === "student" && path === "" && home.plans?.length) return <StudentPlan id="" />;
  if (isAdmin(home, path)) return <Admin path={path} />;
  for (const [who, address, page] of routes) {
    const match = isWho(home, who) ? address.exec(path) : null;
    if (match) return page(plain(match[1] ?? ""));
  }
  return <Missing />;
}

function useOnline(): boolean {
  const [online, set] = useState(navigator.onLine);
  useEffect(() => {
    const read = () => set(navigator.onLine);
    window.addEventListener("online", read);
    window.addEventListener("offline", read);
    return () => {
      window.removeEventListener("online", read);
      window.removeEventListener("offline", read);
    };
  }, []);
  return online;
}

function useToasts() {
  const [items, set] = useState<ToastItem[]>([]);
  const next = useRef(1);
  const add = useCallback((spec: ToastSpec) => set((l) => [...l.slice(-2), { ...spec, id: next.current++ }]), []);
  const remove = useCallback((id: number) => set((l) => l.filter((i) => i.id !== id)), []);
  return { items, add, remove };
}

/* Says errors, conflicts and the first save of a page to those who do not see them. */
function useSpokenSaves(queue: SaveQueue, path: string, announce: (text: string) => void): void {
  useEffect(() => {
    let told = { unsaved: 0, conflicts: 0 };
    let firstSave = true;
    return queue.listen(null, () => {
      const now = queue.tally();
      if (now.conflicts > told.conflicts) announce(t("save.spoken_conflict"));
      else if (now.unsaved > told.unsaved) announce(t("save.spoken_failed"));
      else if (firstSave && queue.keys().some((k) => queue.get(k)?.phase === "saved")) {
        firstSave = false;
        announce(t("save.spoken_saved"));
      }
      told = now;
    });
  }, [queue, path]);
}

/* After a change of page the heading has the focus, as after a page load; of a page that is
 * still being fetched once it is there, unless somebody has gone on meanwhile. */
function useHeadingFocus(path: string): void {
  const first = useRef(true);
  useEffect(() => {
    const again = !first.current;
    first.current = false;
    const heading = () => document.querySelector<HTMLElement>("main h1");
    const main = document.getElementById("main");
    if (!again || !main) return;
    if (heading()) return heading()?.focus();
    const look = new MutationObserver(() => {
      if (!heading()) return;
      look.disconnect();
      const at = document.activeElement;
      if (!at || at === document.body || !at.isConnected) heading()?.focus();
    });
    look.observe(main, { childList: true, subtree: true });
    return () => look.disconnect();
  }, [path]);
}

/* Data younger than this needs no second look. */
const fresh = 5000;

interface Props {
  first: Home;
  queue: SaveQueue;
  drafts: Drafts;
  outbox: Outbox;
  unsent: Kept;
}

export function Root({ first, queue, drafts, outbox, unsent }: Props) {
  const [home, setHome] = useState(first);
  const [spoken, announce] = useState("");
  const [, ended] = useState(false);
  const fetched = useRef(Date.now());
  const online = useOnline();
  const toasts = useToasts();
  const asked = usePath();
  const path = opened(first.viewer.role, asked);
  useEffect(() => {
    if (path !== asked) go(path, true);
  }, [path, asked]);
  useHeadingFocus(path);
  useSpokenSaves(queue, path, announce);

  const app = useMemo<App>(() => {
    const sessionEnded = () => {
      queue.end();
      outbox.end();
      ended(true);
    };
    const reload = async () => {
      setHome(await api<Home>("home"));
      fetched.current = Date.now();
    };
    return {
      home,
      queue,
      outbox,
      unsent,
      durable: drafts.durable,
      online,
      setHome,
      announce,
      sessionEnded,
      toast: toasts.add,
      reload,
      refresh: () => {
        if (Date.now() - fetched.current < fresh || queue.ended) return;
        reload().catch((e: unknown) => {
          if (e instanceof ApiError && e.code === "expired") sessionEnded();
        });
      },
      setLanguage: async (language) => {
        try {
          await loadLanguage(language);
          setHome((h) => ({ ...h, viewer: { ...h.viewer, language } }));
          await api("viewer/language", { method: "PUT", body: { language } });
        } catch (e) {
          if (e instanceof ApiError && e.code === "expired") sessionEnded();
          else toasts.add({ text: t("app.language_failed") });
        }
      },
    };
  }, [home, online, queue]);

  const family = home.viewer.role === "student" || home.viewer.role === "guardian";
  useEffect(() => void document.body.classList.toggle("family", family), [family]);
  return (
    <AppContext.Provider value={app}>
      <a class="skip" href="#main">
        {t("app.skip")}
      </a>
      <Sprite />
      <Frame />
      <main class={family ? "page page--read" : "page"} id="main" tabIndex={-1} key={home.viewer.language}>
        <Banners path={path} />
        <Guard key={path}>{pageFor(home, path)}</Guard>
      </main>
      <div class="sr" role="status" aria-live="polite">
        {spoken}
      </div>
      <Toasts items={toasts.items} remove={toasts.remove} />
    </AppContext.Provider>
  );
}
