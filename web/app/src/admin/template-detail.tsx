/* What belongs to one field besides its name, kind and rights. */
import { useEffect, useRef, useState } from "preact/hooks";
import { shippedScales } from "../api";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import type { Scale, Texts } from "../types";
import { type Field, find, insert, kinds, mayShare, type Section, withField, without, withSection } from "./template-model";
import type { EditProps } from "./template-fields";
import { Tick, Words } from "./template-parts";

type Change = (f: (old: Field) => Field) => void;

interface ListProps {
  id: string;
  legend: string;
  label: (n: number) => string;
  texts: Texts[];
  lang: string;
  set: (at: number, texts: Texts) => void;
  add: () => void;
  remove: (at: number) => void;
  move: (at: number, to: number) => void;
}

/* Options and columns: words in an order. */
export function WordList({ id, legend, label, texts, lang, set, add, remove, move }: ListProps) {
  const box = useRef<HTMLFieldSetElement>(null);
  const grow = () => {
    add();
    requestAnimationFrame(() => [...(box.current?.querySelectorAll("input") ?? [])].at(-1)?.focus());
  };
  return (
    <fieldset class="wordlist" ref={box}>
      <legend>{legend}</legend>
      {texts.map((words, i) => (
        <div class="fieldname" key={i}>
          <Words quiet id={`${id}-${i}`} label={label(i + 1)} texts={words} lang={lang} set={(w) => set(i, w)} />
          <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={!i} aria-label={t("template.move_up", { name: label(i + 1) })} onClick={() => move(i, i - 1)}>
            <Icon name="up" />
          </button>
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("template.remove_of", { name: label(i + 1) })} onClick={() => remove(i)}>
            <Icon name="x" />
          </button>
        </div>
      ))}
      <button class="btn btn--sm" type="button" onClick={grow}>
        <Icon name="plus" />
        {t("template.add_line")}
      </button>
    </fieldset>
  );
}

const swap = <T,>(list: T[], at: number, to: number): T[] => insert(without(list, at), to, list[at] as T);

function freeCode(options: { code: string }[]): string {
  for (let i = 1; ; i++) if (!options.some((o) => o.code === String(i))) return String(i);
}

function Options({ field, lang, change }: { field: Field; lang: string; change: Change }) {
  const options = field.options ?? [];
  const to = (next: typeof options) => change((f) => ({ ...f, options: next }));
  return (
    <WordList
      id={`o-${field.key}`}
      legend={t("template.options")}
      label={(n) => t("template.option_n", { n })}
      texts={options.map((o) => o.label)}
      lang={lang}
      set={(at, label) => to(options.map((o, i) => (i === at ? { ...o, label } : o)))}
      add={() => to([...options, { code: freeCode(options), label: {} }])}
      remove={(at) => to(without(options, at))}
      move={(at, where) => to(swap(options, at, where))}
    />
  );
}

function Columns({ field, lang, change }: { field: Field; lang: string; change: Change }) {
  const columns = field.columns ?? [];
  const to = (next: Texts[]) => change((f) => ({ ...f, columns: next }));
  return (
    <WordList
      id={`c-${field.key}`}
      legend={t("template.columns")}
      label={(n) => t("template.column_n", { n })}
      texts={columns}
      lang={lang}
      set={(at, texts) => to(columns.map((c, i) => (i === at ? texts : c)))}
      add={() => to([...columns, {}])}
      remove={(at) => to(without(columns, at))}
      move={(at, where) => to(swap(columns, at, where))}
    />
  );
}

const keyOf = (s: Field["scale"]) => (typeof s === "string" ? s : (s?.key ?? ""));

function ScaleChoice({ field, change }: { field: Field; change: Change }) {
  const [scales, set] = useState<Scale[]>([]);
  useEffect(() => void shippedScales().then(set, () => set([])), []);
  const own = typeof field.scale === "object" && !scales.some((s) => s.key === keyOf(field.scale)) ? [field.scale] : [];
  const all = [...own, ...scales];
  const now = all.find((s) => s.key === keyOf(field.scale));
  return (
    <div class="field">
      <label for={`sc-${field.key}`}>{t("template.scale")}</label>
      <select
        class="input"
        id={`sc-${field.key}`}
        value={keyOf(field.scale)}
        onChange={(e) => {
          const scale = all.find((s) => s.key === e.currentTarget.value);
          if (scale) change((f) => ({ ...f, scale }));
        }}
      >
        {!field.scale && <option value="">{t("template.scale_choose")}</option>}
        {all.map((s) => (
          <option value={s.key} key={s.key}>
            {pick(s.name)}
          </option>
        ))}
      </select>
      {now && <p class="hint">{now.values.map((v) => pick(v.short)).join(" · ")}</p>}
    </div>
  );
}

function Numbers({ field, change }: { field: Field; change: Change }) {
  const { own } = kinds[field.kind];
  return (
    <div class="row">
      <div class="field">
        <label for={`u-${field.key}`}>{t("template.unit")}</label>
        <input class="input" id={`u-${field.key}`} maxLength={20} value={field.unit ?? ""} onInput={(e) => {
          const unit = e.currentTarget.value;
          change((f) => ({ ...f, unit }));
        }} />
      </div>
      {own?.includes("target") && (
        <div class="field">
          <label for={`g-${field.key}`}>{t("template.target")}</label>
          <input class="input" id={`g-${field.key}`} type="number" step="any" value={field.target ?? ""} onInput={(e) => {
            const target = e.currentTarget.valueAsNumber;
            change(({ target: _, ...f }) => (Number.isFinite(target) ? { ...f, target } : f));
          }} />
        </div>
      )}
    </div>
  );
}

