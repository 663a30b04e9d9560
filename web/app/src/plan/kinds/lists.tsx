/* Checklists and tables: small lists that are one text. */
import { useRef, useState } from "preact/hooks";
import { pick, t } from "../../i18n";
import { Icon } from "../../parts/icons";
import type { FormField } from "../../plan-types";
import { useSetValue, useValue } from "../context";
import { lines, readItems, readTable, writeItems, writeTable } from "../parse";
import type { KindProps } from "./choices";

const typing = 800;

export function ChecklistEditor({ field, row, id, label, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const [fresh, type] = useState("");
  const items = readItems(text);
  const put = (at: number, part: Partial<{ text: string; done: boolean }>, pause = 0) =>
    set(writeItems(items.map((i, n) => (n === at ? { ...i, ...part } : i))), pause);
  const add = (words: string) => {
    const all = lines(words);
    if (all.length) set(writeItems([...items, ...all.map((w) => ({ text: w, done: false }))]));
    type("");
  };
  return (
    <div class="stackv stackv--sm" role="group" aria-label={label} aria-describedby={describedBy}>
      {items.map((item, n) => (
        <div class="checkrow" key={n}>
          <input class="check" type="checkbox" checked={item.done} aria-label={t("plan.check_done", { text: item.text })} onChange={(e) => put(n, { done: e.currentTarget.checked })} />
          <input class="input input--quiet" dir="auto" aria-label={t("plan.check_text")} value={item.text} maxLength={500} onInput={(e) => put(n, { text: e.currentTarget.value }, typing)} />
          <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("plan.check_remove", { text: item.text })} onClick={() => set(writeItems(items.filter((_, i) => i !== n)))}>
            <Icon name="x" />
          </button>
        </div>
      ))}
      <input
        class="input"
        id={id}
        dir="auto"
        maxLength={500}
        placeholder={t("plan.check_add")}
        aria-label={t("plan.check_add")}
        value={fresh}
        onInput={(e) => type(e.currentTarget.value)}
        onPaste={(e) => {
          const pasted = e.clipboardData?.getData("text") ?? "";
          if (lines(pasted).length < 2) return;
          e.preventDefault();
          add(fresh ? `${fresh}\n${pasted}` : pasted);
        }}
        onKeyDown={(e) => {
          if (e.key !== "Enter" || e.isComposing) return;
          e.preventDefault();
          add(fresh);
        }}
        onBlur={() => add(fresh)}
      />
    </div>
  );
}

export function ChecklistView({ text }: { text: string }) {
  return (
    <ul class="checklist">
      {readItems(text).map((i) => (
        <li>
          <Icon name={i.done ? "done" : "todo"} />
          <span dir="auto">
            {i.text} <span class="sr">{t(i.done ? "plan.check_is" : "plan.check_not")}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Heads({ field }: { field: FormField }) {
  return (
    <>
      {(field.columns ?? []).map((c) => (
        <th scope="col">{pick(c)}</th>
      ))}
    </>
  );
}

export function TableEditor({ field, row, id, label, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const body = useRef<HTMLTableSectionElement>(null);
  const columns = field.columns?.length ?? 0;
  const rows = readTable(text, columns);
  /* One more than is written: writing in it makes the next. */
  const drawn = [...rows, Array.from({ length: columns }, () => "")];
  const put = (r: number, c: number, cell: string) => set(writeTable(drawn.map((old, i) => (i === r ? old.map((x, j) => (j === c ? cell : x)) : old))), typing);
  const down = (e: KeyboardEvent, r: number, c: number) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    body.current?.rows[r + 1]?.querySelectorAll("input")[c]?.focus();
  };
  return (
    <div class="scroll-x" aria-describedby={describedBy}>
      <table class="tbl tbl--mini" id={id}>
        <caption class="sr">{label}</caption>
        <thead>
          <tr>
            <Heads field={field} />
            <td />
          </tr>
        </thead>
        <tbody ref={body}>
          {drawn.map((cells, r) => (
            <tr key={r}>
              {cells.map((cell, c) => (
                <td key={c}>
                  <input
                    class="input input--quiet"
                    dir="auto"
                    maxLength={500}
                    aria-label={t("plan.table_cell", { column: pick(field.columns?.[c] ?? {}), row: r + 1 })}
                    value={cell}
                    onInput={(e) => put(r, c, e.currentTarget.value)}
                    onKeyDown={(e) => down(e, r, c)}
                  />
                </td>
              ))}
              <td>
                {r < rows.length && (
                  <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("plan.table_remove", { row: r + 1 })} onClick={() => set(writeTable(rows.filter((_, i) => i !== r)))}>
                    <Icon name="x" />
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function TableView({ field, text, label }: { field: FormField; text: string; label: string }) {
  return (
    <div class="scroll-x">
      <table class="tbl tbl--mini">
        <caption class="sr">{label}</caption>
        <thead>
          <tr>
            <Heads field={field} />
          </tr>
        </thead>
        <tbody>
          {readTable(text, field.columns?.length ?? 0).map((cells) => (
            <tr>
              {cells.map((c) => (
                <td dir="auto">{c}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
