/* The goals as a table: competence, goal, reflection, tasks, notes; cards on narrow screens. */
import { useRef, useState } from "preact/hooks";
import { useApp } from "../app";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/notes";
import type { FormField, FormSection, PlanRowOfGrid } from "../plan-types";
import { useRowActs } from "./acts";
import { AddField } from "./add-field";
import { useEdits, useMay, usePlanContext } from "./context";
import { Body, Foot, isEmpty, Optional } from "./field";
import { focusOnce } from "./focus";
import { Menu } from "../parts/menu";
import { anchor, columnsOf, gridOf, headOf, isStaffOnly, isValued, wordsOf, type Column, type Competence } from "./model";
import { GoalsFrom } from "./slots";
import { Editor } from "./value";
import { Who } from "./who";

interface CellProps {
  field: FormField;
  row: PlanRowOfGrid;
  of: string;
  labelled: boolean;
  /* What the head of the column says already. */
  like?: FormField;
}

/* One field in a cell. Its name stands above it where the cell has several. */
function Piece({ field, row, of, labelled, like }: CellProps) {
  const { page } = usePlanContext();
  const edits = useEdits()(field);
  if (labelled && !edits && isEmpty(page, field, row.id)) return null;
  const same = like && like.seenBy === field.seenBy && like.editedBy === field.editedBy;
  const id = `i-${row.id}-${field.key}`;
  const name = pick(field.label);
  const label = of && !field.head ? t("plan.label_for", { label: name, of }) : name;
  const plain = field.kind === "text" || field.kind === "long";
  const priv = isStaffOnly(field.seenBy ?? "M");
  return (
    <div class={priv && isValued(field) ? "piece private" : "piece"} id={anchor("f", row.id, field.key)} tabIndex={-1}>
      {labelled && (
        <span class="piece__name">
          {name} {!same && <Who seenBy={field.seenBy ?? "M"} editedBy={field.editedBy} />}
        </span>
      )}
      {edits && plain ? (
        <Editor field={field} row={row.id} id={id} label={label} quiet placeholder={field.head ? t("plan.write_goal") : t("plan.write_here")} />
      ) : (
        <Body field={field} row={row.id} of={of} id={id} quiet />
      )}
      {isValued(field) && <Foot field={field} row={row.id} quiet />}
    </div>
  );
}

function Cell({ column, row, of }: { column: Column; row: PlanRowOfGrid; of: string }) {
  return (
    <>
      {column.fields.map((f, i) =>
        i === 0 ? (
          <Piece field={f} row={row} of={of} labelled={false} key={f.key} />
        ) : (
          <Optional field={f} row={row.id} of={of} key={f.key}>
            <Piece field={f} row={row} of={of} labelled like={column.fields[0]} />
          </Optional>
        ),
      )}
    </>
  );
}

function RowMenu({ row, name, list }: { row: PlanRowOfGrid; name: string; list: PlanRowOfGrid[] }) {
  const { remove, move } = useRowActs();
  if (!row.mayRemove && list.length < 2) return null;
  const at = list.findIndex((r) => r.id === row.id);
  return (
    <Menu
      look="taskdots"
      at="start"
      button={
        <>
          <Icon name="dots" />
          <span class="sr">{t("plan.row_menu", { name: name || t("plan.no_words") })}</span>
        </>
      }
    >
      {at > 0 && (
        <li>
          <button type="button" onClick={() => move(row, -1)}>
            <Icon name="up" />
            {t("plan.row_up")}
          </button>
        </li>
      )}
      {at < list.length - 1 && (
        <li>
          <button type="button" onClick={() => move(row, 1)}>
            <Icon name="down" />
            {t("plan.row_down")}
          </button>
        </li>
      )}
      {row.mayRemove && <li>
        <button class="is-danger" type="button" onClick={() => remove(row, name)}>
          <Icon name="trash" />
          {t(row.kind === "goal" ? "plan.goal_remove" : "plan.competence_remove")}
        </button>
      </li>}
    </Menu>
  );
}

/* A goal somebody proposed: who, and what the mentor may do with it. */
function Proposed({ row }: { row: PlanRowOfGrid }) {
  const may = useMay();
  const { settle } = useRowActs();
  if (row.state === "agreed") return null;
  return (
    <div class="proposal">
      <span class={row.state === "proposed" ? "chip chip--warn" : "chip"}>{t(`plan.state_${row.state}`, { name: row.by })}</span>
      {may("confirm") && (
        <span class="btn-row">
          <button class="btn btn--sm" type="button" onClick={() => settle(row, "agreed")}>
            {t("plan.take_up")}
          </button>
          {row.state === "proposed" && (
            <button class="btn btn--sm btn--quiet" type="button" onClick={() => settle(row, "declined")}>
              {t("plan.decline")}
            </button>
          )}
        </span>
      )}
    </div>
  );
}

interface AddRowProps {
  kind: "competence" | "goal";
  parent: string | null;
  of?: string;
  proposed: boolean;
}

