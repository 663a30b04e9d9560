/* The one row of our own above every page, and the messages that concern all of them. */
import { useState } from "preact/hooks";
import { useApp, useTally } from "../app";
import { languageNames, languages, t } from "../i18n";
import { go, href, usePath } from "../router";
import type { Role } from "../types";
import { Icon } from "./icons";
import { OwnWindow, SignOut } from "./leave";
import { Menu } from "./menu";
import { Note } from "./notes";

const avatarLook: Record<Role, string> = {
  teacher: "avatar",
  mentor: "avatar",
  student: "avatar avatar--student",
  guardian: "avatar avatar--parent",
  none: "avatar",
};

export function initials(name: string): string {
  const parts = name.split(/\s+/).filter(Boolean);
  const last = parts.length > 1 ? parts[parts.length - 1] : "";
  return [parts[0], last].map((p) => [...(p ?? "")][0] ?? "").join("");
}

function Settings({ leave }: { leave: () => void }) {
  const { home, setLanguage } = useApp();
  const back = /^https?:\/\//.test(home.returnUrl ?? "") ? home.returnUrl : undefined;
  return (
    <Menu
      look="btn btn--quiet"
      title={home.viewer.name}
      button={
        <>
          <span class={avatarLook[home.viewer.role]} aria-hidden="true">
            {initials(home.viewer.name)}
          </span>
          <span class="sr">{t("app.settings_of", { name: home.viewer.name })}</span>
          <Icon name="down" />
        </>
      }
    >
      <li class="head">
        <Icon name="globe" /> {t("app.language")}
      </li>
      {languages().map((l) => (
        <li>
          <button
            type="button"
            lang={l}
            aria-current={l === home.viewer.language ? "true" : undefined}
            onClick={() => void setLanguage(l)}
          >
            {languageNames[l] ?? l}
            {l === home.viewer.language && <Icon name="check" />}
          </button>
        </li>
      ))}
      <li class="sep" />
      <li>
        <a href={href("privacy")}>
          <Icon name="user" />
          {t("app.kept_about_me")}
        </a>
      </li>
      {back && (
        <li>
          <a href={back} target="_top" rel="noopener">
            <Icon name="back" flips />
            {t("app.back_to_course")}
          </a>
        </li>
      )}
      <li class="sep" />
      <li>
        <button class="menu__act" type="button" onClick={leave}>
          <Icon name="lock" />
          {t("app.sign_out")}
        </button>
      </li>
    </Menu>
  );
}

const administration: [string, string][] = [
  ["admin/templates", "app.admin_templates"],
  ["admin/objectives", "app.admin_objectives"],
  ["admin/bank", "app.admin_bank"],
  ["admin/school", "app.admin_school"],
  ["admin/platforms", "app.admin_platforms"],
  ["admin/launches", "app.admin_launches"],
  ["admin/relations", "app.admin_relations"],
];

function AdminNav() {
  const path = usePath() || "admin/platforms";
  return (
    <nav class="frame__nav" aria-label={t("app.admin")}>
      {administration.map(([to, key]) => (
        <a href={href(to)} aria-current={path.startsWith(to) ? "page" : undefined} key={to}>
          {t(key)}
        </a>
      ))}
    </nav>
  );
}

/* The course of the launch, and what somebody is besides: mentor, headteacher. */
function StaffNav() {
  const { home } = useApp();
  const asked = usePath();
  const teaches = home.viewer.role === "teacher";
  const { mentor = false, head = false } = home.hats ?? {};
  const label = (teaches && (home.course?.label || home.course?.title)) || "";
  const mine = mentor || head;
  /* Where somebody begins who has no course here. */
  const path = asked || (label ? "" : mentor ? "students" : head ? "reports" : "");
  const links: [string, string, RegExp][] = [];
  if (label) links.push(["", label, mine ? /^(?!students|shared|plans\/|meetings|reports|admin)/ : /^(?!meetings|reports|admin)/]);
  if (mine) links.push(["students", t(mentor ? "app.my_students" : "app.students"), /^(?:students|shared|plans\/)/]);
  if (mine) links.push(["meetings", t("app.meetings"), /^meetings/]);
  if (links.length > 0) links.push(["reports", t("app.reports"), /^reports/]);
  if (links.length === 0) return null;
  return (
    <nav class="frame__nav" aria-label={t("app.name")}>
      {links.map(([to, text, here]) => (
        <a href={href(to)} aria-current={here.test(path) ? "page" : undefined} dir="auto" key={to}>
          {text}
        </a>
      ))}
    </nav>
  );
}

