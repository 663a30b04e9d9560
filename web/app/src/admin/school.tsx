/* The rules a school sets for itself, in plain words, and how on track is worked out. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp, useTitle } from "../app";
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import { later } from "../parts/later";
import { explain, Note, Problem, Skeleton } from "../parts/notes";
import type { TrackNumbers } from "../planreport/rule";
import { useAct, useData } from "./data";
import { Head } from "./parts";

/* Brings its words and its look along. */
const RuleWords = later(() => import("../planreport/rule"), "RuleWords", "reports");

const flags = ["teachers_are_mentors", "students_propose", "guardians_propose", "mentor_fields", "guardian_history", "archive_history"] as const;
type Flag = (typeof flags)[number];
type Rules = Record<Flag, boolean> & { track: TrackNumbers };

/* As ilp/policy.c has them; the server checks them again. */
const limits: [keyof TrackNumbers, number, number][] = [
  ["support_late", 1, 50],
  ["behind_late", 1, 50],
  ["support_help", 1, 50],
  ["support_risk", 1, 50],
  ["behind_risk", 1, 50],
  ["behind_watch", 1, 50],
  ["slack_percent", 5, 100],
];
const usual: TrackNumbers = { behind_late: 1, support_late: 3, support_help: 2, behind_watch: 3, behind_risk: 1, support_risk: 2, slack_percent: 50 };

function Flags({ rules, changed }: { rules: Rules; changed: (rules: Rules) => void }) {
  const { toast } = useApp();
  const { busy, act } = useAct();
  /* The tick stays where it was put, unless the server says no. */
  const put = async (flag: Flag, on: boolean) => {
    changed({ ...rules, [flag]: on });
    const saved = await act(() => api<Rules>("school", { method: "PATCH", body: { [flag]: on } }));
    changed(saved ?? rules);
    return saved !== undefined;
  };
  const turn = async (flag: Flag, on: boolean) => {
    if (await put(flag, on)) toast({ text: t("school.saved", { rule: t(`school.${flag}`) }), undo: () => void put(flag, !on) });
  };
  return (
    <fieldset class="field">
      <legend class="sr">{t("school.rules")}</legend>
      {flags.map((f) => (
        <div class="optrow optrow--rule" key={f}>
          <input id={`s-${f}`} type="checkbox" checked={rules[f]} disabled={busy} aria-describedby={`s-${f}-hint`} onChange={(e) => void turn(f, e.currentTarget.checked)} />
          <span>
            <label for={`s-${f}`}>{t(`school.${f}`)}</label>
            <p class="hint" id={`s-${f}-hint`}>
              {t(`school.${f}_hint`)}
            </p>
          </span>
        </div>
      ))}
    </fieldset>
  );
}

const whole = (text: string, min: number, max: number): number | null => (/^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max ? Number(text) : null);

function Track({ rules, changed }: { rules: Rules; changed: (rules: Rules) => void }) {
  const { toast } = useApp();
  const text = (r: TrackNumbers) => Object.fromEntries(limits.map(([k]) => [k, String(r[k])])) as Record<keyof TrackNumbers, string>;
  const [typed, type] = useState(text(rules.track));
  const [problem, fail] = useState("");
  const [busy, work] = useState(false);
  const read = Object.fromEntries(limits.map(([k, min, max]) => [k, whole(typed[k], min, max)])) as Record<keyof TrackNumbers, number | null>;
  const wrong = limits.filter(([k]) => read[k] === null).map(([k]) => k);
  const numbers = { ...rules.track, ...Object.fromEntries(Object.entries(read).filter(([, n]) => n !== null)) } as TrackNumbers;
  const mild = numbers.support_late < numbers.behind_late || numbers.support_risk < numbers.behind_risk;
  const same = limits.every(([k]) => typed[k] === String(rules.track[k]));
  const save = async (track: TrackNumbers) => {
    const before = rules.track;
    work(true);
    fail("");
    try {
      const fresh = await api<Rules>("school", { method: "PATCH", body: { track } });
      changed(fresh);
      type(text(fresh.track));
      toast({ text: t("school.track_saved"), undo: () => void save(before) });
    } catch (e) {
      fail(e instanceof ApiError ? explain(e) : t("error.internal"));
    }
    work(false);
  };
  return (
    <form
      class="ruleform"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (wrong.length > 0) document.getElementById(`t-${wrong[0]}`)?.focus();
        else if (!mild) void save(numbers);
      }}
    >
      <div class="stackv">
        {problem && (
          <Note tone="bad" role="alert">
            {problem}
          </Note>
        )}
        {limits.map(([k, min, max]) => (
          <div class="field field--num" key={k}>
            <label for={`t-${k}`}>{t(`school.${k}`)}</label>
            <input
              class="input input--num"
              id={`t-${k}`}
              inputMode="numeric"
              autocomplete="off"
              value={typed[k]}
              aria-invalid={read[k] === null ? true : undefined}
              aria-describedby={read[k] === null ? `t-${k}-err` : undefined}
              onInput={(e) => type({ ...typed, [k]: e.currentTarget.value })}
            />
            {read[k] === null && (
              <p class="err" id={`t-${k}-err`}>
                <Icon name="warn" />
                {t("school.number", { min, max })}
              </p>
            )}
          </div>
        ))}
        {mild && (
          <p class="err" role="alert">
            <Icon name="warn" />
            {t("school.mild")}
          </p>
        )}
        <div class="row">
          <button class="btn btn--primary" disabled={busy || same}>
            {t("school.save")}
          </button>
          {JSON.stringify(numbers, Object.keys(usual).sort()) !== JSON.stringify(usual, Object.keys(usual).sort()) && (
            <button class="btn" type="button" disabled={busy} onClick={() => void save(usual)}>
              {t("school.usual")}
            </button>
          )}
        </div>
      </div>
      <div class="panel" aria-live="polite">
        <h3>{t("school.means")}</h3>
        <RuleWords rule={numbers} />
      </div>
    </form>
  );
}

export function SchoolRules() {
  const { data: first, error, reload } = useData<Rules>("school");
  const [changed, set] = useState<Rules | null>(null);
  const data = changed ?? first;
  useTitle(t("school.title"), t("app.name"));
  return (
    <>
      <Head title={t("school.title")} lede={t("school.lede")} />
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && (
        <>
          <section aria-labelledby="s-rules">
            <h2 id="s-rules">{t("school.rules")}</h2>
            <Flags rules={data} changed={set} />
          </section>
          <section class="section" aria-labelledby="s-track">
            <h2 id="s-track">{t("school.track")}</h2>
            <p class="muted">{t("school.track_lede")}</p>
            <Track rules={data} changed={set} />
          </section>
        </>
      )}
    </>
  );
}
