/* The dialogs of the list, one at a time. */
import { t } from "../i18n";
import type { StudentRow } from "../plan-types";
import { Create } from "./create";
import { Delete, Reason, type Titled } from "./end";
import { chunks, eligible, itemsOf, type Row } from "./list";
import { Publish } from "./publish";
import { Revise } from "./revise";
import type { Line, useActs } from "./run";
import { useApp } from "../app";

export type Open =
  | { kind: "create"; students: StudentRow[] }
  | { kind: "publish" | "revise" | "delete" | "lock" | "reopen" | "unpublish"; rows: Row[] };

interface Props {
  open: Open;
  all: StudentRow[];
  close: () => void;
  /* With the plans that are new, to be chosen. */
  done: (plans: string[]) => void;
  acts: ReturnType<typeof useActs>;
  switchTo: (open: Open | null) => void;
}

const made = (lines: Line[]) => lines.flatMap((l) => (l.ok && l.plan ? [l.plan] : []));

/* The server asks for the title of each; what was typed here stands for all. */
export async function removeAll(acts: ReturnType<typeof useActs>, plans: Titled[]): Promise<void> {
  const titles = [...new Set(plans.map((p) => p.title))];
  for (const title of titles)
    for (const part of chunks(plans.filter((p) => p.title === title), 20)) await acts.run("delete", part, { confirm: title });
}

export function BulkDialog({ open, all, close, done, acts }: Props) {
  const { toast } = useApp();
  const told = (lines: Line[], key: string) => {
    const n = lines.filter((l) => l.ok).length;
    if (n > 0) toast({ text: t(key, { n }) });
    done(made(lines));
  };
  if (open.kind === "create")
    return <Create students={open.students} all={all} close={close} done={(lines) => told(lines, "students.created")} />;
  const plans = itemsOf(open.rows);
  if (open.kind === "publish")
    return (
      <Publish
        items={plans}
        close={close}
        done={(lines) => {
          acts.told("publish", lines);
          done([]);
        }}
      />
    );
  if (open.kind === "revise") return <Revise plans={plans} close={close} done={(lines) => told(lines, "students.created")} />;
  if (open.kind === "delete") {
    const keep = eligible("archive", open.rows);
    const archive = () => {
      done([]);
      void acts.run("archive", itemsOf(keep));
    };
    const remove = (some: Titled[]) => {
      done([]);
      void removeAll(acts, some);
    };
    return <Delete plans={plans} close={close} archive={keep.length > 0 ? archive : null} remove={remove} />;
  }
  const { kind } = open;
  const run = (reason: string) => {
    done([]);
    void acts.run(kind, plans, reason ? { reason } : {});
  };
  return <Reason act={kind} plans={plans} close={close} run={run} />;
}
