/* What belongs to the whole template: its words, where it can be used, statuses, log, topics,
 * and what mentors may add. */
import { useApp } from "../app";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import type { Category, Status } from "../plan-types";
import { insert, type Lack, letters, type Rights, without } from "./template-model";
import type { EditProps } from "./template-fields";
import { RightsRow, Tick, Words } from "./template-parts";

const purposes = ["learning", "conference", "career", "support", "social", "focus", "yearly", "evidence", "other"];
const categories: Category[] = ["todo", "doing", "done", "dropped"];
const setters: [string, string][] = [
  ["MCSG", "template.setters_all"],
  ["MCS", "template.setters_not_home"],
  ["MC", "template.setters_staff"],
  ["M", "template.setters_mentor"],
];

function StatusRow({ s, at, lang, last, change, move, remove }: {
  s: Status;
  at: number;
  lang: string;
  last: boolean;
  change: (s: Status) => void;
  move: (to: number) => void;
  remove: () => void;
}) {
  const name = pick(s.label) || t("template.status_n", { n: at + 1 });
  const standard = setters.some(([v]) => v === s.setters);
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <div class="fieldname">
          <Words quiet id={`st-${s.key}`} label={t("template.name_of_status", { n: at + 1 })} texts={s.label} lang={lang} set={(label) => change({ ...s, label })} />
          <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={!at} aria-label={t("template.move_up", { name })} onClick={() => move(at - 1)}>
            <Icon name="up" />
          </button>
          <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={last} aria-label={t("template.move_down", { name })} onClick={() => move(at + 1)}>
            <Icon name="down" />
          </button>
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("template.remove_of", { name })} onClick={remove}>
            <Icon name="trash" />
          </button>
        </div>
      </th>
      <td role="cell" data-l={t("template.category")}>
        <select class="select" aria-label={t("template.category_of", { name })} value={s.category} onChange={(e) => change({ ...s, category: e.currentTarget.value as Category })}>
          {categories.map((c) => (
            <option value={c} key={c}>
              {t(`template.category_${c}`)}
            </option>
          ))}
        </select>
      </td>
      <td role="cell" data-l={t("template.setters")}>
        <select class="select" aria-label={t("template.setters_of", { name })} value={s.setters} onChange={(e) => change({ ...s, setters: e.currentTarget.value })}>
          {!standard && <option value={s.setters}>{s.setters}</option>}
          {setters.map(([v, key]) => (
            <option value={v} key={v}>
              {t(key)}
            </option>
          ))}
        </select>
      </td>
      <td role="cell" data-l={t("template.flag")}>
        <input type="checkbox" class="check" aria-label={t("template.flag_of", { name })} checked={!!s.flag} onChange={(e) => change({ ...s, flag: e.currentTarget.checked })} />
      </td>
    </tr>
  );
}

const set = (rows: [string, Category, string, string, string, boolean?][]): Status[] =>
  rows.map(([key, category, en, nb, who, flag]) => ({ key, category, label: { en, nb }, setters: who, ...(flag ? { flag } : {}) }));

/* Words to begin with; those for the youngest are three steps. */
const presets: Record<"standard" | "young", Status[]> = {
  standard: set([
    ["todo", "todo", "Not started", "Ikke begynt", "MCSG"],
    ["doing", "doing", "Ongoing", "I gang", "MCSG"],
    ["help", "doing", "Need help", "Trenger hjelp", "MCSG", true],
    ["done", "done", "Completed", "Ferdig", "MCSG"],
    ["dropped", "dropped", "Dropped", "Tatt bort", "M"],
  ]),
  young: set([
    ["todo", "todo", "Planned", "Planlagt", "MCSG"],
    ["doing", "doing", "On my way", "På vei", "MCSG"],
    ["done", "done", "I can do it", "Jeg får det til", "MCSG"],
  ]),
};

