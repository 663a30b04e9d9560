/* Printing a plan, and a group's: first what it will be, then the browser's own printing. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { period, t } from "../i18n";
import { Icon } from "../parts/icons";
import { isMissing } from "../parts/load";
import { Empty, Note, Problem } from "../parts/notes";
import { href } from "../router";
import { isReady, type Prepared, type Ready, usePrepared } from "./load";
import { copiesFor, type Copy, type Options } from "./model";
import { plansToPrint } from "./open";
import { adopt, type Paper, rules } from "./paper";
import { Sheet } from "./sheet";

/* Countries whose printers hold Letter; all others A4. */
const letterLands = /-(?:US|CA|MX|PH|CL|CO|VE)\b/i;
const usualPaper = (): Paper => (navigator.languages.some((l) => letterLands.test(l)) ? "letter" : "A4");

function Tick({ id, on, set, children }: { id: string; on: boolean; set: (on: boolean) => void; children: string }) {
  return (
    <label class="optrow" for={id}>
      <input id={id} type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
      {children}
    </label>
  );
}

interface BarProps {
  back: { path: string; label: string };
  copies: Copy[];
  copy: Copy;
  setCopy: (copy: Copy) => void;
  options: Options;
  setOptions: (options: Options) => void;
  paper: Paper;
  setPaper: (paper: Paper) => void;
  ready: boolean;
}

function Bar({ back, copies, copy, setCopy, options, setOptions, paper, setPaper, ready }: BarProps) {
  return (
    <div class="deskbar" role="region" aria-label={t("print.options")}>
      <a class="btn btn--quiet" href={href(back.path)}>
        <Icon name="back" flips />
        {back.label}
      </a>
      <div class="row">
        {copies.length > 1 && (
          <>
            <label class="sr" for="copy">
              {t("print.copy")}
            </label>
            <select class="select select--auto" id="copy" value={copy} onChange={(e) => setCopy(e.currentTarget.value as Copy)}>
              {copies.map((c) => (
                <option value={c} key={c}>
                  {t(`print.copy_${c}`)}
                </option>
              ))}
            </select>
          </>
        )}
        <label class="sr" for="paper">
          {t("print.paper")}
        </label>
        <select class="select select--auto" id="paper" value={paper} onChange={(e) => setPaper(e.currentTarget.value as Paper)}>
          <option value="A4">A4</option>
          <option value="letter">Letter</option>
        </select>
        <Tick id="o-reviews" on={options.reviews} set={(reviews) => setOptions({ ...options, reviews })}>
          {t("print.reviews_short")}
        </Tick>
        <Tick id="o-log" on={options.log} set={(log) => setOptions({ ...options, log })}>
          {t("print.log")}
        </Tick>
        <Tick id="o-sign" on={options.signatures} set={(signatures) => setOptions({ ...options, signatures })}>
          {t("print.signatures")}
        </Tick>
        <button class="btn btn--primary" type="button" disabled={!ready} onClick={() => window.print()}>
          <Icon name="print" />
          {t("common.print")}
        </button>
      </div>
    </div>
  );
}

function Progress({ prepared }: { prepared: Prepared }) {
  const { n, total } = prepared;
  return (
    <div class="sheet sheet--wait no-print" role="status" aria-live="polite">
      <p>{t("print.preparing", { n, total })}</p>
      <svg class="bar" viewBox={`0 0 ${total || 1} 1`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="f-done" width={n} height="1" />
      </svg>
    </div>
  );
}

/* The margins of what is about to be printed, for as long as this page is open. */
function useMargins(ready: Ready[], paper: Paper, copy: Copy): void {
  useEffect(() => {
    const of = ready.map(({ page }, i) => ({
      name: `sheet-${i + 1}`,
      left: `${page.student.name}, ${period(page.plan.startsOn, page.plan.endsOn)}`,
      right: t(`print.copy_${copy}`),
    }));
    return adopt(rules(paper, of, (page, pages) => t("print.page_of", { page, pages })));
  }, [ready, paper, copy]);
}

function useDesk(): void {
  useEffect(() => {
    document.body.classList.add("desk");
    return () => document.body.classList.remove("desk");
  }, []);
}

/* What is printed need not be waited for twice: the frame around it is drawn by then. */
function usePrintOnce(when: boolean): void {
  const done = useRef(false);
  useEffect(() => {
    if (!when || done.current) return;
    done.current = true;
    const timer = setTimeout(() => window.print(), 300);
    return () => clearTimeout(timer);
  }, [when]);
}

interface Props {
  ids: string[];
  back: { path: string; label: string };
  /* A group prints by itself once all of it is there. */
  atOnce: boolean;
}

function Printing({ ids, back, atOnce }: Props) {
  const { home } = useApp();
  const role = home.viewer.role;
  const family = role === "student" || role === "guardian" ? role : null;
  const [copy, setCopy] = useState<Copy>(family ?? "guardian");
  const [copies, setCopies] = useState<Copy[]>(family ? [family] : ["guardian", "student", "staff"]);
  const [options, setOptions] = useState<Options>({ reviews: true, log: false, signatures: true });
  const [paper, setPaper] = useState<Paper>(usualPaper);
  const [turn, next] = useState(0);
  const prepared = usePrepared(ids, copy, turn);
  const at = useMemo(() => new Date(), [prepared]);
  const ready = useMemo(() => prepared.plans.filter((p) => p !== null), [prepared.plans]);
  const complete = isReady(prepared);
  useDesk();
  useTitle(ready.length === 1 ? t("print.title_one", { name: ready[0]?.page.student.name ?? "" }) : t("print.title"), t("app.name"));
  useMargins(ready, paper, copy);
  usePrintOnce(atOnce && complete && ready.length > 0);

  /* Course teachers may not look through others' eyes: theirs is the staff copy. */
  const refused = isMissing(prepared.error) && !family && copy !== "staff";
  useEffect(() => {
    if (!refused) return;
    setCopies(["staff"]);
    setCopy("staff");
  }, [refused]);
  const first = ready[0]?.page.plan;
  useEffect(() => {
    if (first && copy === "staff") setCopies(copiesFor(first.hat, first.may));
  }, [first]);

  const missing = complete ? prepared.plans.length - ready.length : 0;
  return (
    <>
      <Bar {...{ back, copies, copy, setCopy, options, setOptions, paper, setPaper }} ready={complete && ready.length > 0} />
      {prepared.error && !refused ? <Problem error={prepared.error} retry={() => next((n) => n + 1)} /> : null}
      {!prepared.error && !complete && <Progress prepared={prepared} />}
      {missing > 0 && (
        <div class="no-print deskbar">
          <Note tone="warn" role="alert">
            {t("print.missing", { n: missing })}
          </Note>
        </div>
      )}
      {complete &&
        ready.map(({ page, signed }, i) => (
          <Sheet page={page} signed={signed} copy={copy} options={options} name={`sheet-${i + 1}`} at={at} key={page.plan.id} />
        ))}
    </>
  );
}

export function PrintPlan({ id }: { id: string }) {
  const ids = useMemo(() => [id], [id]);
  return <Printing ids={ids} back={{ path: `plans/${id}`, label: t("print.back_one") }} atOnce={false} />;
}

export function PrintPlans() {
  const ids = useMemo(plansToPrint, []);
  if (ids.length === 0)
    return (
      <Empty icon="print" title={t("print.nothing")}>
        <p>{t("print.nothing_text")}</p>
        <a class="btn" href={href("students")}>
          {t("print.back_many")}
        </a>
      </Empty>
    );
  return <Printing ids={ids} back={{ path: "students", label: t("print.back_many") }} atOnce />;
}