function Computed({ field, change }: { field: Field; change: Change }) {
  return (
    <div class="field">
      <label for={`k-${field.key}`}>{t("template.computed")}</label>
      <select class="select" id={`k-${field.key}`} value={field.computed} onChange={(e) => {
        const computed = e.currentTarget.value as "reviews" | "open_tasks";
        change((f) => ({ ...f, computed }));
      }}>
        <option value="reviews">{t("template.computed_reviews")}</option>
        <option value="open_tasks">{t("template.computed_open_tasks")}</option>
      </select>
    </div>
  );
}

function Ticks({ field, inGrid, change, taken }: { field: Field; inGrid: boolean; change: Change; taken: boolean }) {
  const own = kinds[field.kind].own ?? [];
  const flag = (name: "required" | "shared" | "printed" | "sensitive" | "agreement") => (on: boolean) => change((f) => ({ ...f, [name]: on }));
  const sensitive = (on: boolean) => change((f) => ({ ...f, sensitive: on, shared: on ? false : (f.shared ?? false), printed: !on }));
  return (
    <div class="stackv">
      {!kinds[field.kind].mute && <Tick label={t("template.required")} on={!!field.required} set={flag("required")} />}
      <Tick
        label={t("template.shared")}
        hint={mayShare(field) ? t("template.shared_hint") : t("template.shared_never")}
        on={!!field.shared}
        off={!mayShare(field)}
        set={flag("shared")}
      />
      <Tick label={t("template.printed")} on={field.printed !== false} set={flag("printed")} />
      {!kinds[field.kind].mute && <Tick label={t("template.sensitive")} hint={t("template.sensitive_hint")} on={!!field.sensitive} set={sensitive} />}
      {own.includes("agreement") && !inGrid && (
        <Tick label={t("template.agreement")} hint={t("template.agreement_hint")} on={!!field.agreement} off={taken} set={flag("agreement")} />
      )}
    </div>
  );
}

/* A section has a name in the table above, and what stands under it here. */
function SectionDetail({ d, lang, edit, at, back }: EditProps & { at: number; back: (id: string) => void }) {
  const section = d.sections[at] as Section;
  return (
    <section class="panel" aria-labelledby="t-detail" id={`d-${section.key}`} tabIndex={-1} key={section.key}>
      <p class="eyebrow">{t("template.detail_section")}</p>
      <h2 id="t-detail" dir="auto">
        {pick(section.title) || t("template.no_name")}
      </h2>
      <div class="stackv mt">
        <Words long id={`h-${section.key}`} label={t("template.help")} texts={section.help} lang={lang} set={(help) => edit((now) => withSection(now, now.sections.findIndex((s) => s.key === section.key), (s) => ({ ...s, help })))} />
        <p>
          <button class="linkbtn" type="button" onClick={() => back(`s-${section.key}`)}>
            {t("template.back_to_section")}
          </button>
        </p>
      </div>
    </section>
  );
}

export function Detail({ d, lang, edit, chosen, back }: EditProps & { chosen: string; back: (id: string) => void }) {
  const at = find(d, chosen);
  const field = at && d.sections[at.section]?.fields[at.field];
  const section = d.sections.findIndex((s) => s.key === chosen);
  if (section >= 0) return <SectionDetail d={d} lang={lang} edit={edit} at={section} back={back} />;
  if (!field)
    return (
      <section class="panel" aria-labelledby="t-detail">
        <h2 id="t-detail" tabIndex={-1}>
          {t("template.detail")}
        </h2>
        <p class="muted">{t("template.detail_none")}</p>
      </section>
    );
  const change: Change = (f) => edit((now) => withField(now, find(now, field.key) ?? at, f));
  const own = kinds[field.kind].own ?? [];
  const inGrid = d.sections[at.section]?.kind === "grid";
  const others = d.sections.flatMap((s) => s.fields).some((f) => f.agreement && f.key !== field.key);
  return (
    <section class="panel" aria-labelledby="t-detail" id={`d-${field.key}`} tabIndex={-1} key={field.key}>
      <p class="eyebrow">{t("template.detail")}</p>
      <h2 id="t-detail" tabIndex={-1} dir="auto">
        {pick(field.label) || t("template.no_name")}
      </h2>
      <div class="stackv mt">
        <Words long id={`h-${field.key}`} label={t("template.help")} texts={field.help} lang={lang} set={(help) => change((f) => ({ ...f, help }))} />
        {own.includes("options") && <Options field={field} lang={lang} change={change} />}
        {own.includes("columns") && <Columns field={field} lang={lang} change={change} />}
        {own.includes("scale") && <ScaleChoice field={field} change={change} />}
        {own.includes("unit") && <Numbers field={field} change={change} />}
        {own.includes("computed") && <Computed field={field} change={change} />}
        <Ticks field={field} inGrid={inGrid} change={change} taken={others} />
        <p>
          <button class="linkbtn" type="button" onClick={() => back(`n-${field.key}`)}>
            {t("template.back_to_field")}
          </button>
        </p>
      </div>
    </section>
  );
}