function Statuses({ d, lang, edit, lacks }: EditProps & { lacks: Lack[] }) {
  const list = d.statuses ?? [];
  const { toast } = useApp();
  const to = (statuses: Status[]) => edit((now) => ({ ...now, statuses }));
  const take = (name: "standard" | "young") => {
    to(presets[name]);
    toast({ text: t("template.statuses_taken"), undo: () => to(list) });
  };
  const lack = lacks.find((l) => l.id === "t-statuses");
  const free = () => {
    for (let i = 1; ; i++) if (!list.some((s) => s.key === `status_${i}`)) return `status_${i}`;
  };
  return (
    <section class="section" aria-labelledby="t-statuses">
      <h2 id="t-statuses" tabIndex={-1}>
        {t("template.statuses")}
      </h2>
      <p class="hint">{t("template.statuses_hint")}</p>
      {lack && <p class="err">{t(`template.lack_${lack.what}`, { name: "" })}</p>}
      <table role="table" class="tbl tbl--stack">
        <caption class="sr">{t("template.statuses")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {["status", "category", "setters", "flag"].map((h) => (
              <th role="columnheader" scope="col" key={h}>
                {t(`template.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {list.map((s, i) => (
            <StatusRow
              s={s}
              at={i}
              lang={lang}
              last={i === list.length - 1}
              change={(next) => to(list.map((o, j) => (j === i ? next : o)))}
              move={(where) => to(insert(without(list, i), where, s))}
              remove={() => to(without(list, i))}
              key={s.key}
            />
          ))}
        </tbody>
      </table>
      <p class="mt">
        <button class="btn btn--sm" type="button" disabled={list.length >= 12} onClick={() => to([...list, { key: free(), label: {}, category: "todo", setters: "MCSG" }])}>
          <Icon name="plus" />
          {t("template.add_status")}
        </button>{" "}
        {(["standard", "young"] as const).map((name) => (
          <button class="btn btn--quiet btn--sm" type="button" onClick={() => take(name)} key={name}>
            {t(`template.statuses_${name}`)}
          </button>
        ))}
      </p>
    </section>
  );
}

/* The log, topics for the next talk, columns of mentors: off, or with rights of its own. */
function Optional({ name, value, usual, set }: { name: "log" | "topics" | "ceiling"; value: Rights | undefined; usual: Rights; set: (r: Rights | undefined) => void }) {
  return (
    <div class="stackv">
      <Tick label={t(`template.has_${name}`)} hint={t(`template.has_${name}_hint`)} on={!!value} set={(on) => set(on ? usual : undefined)} />
      {value && <RightsRow what={t(`template.has_${name}`)} of={value} set={set} />}
    </div>
  );
}

interface MoreProps extends EditProps {
  lacks: Lack[];
  orgs: { id: string; name: string }[];
  org: string;
  move: (org: string) => void;
}

export function More({ d, lang, edit, lacks, orgs, org, move }: MoreProps) {
  const part = (name: "log" | "topics" | "ceiling") => (r: Rights | undefined) =>
    edit((now) => {
      const { [name]: _, ...rest } = now;
      return r ? { ...rest, [name]: r } : rest;
    });
  return (
    <>
      <section class="section" aria-labelledby="t-about">
        <h2 id="t-about">{t("template.about_it")}</h2>
        <div class="cols cols--2 mt">
          <div class="stackv">
            <Words id="t-title" label={t("template.title")} texts={d.title} lang={lang} error={lacks.some((l) => l.what === "title") ? t("template.lack_title_here") : undefined} set={(title) => edit((now) => ({ ...now, title }))} />
            <Words long id="t-about-text" label={t("template.about")} hint={t("template.about_hint")} texts={d.about} lang={lang} set={(about) => edit((now) => ({ ...now, about }))} />
          </div>
          <div class="stackv">
            <div class="field">
              <label for="t-purpose">{t("template.purpose")}</label>
              <select class="select" id="t-purpose" value={d.purpose ?? "other"} onChange={(e) => {
                const purpose = e.currentTarget.value;
                edit((now) => ({ ...now, purpose }));
              }}>
                {purposes.map((p) => (
                  <option value={p} key={p}>
                    {t(`template.purpose_${p}`)}
                  </option>
                ))}
              </select>
            </div>
            {orgs.length > 0 && (
              <div class="field">
                <label for="t-org">{t("template.scope")}</label>
                <select class="select" id="t-org" value={org} onChange={(e) => move(e.currentTarget.value)}>
                  <option value="">{t("template.scope_site")}</option>
                  {orgs.map((o) => (
                    <option value={o.id} key={o.id}>
                      {o.name}
                    </option>
                  ))}
                </select>
              </div>
            )}
            <Tick label={t("template.turns")} hint={t("template.turns_hint")} on={!!d.turns} set={(turns) => edit((now) => ({ ...now, turns }))} />
          </div>
        </div>
      </section>
      <Statuses d={d} lang={lang} edit={edit} lacks={lacks} />
      <section class="section" aria-labelledby="t-rest">
        <h2 id="t-rest">{t("template.rest")}</h2>
        <div class="stackv stackv--lg mt">
          <Optional name="log" value={d.log} usual={{ sees: "MCS", edits: "MCS" }} set={part("log")} />
          <Optional name="topics" value={d.topics} usual={{ sees: "MSG", edits: "MSG" }} set={part("topics")} />
          <Optional name="ceiling" value={d.ceiling} usual={{ sees: letters.slice(0, 4).join(""), edits: letters.slice(0, 4).join("") }} set={part("ceiling")} />
        </div>
      </section>
    </>
  );
}