export function Frame() {
  const { home } = useApp();
  const [leaving, leave] = useState(false);
  const path = usePath();
  return (
    <header class="frame">
      <div class="frame__in">
        <a class="brand" href={href("")}>
          <Icon name="path" />
          {t("app.name")}
        </a>
        <StaffNav />
        {home.viewer.admin && <AdminNav />}
        <div class="frame__end">
          <OwnWindow path={path} />
          <Settings leave={() => leave(true)} />
        </div>
      </div>
      {leaving && <SignOut close={() => leave(false)} />}
    </header>
  );
}

/* Words of this person wait in fields that this page does not show. */
function Elsewhere({ path }: { path: string }) {
  const { queue, home } = useApp();
  const id = /^reviews\/([^/]+)/.exec(path)?.[1];
  const away = queue.keys().filter((k) => {
    const phase = queue.get(k)?.phase;
    const review = /^reviews\/([^/]+)/.exec(k)?.[1];
    return review && review !== id && (phase === "conflict" || phase === "failed" || phase === "refused");
  });
  const first = /^reviews\/([^/]+)/.exec(away[0] ?? "")?.[1];
  const review = (home.reviews ?? []).find((r) => r.id === first);
  if (!review) return null;
  return (
    <Note tone="warn" role="status">
      {t("save.elsewhere", { n: away.length, title: review.title })}{" "}
      <button class="linkbtn" type="button" onClick={() => go(`reviews/${review.id}`)}>
        {t("save.elsewhere_open")}
      </button>
    </Note>
  );
}

/* The same for a plan that is not on this page: two texts wait for somebody to choose. */
function InPlans() {
  const { queue } = useApp();
  const away = queue.keys().filter((k) => k.startsWith("plans/") && queue.get(k)?.phase === "conflict" && !queue.shown(k));
  const plan = /^plans\/([^/]+)/.exec(away[0] ?? "")?.[1];
  if (!plan) return null;
  return (
    <Note tone="warn" role="status">
      {t("save.elsewhere", { n: away.length, title: t("app.name") })}{" "}
      <button class="linkbtn" type="button" onClick={() => go(`plans/${plan}`)}>
        {t("save.elsewhere_open")}
      </button>
    </Note>
  );
}

/* Words for something that is no longer there: shown, so that they can be copied. */
function Orphans() {
  const { queue, home } = useApp();
  const known = new Set((home.reviews ?? []).map((r) => r.id));
  const lost = queue.keys().filter((k) => {
    const id = /^(?:my\/)?reviews\/([^/]+)/.exec(k)?.[1];
    return queue.get(k)?.phase === "refused" && (id === undefined ? !queue.shown(k) : !known.has(id));
  });
  return (
    <>
      {lost.map((k) => (
        <Note tone="warn" key={k}>
          {t("save.orphan")}{" "}
          <q class="voice" dir="auto">
            {queue.get(k)?.text}
          </q>{" "}
          <button class="linkbtn" type="button" onClick={() => queue.discard(k)}>
            {t("save.orphan_discard")}
          </button>
        </Note>
      ))}
    </>
  );
}

export function Banners({ path }: { path: string }) {
  const { queue, outbox, online, durable } = useApp();
  const tally = useTally();
  const waiting = tally.unsaved + tally.pending;
  const failed = tally.unsaved - tally.refused;
  const kept = durable ? "kept" : "page";
  return (
    <div class="banners">
      {queue.ended && (
        <Note tone="bad" role="alert">
          <b>{t("app.ended")}</b> {t(`app.ended_${tally.unsaved || tally.conflicts ? kept : "nothing"}`)}
        </Note>
      )}
      {!queue.ended && !online && (
        <Note tone="warn" role="status">
          {waiting ? t(`app.offline_${kept}`, { n: waiting }) : t("app.offline")}
        </Note>
      )}
      {!queue.ended && online && failed > 0 && (
        <Note tone="bad" role="status">
          {t(`app.unsaved_${kept}`, { n: failed })}{" "}
          <button class="linkbtn" type="button" onClick={() => (outbox.retry(), queue.retryAll())}>
            {t("save.retry_all")}
          </button>
        </Note>
      )}
      <Elsewhere path={path} />
      <InPlans />
      <Orphans />
    </div>
  );
}
