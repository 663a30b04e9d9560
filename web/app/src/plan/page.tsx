/* The page of mentors, teachers and headteachers: everything of one plan (ui/05). */
import { useEffect, useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import { isMissing } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import { Missing } from "../pages/other";
import type { FormSection, Hat } from "../plan-types";
import { go, href } from "../router";
import { AddField } from "./add-field";
import { AllPlans } from "./all-plans";
import { useAudience, useMay, PlanContext, usePlanContext } from "./context";
import { usePlan, useSayWriting } from "./data";
import { FieldBox, isWide } from "./field";
import { Grid } from "./grid";
import { Head } from "./head";
import { NewsLine } from "./news";
import { Thread, WritePost } from "./posts";
import { ReviewTable } from "./reviews";
import { StudentSwitcher } from "../students/switcher";
import { Family } from "./family";

/* Reviews stand in a section of their own, whatever the form says. */
const drawn = (section: FormSection) => section.fields.filter((f) => f.computed !== "reviews");

function Section({ section, last }: { section: FormSection; last: boolean }) {
  return (
    <section class="section" id={`s-${section.key}`} aria-labelledby={`s-${section.key}-h`}>
      <div class="section__head">
        <h2 id={`s-${section.key}-h`} tabIndex={-1}>
          {pick(section.title)}
        </h2>
        {section.help && <span class="hint">{pick(section.help)}</span>}
      </div>
      <div class="cols cols--2">
        {drawn(section).map((f) => (
          <div class={isWide(f) || f.kind === "heading" ? "full" : undefined} key={f.key}>
            <FieldBox field={f} row={null} />
          </div>
        ))}
      </div>
      {last && <AddField section={section} />}
    </section>
  );
}

function Log() {
  const { page } = usePlanContext();
  const may = useMay();
  const log = page.form.log;
  if (!log) return null;
  const seenBy = log.seenBy;
  return (
    <section id="log" aria-labelledby="log-h">
      <div class="section__head">
        <h2 id="log-h" tabIndex={-1}>
          {t("plan.log")}
        </h2>
      </div>
      <Thread field="_log" row={null} seenBy={seenBy} newestFirst />
      {page.posts.every((p) => p.field !== "_log") && <p class="muted">{t("plan.log_none")}</p>}
      {may("log") && log.edits && <WritePost field="_log" row={null} seenBy={seenBy} label={t("plan.log_write")} small />}
    </section>
  );
}

function Topics() {
  const { page } = usePlanContext();
  const may = useMay();
  const topics = page.form.topics;
  if (!topics) return null;
  return (
    <section class="section" id="topics" aria-labelledby="topics-h">
      <div class="section__head">
        <h2 id="topics-h" tabIndex={-1}>
          {t("plan.topics")}
        </h2>
        <span class="hint">{t("plan.topics_hint")}</span>
      </div>
      <Thread field="_topics" row={null} seenBy={topics.seenBy} topics />
      {may("post") && topics.edits && <WritePost field="_topics" row={null} seenBy={topics.seenBy} label={t("plan.topic_write")} small />}
    </section>
  );
}

interface Place {
  id: string;
  label: string;
  count?: number;
}

/* Follows the reading: the last heading above the middle of the window is where one is. */
function SubNav({ places }: { places: Place[] }) {
  const [now, set] = useState(places[0]?.id ?? "");
  useEffect(() => {
    let asked = 0;
    const look = () => {
      asked = 0;
      const above = places.filter(({ id }) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) < window.innerHeight / 3);
      set(above.at(-1)?.id ?? places[0]?.id ?? "");
    };
    const soon = () => {
      asked ||= requestAnimationFrame(look);
    };
    window.addEventListener("scroll", soon, { passive: true });
    return () => {
      window.removeEventListener("scroll", soon);
      cancelAnimationFrame(asked);
    };
  }, [places.map((p) => p.id).join(" ")]);
  return (
    <nav class="tabs subnav" aria-label={t("plan.on_this_page")}>
      {places.map((p) => (
        <a
          href={`#${p.id}`}
          aria-current={p.id === now ? "true" : undefined}
          onClick={(e) => {
            e.preventDefault();
            const el = document.getElementById(p.id);
            el?.scrollIntoView();
            el?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
            set(p.id);
          }}
          key={p.id}
        >
          {p.label}
          {p.count !== undefined && p.count > 0 && <span class="count">{p.count}</span>}
        </a>
      ))}
    </nav>
  );
}