/* The words of a new goal or competence; Enter adds it and asks for the next. */
export function AddRow({ kind, parent, of, proposed }: AddRowProps) {
  const { add } = useRowActs();
  const { unsent } = useApp();
  const { page } = usePlanContext();
  const kept = `post.${page.plan.id}.row.${parent ?? ""}`;
  const [open, setOpen] = useState(() => Boolean(unsent.get(kept)));
  const [text, type] = useState(() => unsent.get(kept) ?? "");
  const button = useRef<HTMLButtonElement>(null);
  const what = t(proposed ? "plan.goal_propose" : kind === "goal" ? "plan.goal_add" : "plan.competence_add");
  const write = (words: string) => {
    type(words);
    if (words.trim()) unsent.put(kept, words);
    else unsent.drop(kept);
  };
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (!open)
    return (
      <button class="addbtn" type="button" ref={button} onClick={() => setOpen(true)}>
        <Icon name="plus" />
        {what}
        {of && <span class="sr"> {t("task.add_for", { of })}</span>}
      </button>
    );
  return (
    <form
      class="addline"
      onSubmit={(e) => {
        e.preventDefault();
        const words = text.trim();
        if (!words) return close();
        void add(kind, parent, words, proposed);
        write("");
      }}
    >
      <input
        class="input input--sm"
        dir="auto"
        maxLength={1000}
        ref={focusOnce}
        aria-label={of ? `${what} ${t("task.add_for", { of })}` : what}
        placeholder={t(kind === "goal" ? "plan.goal_hint" : "plan.competence_hint")}
        value={text}
        onInput={(e) => write(e.currentTarget.value)}
        onKeyDown={(e) => e.key === "Escape" && close()}
      />
      <button class="btn btn--sm btn--primary" type="submit">
        {t(proposed ? "plan.propose_button" : "task.add_button")}
      </button>
      <button class="btn btn--sm btn--quiet btn--icon" type="button" aria-label={t("common.close")} onClick={close}>
        <Icon name="x" />
      </button>
    </form>
  );
}

function Rows({ one, section, columns, all }: { one: Competence; section: FormSection; columns: Column[]; all: PlanRowOfGrid[] }) {
  const { page } = usePlanContext();
  const may = useMay();
  const writes = section.edits === true && may("write");
  const head = headOf(section, "competence");
  const fields = section.fields.filter((f) => f.of === "competence");
  const goalHead = headOf(section, "goal");
  const addsGoals = writes && goalHead?.edits === true;
  const name = wordsOf(page, one.row);
  const goals: (PlanRowOfGrid | null)[] = one.goals.length ? one.goals : [null];
  const heading = (
    <th role="rowheader" scope="rowgroup" rowSpan={goals.length}>
      <div class="rowhead">
        <div class="rowhead__words">
          {fields.map((f) =>
            f === head ? (
              <Piece field={f} row={one.row} of={name} labelled={false} key={f.key} />
            ) : (
              <Optional field={f} row={one.row.id} of={name} key={f.key}>
                <Piece field={f} row={one.row} of={name} labelled like={head} />
              </Optional>
            ),
          )}
        </div>
        {writes && <RowMenu row={one.row} name={name} list={all} />}
      </div>
      {(addsGoals || may("propose")) && <AddRow kind="goal" parent={one.row.id} of={name} proposed={!addsGoals} />}
      {addsGoals && <GoalsFrom parent={one.row.id} />}
    </th>
  );
  return (
    <tbody role="rowgroup">
      {goals.map((g, n) => {
        const words = g ? wordsOf(page, g) : "";
        return (
          <tr role="row" key={g?.id ?? "none"} class={g && g.state !== "agreed" ? "is-proposed" : undefined}>
            {n === 0 && heading}
            {!g && (
              <td role="cell" colSpan={columns.length}>
                <p class="quote--empty">{t("plan.no_goals")}</p>
              </td>
            )}
            {g &&
              columns.map((c, i) => (
                <td role="cell" data-l={pick(c.fields[0]?.label ?? {})} key={c.key}>
                  {i === 0 ? (
                    <div class="rowhead">
                      <div class="rowhead__words">
                        <Proposed row={g} />
                        <Cell column={c} row={g} of={words} />
                        {g.objective && <p class="hint">{t("plan.objective", { text: g.objective })}</p>}
                      </div>
                      {writes && <RowMenu row={g} name={words} list={one.goals} />}
                    </div>
                  ) : (
                    <Cell column={c} row={g} of={words} />
                  )}
                </td>
              ))}
          </tr>
        );
      })}
    </tbody>
  );
}

export function Grid({ section }: { section: FormSection }) {
  const { page } = usePlanContext();
  const may = useMay();
  const columns = columnsOf(section);
  const grid = gridOf(page.rows);
  const head = headOf(section, "competence");
  const writes = section.edits === true && may("write");
  return (
    <section class="section section--first" id="goals" aria-labelledby="goals-h">
      <h2 class="sr" id="goals-h" tabIndex={-1}>
        {pick(section.title)}
      </h2>
      {section.help && writes && <p class="hint gridhelp">{pick(section.help)}</p>}
      {grid.length === 0 ? (
        <Empty icon="path" title={t("plan.grid_empty")} level="h3">
          <p>{t(writes ? "plan.grid_empty_text" : "plan.grid_empty_read")}</p>
        </Empty>
      ) : (
        <table role="table" class={`plan plan--${columns.length}`}>
          <caption class="sr">{pick(section.title)}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" class="c-comp">
                {head ? pick(head.label) : ""}
                <br />
                <Who seenBy={head?.seenBy ?? section.seenBy ?? "M"} editedBy={head?.editedBy} />
              </th>
              {columns.map((c) => {
                const first = c.fields[0];
                return (
                  <th role="columnheader" scope="col" class={`c-${c.key}${isStaffOnly(first?.seenBy ?? "M") ? " staffonly" : ""}`} key={c.key}>
                    {pick(first?.label ?? {})}
                    <br />
                    <Who seenBy={first?.seenBy ?? "M"} editedBy={first?.editedBy} />
                  </th>
                );
              })}
            </tr>
          </thead>
          {grid.map((one) => (
            <Rows one={one} section={section} columns={columns} all={grid.map((x) => x.row)} key={one.row.id} />
          ))}
        </table>
      )}
      <div class="row">
        {writes && head?.edits && <AddRow kind="competence" parent={null} proposed={false} />}
        <AddField section={section} />
      </div>
    </section>
  );
}
