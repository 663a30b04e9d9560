/* The matrix of a template: its sections and fields in order, and what each role has of them. */
import { useRef } from "preact/hooks";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import type { Kind } from "../plan-types";
import {
  blankField,
  blankSection,
  type Definition,
  dropped,
  type Field,
  find,
  insert,
  kinds,
  kindsFor,
  type Lack,
  letters,
  moved,
  neverOf,
  type Place,
  type Section,
  withField,
  without,
  withKind,
  withRight,
  withSection,
} from "./template-model";
import { hatName, RightChoice, Words } from "./template-parts";

export interface EditProps {
  d: Definition;
  lang: string;
  edit: (change: (d: Definition) => Definition) => void;
}

interface MatrixProps extends EditProps {
  lacks: Lack[];
  chosen: string;
  choose: (key: string, go?: boolean) => void;
  remove: (what: string, change: (d: Definition) => Definition, back: (d: Definition) => Definition) => void;
  say: (text: string) => void;
}

const nameOf = (texts: Field["label"], n: number) => pick(texts) || t("template.field_n", { n });

function focusOn(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

function Moves({ name, up, down, step }: { name: string; up: boolean; down: boolean; step: (by: -1 | 1) => void }) {
  return (
    <span class="btn-row nowrap">
      <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={!up} aria-label={t("template.move_up", { name })} onClick={() => step(-1)}>
        <Icon name="up" />
      </button>
      <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={!down} aria-label={t("template.move_down", { name })} onClick={() => step(1)}>
        <Icon name="down" />
      </button>
    </span>
  );
}

/* A row is dragged by its grip; it takes the place of the row it is over. */
function useDrag(edit: EditProps["edit"], say: (text: string) => void) {
  const dragging = useRef("");
  return (key: string, name: string) => ({
    onPointerDown: (e: PointerEvent) => {
      dragging.current = key;
      (e.currentTarget as Element).setPointerCapture(e.pointerId);
      e.preventDefault();
    },
    onPointerMove: (e: PointerEvent) => {
      if (dragging.current !== key) return;
      const over = document.elementFromPoint(e.clientX, e.clientY)?.closest<HTMLElement>("[data-field]")?.dataset.field;
      if (!over || over === key) return;
      edit((d) => {
        const [from, to] = [find(d, key), find(d, over)];
        return from && to && from.section === to.section ? dropped(d, from, to.field) : d;
      });
    },
    onPointerUp: () => {
      if (dragging.current === key) say(t("template.moved", { name }));
      dragging.current = "";
    },
    onPointerCancel: () => (dragging.current = ""),
  });
}

interface RowProps extends MatrixProps {
  at: Place;
  n: number;
  section: Section;
  field: Field;
  drag: ReturnType<typeof useDrag>;
}

function FieldRow(props: RowProps) {
  const { d, lang, edit, lacks, chosen, choose, remove, say, at, n, section, field, drag } = props;
  const name = nameOf(field.label, n);
  const lack = lacks.find((l) => l.id === `n-${field.key}`);
  const incomplete = lacks.find((l) => l.id === `d-${field.key}`);
  const change = (f: (old: Field) => Field) => edit((now) => withField(now, find(now, field.key) ?? at, f));
  const step = (by: -1 | 1) => {
    const to = moved(d, at, by);
    if (!to) return;
    edit((now) => moved(now, find(now, field.key) ?? at, by)?.definition ?? now);
    say(t("template.moved_to", { name, n: to.at.field + 1 }));
  };
  const takeAway = () =>
    remove(
      name,
      (now) => withSection(now, find(now, field.key)?.section ?? at.section, (s) => ({ ...s, fields: s.fields.filter((f) => f.key !== field.key) })),
      (now) => withSection(now, Math.min(at.section, now.sections.length - 1), (s) => ({ ...s, fields: insert(s.fields, at.field, field) })),
    );
  const keys = (e: KeyboardEvent) => {
    if (!e.altKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
    e.preventDefault();
    step(e.key === "ArrowUp" ? -1 : 1);
    const id = (e.target as HTMLElement).id;
    if (id) focusOn(id);
  };
  return (
    <tr role="row" data-field={field.key} class={chosen === field.key ? "is-selected" : undefined} onKeyDown={keys}>
      <th role="rowheader" scope="row">
        <div class="fieldname">
          <span class="grip" title={t("template.drag")} aria-hidden="true" {...drag(field.key, name)}>
            <Icon name="dots" />
          </span>
          <Moves name={name} up={!!moved(d, at, -1)} down={!!moved(d, at, 1)} step={step} />
          <Words
            quiet
            id={`n-${field.key}`}
            label={t("template.name_of_field", { n })}
            texts={field.label}
            lang={lang}
            error={lack && t("template.lack_field_here")}
            set={(label) => change((f) => ({ ...f, label }))}
            onFocus={() => choose(field.key)}
          />
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("template.details_of", { name })} onClick={() => choose(field.key, true)}>
            <Icon name={incomplete ? "warn" : "pen"} />
          </button>
          <button class="btn btn--quiet btn--icon btn--sm" type="button" disabled={field.head} aria-label={t("template.remove_of", { name })} onClick={takeAway}>
            <Icon name="trash" />
          </button>
        </div>
      </th>
      <td role="cell" data-l={t("template.kind")}>
        <KindChoice section={section} field={field} name={name} change={change} />
      </td>
      {letters.map((hat) => (
        <td role="cell" data-l={hatName(hat)} key={hat}>
          <RightChoice of={field} hat={hat} what={name} never={neverOf(field, section, hat)} set={(right) => change((f) => withRight(f, hat, right))} />
        </td>
      ))}
    </tr>
  );
}

/* In a goal table a column is of a competence or of each goal under it. */
function KindChoice({ section, field, name, change }: { section: Section; field: Field; name: string; change: (f: (old: Field) => Field) => void }) {
  if (field.head) return <span class="small muted">{t(`template.head_${field.of ?? "goal"}`)}</span>;
  return (
    <div class="kindcell">
      <select
        class="input"
        aria-label={t("template.kind_of", { name })}
        value={field.kind}
        onChange={(e) => {
          const kind = e.currentTarget.value as Kind;
          change((f) => withKind(f, kind));
        }}
      >
        {kindsFor(section, field.of).map((k) => (
          <option value={k} key={k}>
            {t(`template.kind_${k}`)}
          </option>
        ))}
      </select>
      {section.kind === "grid" && kinds[field.kind].in !== "goal" && field.kind !== "tasks" && (
        <select
          class="input"
          aria-label={t("template.of_of", { name })}
          value={field.of}
          onChange={(e) => {
            const of = e.currentTarget.value as "competence" | "goal";
            change((f) => ({ ...f, of }));
          }}
        >
          <option value="goal">{t("template.of_goal")}</option>
          <option value="competence">{t("template.of_competence")}</option>
        </select>
      )}
    </div>
  );
}

function SectionHead({ d, lang, edit, lacks, choose, chosen, remove, say, at }: MatrixProps & { at: number }) {
  const section = d.sections[at] as Section;
  const name = pick(section.title) || t("template.section_n", { n: at + 1 });
  const lack = lacks.find((l) => l.id === `s-${section.key}`);
  const change = (f: (s: Section) => Section) =>
    edit((now) => withSection(now, now.sections.findIndex((s) => s.key === section.key), f));
  const step = (by: -1 | 1) => {
    edit((now) => {
      const from = now.sections.findIndex((s) => s.key === section.key);
      return { ...now, sections: insert(without(now.sections, from), from + by, now.sections[from] as Section) };
    });
    say(t("template.moved_to", { name, n: at + by + 1 }));
  };
  const takeAway = () =>
    remove(
      name,
      (now) => ({ ...now, sections: now.sections.filter((s) => s.key !== section.key) }),
      (now) => ({ ...now, sections: insert(now.sections, at, section) }),
    );
  return (
    <tr role="row" class={chosen === section.key ? "grouphead is-selected" : "grouphead"}>
      <th role="rowheader" scope="rowgroup" colSpan={section.kind === "grid" ? 1 : 7}>
        <div class="fieldname">
          <Moves name={name} up={at > 0} down={at < d.sections.length - 1} step={step} />
          <Words
            quiet
            id={`s-${section.key}`}
            label={t("template.name_of_section", { n: at + 1 })}
            texts={section.title}
            lang={lang}
            error={lack && t(`template.lack_${lack.what}_here`)}
            set={(title) => change((s) => ({ ...s, title }))}
            onFocus={() => choose(section.key)}
          />
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("template.details_of", { name })} onClick={() => choose(section.key, true)}>
            <Icon name="pen" />
          </button>
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("template.remove_of", { name })} onClick={takeAway}>
            <Icon name="trash" />
          </button>
        </div>
      </th>
      {section.kind === "grid" && (
        <>
          <td role="cell" data-l={t("template.kind")}>
            <span class="small muted">{t("template.goal_table")}</span>
          </td>
          {letters.map((hat) => (
            <td role="cell" data-l={hatName(hat)} key={hat}>
              <RightChoice of={section} hat={hat} what={t("template.rows_of", { name })} set={(right) => change((s) => narrowed(withRight(s, hat, right)))} />
            </td>
          ))}
        </>
      )}
    </tr>
  );
}

