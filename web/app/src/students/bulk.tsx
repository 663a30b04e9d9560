/* What can be done with the rows that are chosen; each button counts those it is for. */
import { t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { Menu } from "../parts/menu";
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
  const button = (
    <>
      <Icon name="dots" />
      {t("students.more")}
    </>
  );
  return (
    <Menu at="up" look="btn" button={button}>
      {acts.map((a) => (
        <li key={a}>
          <button type="button" onClick={() => act(a)}>
            <Icon name={icons[a]} />
            {t(`students.bulk_${a}`, { n: count(a, rows) })}
          </button>
        </li>
      ))}
    </Menu>
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