function Content() {
  const { page } = usePlanContext();
  const { form, posts, reviews, plans } = page;
  const sections = form.sections.filter((s) => s.kind === "fields" && drawn(s).length > 0);
  const grid = form.sections.find((s) => s.kind === "grid");
  const places: Place[] = [
    ...form.sections.filter((s) => s.kind === "grid" || drawn(s).length > 0).map((s) => ({ id: s.kind === "grid" ? "goals" : `s-${s.key}`, label: pick(s.title) })),
    { id: "mid", label: t("plan.reviews_tab"), count: reviews.length },
    ...(form.topics ? [{ id: "topics", label: t("plan.topics"), count: posts.filter((p) => p.field === "_topics" && !p.doneAt && !p.removed).length }] : []),
    ...(form.log ? [{ id: "log", label: t("plan.log"), count: posts.filter((p) => p.field === "_log" && !p.removed).length }] : []),
    { id: "all", label: t("plan.all_plans"), count: plans.length },
  ];
  return (
    <>
      <SubNav places={places} />
      {form.sections.map((s) => (s === grid ? <Grid section={s} key={s.key} /> : sections.includes(s) && <Section section={s} last={s === sections.at(-1)} key={s.key} />))}
      <ReviewTable />
      <Topics />
      <div class="cols cols--wide section">
        <Log />
        <AllPlans />
      </div>
    </>
  );
}

/* What stands in the plan as the family sees it, one click away. */
function LookAs({ id }: { id: string }) {
  const { page } = usePlanContext();
  const may = useMay();
  if (!may("look_as")) return null;
  return (
    <span class="btn-row lookas__links">
      <a class="btn btn--quiet btn--sm" href={href(`plans/${id}/as/student`)}>
        <Icon name="eye" />
        {t("plan.as_student", { given: page.student.given || page.student.name })}
      </a>
      <a class="btn btn--quiet btn--sm" href={href(`plans/${id}/as/guardian`)}>
        <Icon name="eye" />
        {t("plan.as_guardian")}
      </a>
    </span>
  );
}

function Lost() {
  const { lost, dropLost } = usePlanContext();
  return (
    <>
      {lost.map((words) => (
        <Note tone="warn" key={words}>
          {t("plan.lost")}{" "}
          <q class="voice" dir="auto">
            {words}
          </q>{" "}
          <button class="linkbtn" type="button" onClick={() => dropLost(words)}>
            {t("save.orphan_discard")}
          </button>
        </Note>
      ))}
    </>
  );
}

function Borrowed({ id, as }: { id: string; as: Hat }) {
  const { page } = usePlanContext();
  const { seen } = useAudience();
  const given = page.student.given || page.student.name;
  const who = as === "student" ? given : seen("G").toLowerCase();
  return (
    <div class="lookas">
      <Note tone="info" icon="eye">
        <b>{t(page.plan.state === "draft" ? "plan.looking_draft" : "plan.looking", { who })}</b> {t("plan.looking_text")}
      </Note>
      <span class="btn-row">
        <button class="btn" type="button" onClick={() => go(`plans/${id}`)}>
          <Icon name="back" flips />
          {t("plan.looking_back")}
        </button>
        <a class="btn btn--quiet" href={href(`plans/${id}/as/${as === "student" ? "guardian" : "student"}`)}>
          {as === "student" ? t("plan.as_guardian") : t("plan.as_student", { given })}
        </a>
      </span>
    </div>
  );
}

export function StaffPlan({ id, as }: { id: string; as?: "student" | "guardian" }) {
  const data = usePlan(id, as);
  const say = useSayWriting(id);
  const { home } = useApp();
  const { page, error } = data;
  useTitle(page ? `${page.student.name}, ${page.plan.title}` : undefined, t("app.name"));
  if (error !== null && isMissing(error)) return <Missing />;
  if (!page && error !== null) return <Problem error={error} retry={() => void data.load()} />;
  if (!page) return <Skeleton label={t("common.loading")} />;
  const hat = as ?? page.plan.hat;
  const value = { ...data, page, hat, still: Boolean(as), family: Boolean(as), say };
  return (
    <PlanContext.Provider value={value}>
      {as ? (
        <>
          <Borrowed id={id} as={as} />
          <div class="family family--shown">
            <div class="page--read">
              <Family />
            </div>
          </div>
        </>
      ) : (
        <>
          <div class="row row--between planbar">
            <p class="eyebrow">
              <a href={href(home.viewer.role === "teacher" ? "plans" : "students")}>
                <Icon name="back" flips />
                {t("plan.back")}
              </a>
            </p>
            <StudentSwitcher student={page.student.id} plan={page.plan.id} />
          </div>
          <Head />
          <div class="row row--between">
            <NewsLine />
            <LookAs id={id} />
          </div>
          <Lost />
          <Content />
        </>
      )}
    </PlanContext.Provider>
  );
}