/* Who does not see the table sees no column of it; who sees it sees what its rows are called. */
function narrowed(s: Section): Section {
  const sees = s.sees ?? "M";
  const cut = (hats = "") => [...hats].filter((l) => sees.includes(l)).join("");
  return {
    ...s,
    fields: s.fields.map((f) => ({ ...f, sees: f.head ? sees : cut(f.sees), edits: cut(f.edits) })),
  };
}

function AddRow({ d, edit, choose, section }: MatrixProps & { section: Section }) {
  const add = () => {
    const field = blankField(d, section);
    edit((now) => withSection(now, now.sections.findIndex((s) => s.key === section.key), (s) => ({ ...s, fields: [...s.fields, field] })));
    choose(field.key);
    focusOn(`n-${field.key}`);
  };
  return (
    <tr role="row" class="addrow">
      <td role="cell" class="full" colSpan={7}>
        <button class="btn btn--sm" type="button" onClick={add}>
          <Icon name="plus" />
          {t(section.kind === "grid" ? "template.add_column" : "template.add_field")}
          <span class="sr"> {pick(section.title)}</span>
        </button>
      </td>
    </tr>
  );
}

export function Matrix(props: MatrixProps) {
  const { d, edit, say, lang } = props;
  const drag = useDrag(edit, say);
  let n = 0;
  const add = (kind: Section["kind"]) => {
    const section = blankSection(d, kind, { competence: t("template.of_competence"), goal: t("template.of_goal") }, lang);
    edit((now) => ({ ...now, sections: [...now.sections, section] }));
    focusOn(`s-${section.key}`);
  };
  return (
    <>
      {d.sections.length > 0 && (
        <table role="table" class="tbl tbl--stack matrix">
          <caption class="sr">{t("template.matrix")}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {[t("template.field"), t("template.kind"), ...letters.map(hatName)].map((h) => (
                <th role="columnheader" scope="col" key={h}>
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          {d.sections.map((section, i) => (
            <tbody role="rowgroup" key={section.key}>
              <SectionHead {...props} at={i} />
              {section.fields.map((field, j) => (
                <FieldRow {...props} at={{ section: i, field: j }} n={++n} section={section} field={field} drag={drag} key={field.key} />
              ))}
              <AddRow {...props} section={section} />
            </tbody>
          ))}
        </table>
      )}
      <div class="btn-row mt" id="t-add" tabIndex={-1}>
        <button class="btn" type="button" onClick={() => add("fields")}>
          <Icon name="plus" />
          {t("template.add_section")}
        </button>
        {!d.sections.some((s) => s.kind === "grid") && (
          <button class="btn" type="button" onClick={() => add("grid")}>
            <Icon name="plus" />
            {t("template.add_grid")}
          </button>
        )}
      </div>
    </>
  );
}
