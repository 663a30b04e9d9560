/* A plan for one student, some or a whole group: from a template, from a plan that was
 * shared, or from one that is there already. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useApp } from "../app";
import { list, pick, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { useLoad } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import type { StudentRow } from "../plan-types";
import type { Texts } from "../types";
import { FactFields, termTitle, type Wrong, wrongIn } from "./facts";
import { beginningOf, overlapping } from "./list";
import { Lines, Progress } from "./result";
import { type Facts, type Line, makePlans, useRun } from "./run";
import { SharePicker } from "./shares";

interface Template {
  id: string;
  title: Texts;
  purpose?: string;
  about?: Texts;
}

export type Source = { kind: "template" | "share" | "plan"; id: string };

interface Props {
  students: StudentRow[];
  /* Those of the whole list: periods and plans to begin with are taken from them. */
  all: StudentRow[];
  source?: Source;
  close: () => void;
  done: (lines: Line[]) => void;
}

function names(students: StudentRow[]): string {
  const some = students.slice(0, 4).map((s) => s.name);
  const rest = students.length - some.length;
  return list(rest > 0 ? [...some, t("students.n_more", { n: rest })] : some);
}

function PlanPicker({ all, value, choose }: { all: StudentRow[]; value: string; choose: (id: string) => void }) {
  const id = useId();
  const options = all.flatMap((s) => [
    ...s.plans.map((p) => ({ id: p.id, text: `${s.name}: ${p.title}` })),
    ...(s.last ? [{ id: s.last.id, text: `${s.name}: ${s.last.title}` }] : []),
  ]);
  return (
    <div class="field picker">
      <label for={id}>{t("students.which_plan")}</label>
      <select class="select" id={id} value={value} onChange={(e) => choose(e.currentTarget.value)}>
        <option value="">{t("students.choose")}</option>
        {options.map((o) => (
          <option value={o.id} key={o.id}>
            {o.text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SourceProps {
  templates: Template[];
  all: StudentRow[];
  source: Source;
  choose: (source: Source) => void;
}

function SourceFields({ templates, all, source, choose }: SourceProps) {
  const name = useId();
  const option = (kind: Source["kind"], id: string, title: string, about: string, first: boolean) => {
    const on = kind === "template" ? source.kind === kind && source.id === id : source.kind === kind;
    return (
      <label class="optrow" key={kind + id}>
        <input type="radio" name={name} checked={on} data-first={first ? true : undefined} onChange={() => choose({ kind, id })} />
        <span>
          <span dir="auto">{title}</span>
          {about && <small dir="auto">{about}</small>}
        </span>
      </label>
    );
  };
  return (
    <fieldset class="field">
      <legend>{t("students.begin_with")}</legend>
      {templates.map((x, i) => option("template", x.id, pick(x.title), x.about ? pick(x.about) : "", i === 0))}
      {option("share", "", t("students.from_share"), t("students.from_share_text"), templates.length === 0)}
      {source.kind === "share" && <SharePicker value={source.id} choose={(id) => choose({ kind: "share", id })} />}
      {option("plan", "", t("students.from_plan"), t("students.from_plan_text"), false)}
      {source.kind === "plan" && <PlanPicker all={all} value={source.id} choose={(id) => choose({ kind: "plan", id })} />}
    </fieldset>
  );
}

function Two({ students, facts }: { students: StudentRow[]; facts: Facts }) {
  const two = overlapping(students, facts.startsOn, facts.endsOn);
  if (!two.length) return null;
  return <Note tone="warn">{t("students.will_have_two", { n: two.length, names: names(two) })}</Note>;
}

export function Create({ students, all, source: wished, close, done }: Props) {
  const { home } = useApp();
  const begin = useRef(beginningOf(all, home.viewer.today)).current;
  const { data, error, again } = useLoad<{ templates: Template[] }>("templates");
  const [source, choose] = useState<Source>(wished ?? { kind: "template", id: "" });
  const [facts, set] = useState<Facts>({
    title: begin.title ?? termTitle(begin.term),
    startsOn: begin.startsOn,
    endsOn: begin.endsOn,
  });
  const [wrong, say] = useState<Wrong>({});
  const [unchosen, ask] = useState(false);
  const request = useRef(crypto.randomUUID()).current;
  const run = useRun();
  const templates = data?.templates ?? [];
  /* The only one there is is chosen by itself. */
  useEffect(() => {
    const first = templates[0];
    if (first && source.kind === "template" && !source.id) choose({ kind: "template", id: first.id });
  }, [data]);

  const make = async (people: { id: string; name: string }[]) => {
    const lines = await run.start(people, (part) => makePlans(request, part, { [source.kind]: source.id }, facts));
    if (lines.length > 0 && lines.every((l) => l.ok)) done(lines);
  };
  const submit = () => {
    const now = wrongIn(facts);
    say(now);
    ask(!source.id);
    if (Object.keys(now).length === 0 && source.id && !run.busy) void make(students);
  };
  const failed = run.lines.filter((l) => !l.ok);
  const isOver = !run.busy && run.lines.length > 0;
  const foot = isOver ? (
    <>
      <button class="btn" type="button" onClick={() => done(run.lines)}>
        {t("common.close")}
      </button>
      <button class="btn btn--primary" type="button" onClick={() => void make(failed)}>
        {t("students.retry_failed", { n: failed.length })}
      </button>
    </>
  ) : (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <button class="btn btn--primary" aria-busy={run.busy} disabled={run.busy || !data}>
        {t("students.create_drafts", { n: students.length })}
      </button>
    </>
  );
  const title = t("students.create_for", { n: students.length, name: students[0]?.name ?? "" });
  return (
    <Dialog title={title} hint={students.length > 1 ? names(students) : undefined} close={isOver ? () => done(run.lines) : close} submit={submit} foot={foot}>
      {error !== null && <Problem error={error} retry={again} />}
      {!data && error === null && <Skeleton label={t("common.loading")} />}
      {run.busy && <Progress run={run} label={t("students.creating")} />}
      {isOver && <Lines run={run} good={t("students.created", { n: run.lines.length - failed.length })} />}
      {data && run.lines.length === 0 && !run.busy && (
        <>
          {templates.length === 0 && <Note tone="warn">{t("students.no_template")}</Note>}
          <SourceFields templates={templates} all={all} source={source} choose={choose} />
          {unchosen && !source.id && <Note tone="bad">{t("students.source_missing")}</Note>}
          <FactFields facts={facts} wrong={wrong} set={set} />
          <Two students={students} facts={facts} />
          <p class="hint">{t("students.drafts_hint")}</p>
        </>
      )}
    </Dialog>
  );
}

