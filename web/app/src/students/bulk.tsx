/* What can be done with the rows that are chosen; each button counts those it is for. */
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { type BulkAct, eligible, type Row, studentsOf } from "./list";

export type Wanted = BulkAct | "create";

interface Props {
  rows: Row[];
  act: (act: Wanted) => void;
  clear: () => void;
}

const icons: Record<Wanted, IconName> = {
  create: "plus",
  publish: "eye",
  revise: "next",
  meet: "users",
  print: "print",
  archive: "box",
  unpublish: "pen",
  lock: "lock",
  reopen: "back",
  restore: "back",
  delete: "trash",
};

const first: Wanted[] = ["create", "publish", "archive", "delete"];
const more: Wanted[] = ["revise", "meet", "print", "unpublish", "lock", "reopen", "restore"];

export const count = (act: Wanted, rows: Row[]) => (act === "create" ? studentsOf(rows) : eligible(act, rows)).length;

function More({ acts, rows, act }: { acts: Wanted[]; rows: Row[]; act: (act: Wanted) => void }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const shut = () => {
    if (menu.current) menu.current.open = false;
  };
  useEffect(() => {
    const outside = (e: Event) => {
      if (e.target instanceof Node && !menu.current?.contains(e.target)) shut();
    };
    const escape = (e: KeyboardEvent) => {
      if (e.key !== "Escape" || !menu.current?.open) return;
      shut();
      menu.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", escape);
    };
  }, []);
  return (
    <details class="menu menu--up" ref={menu}>
      <summary class="btn">
        <Icon name="dots" />
        {t("students.more")}
      </summary>
      <ul class="menu__list">
        {acts.map((a) => (
          <li key={a}>
            <button
              type="button"
              onClick={() => {
                shut();
                act(a);
              }}
            >
              <Icon name={icons[a]} />
              {t(`students.bulk_${a}`, { n: count(a, rows) })}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Bulk({ rows, act, clear }: Props) {
  const can = (a: Wanted) => count(a, rows) > 0;
  const others = more.filter(can);
  return (
    <section class="bulk" aria-label={t("students.selected_rows")}>
      <span class="bulk__n" role="status">
        {t("students.n_selected", { n: rows.length })}
      </span>
      <span class="btn-row">
        {first.filter(can).map((a) => (
          <button
            class={a === "create" ? "btn btn--primary" : a === "delete" ? "btn btn--danger" : "btn"}
            type="button"
            key={a}
            onClick={() => act(a)}
          >
            <Icon name={icons[a]} />
            {t(`students.bulk_${a}`, { n: count(a, rows) })}
          </button>
        ))}
        {others.length > 0 && <More acts={others} rows={rows} act={act} />}
      </span>
      <button class="btn btn--quiet" type="button" onClick={clear}>
        {t("students.clear")}
      </button>
    </section>
  );
}
