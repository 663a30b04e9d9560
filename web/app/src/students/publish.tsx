/* Publishing is an act of its own (I-06): what each family will see is one click away, who
 * is told stands by name, and what becomes of the plan before. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { list, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { Note, Problem, Skeleton } from "../parts/notes";
import type { PublishPreview } from "../plan-types";
import { href } from "../router";
import { chunks } from "./list";
import { Lines, Progress } from "./result";
import { actOn, type Item, type Line, useRun } from "./run";

const atMost = 100;

type Prospect = PublishPreview["plans"][number];

/* null while it is asked for. */
function usePreview(ids: string[]) {
  const { sessionEnded } = useApp();
  const [preview, set] = useState<PublishPreview | null>(null);
  const [error, fail] = useState<unknown>(null);
  const load = async () => {
    fail(null);
    try {
      const all: PublishPreview = { plans: [], mails: 0 };
      for (const plans of chunks(ids, atMost)) {
        const part = await api<PublishPreview>("plans/preview", { method: "POST", body: { plans } });
        all.plans.push(...part.plans);
        all.mails += part.mails;
      }
      set(all);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      fail(e);
    }
  };
  useEffect(() => void load(), []);
  return { preview, error, load };
}

/* "Sofie and Marte Aasen get a mail. Per Lund sees it, and gets none." */
function told(p: Prospect): string {
  const mailed = [p.studentMail ? p.student.name : "", ...p.guardians.filter((g) => g.mail).map((g) => g.name)].filter(Boolean);
  const silent = [p.studentMail ? "" : p.student.name, ...p.guardians.filter((g) => !g.mail).map((g) => g.name)].filter(Boolean);
  return [
    mailed.length > 0 ? t("students.get_mail", { n: mailed.length, names: list(mailed) }) : "",
    silent.length > 0 ? t("students.get_no_mail", { n: silent.length, names: list(silent) }) : "",
    p.guardians.length === 0 ? t("students.no_guardians") : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function One({ p, many }: { p: Prospect; many: boolean }) {
  const locks = p.locks.map((l) => t("common.quoted", { text: l.title }));
  return (
    <li class="prospect">
      {many && (
        <span class="row">
          <b dir="auto">{p.student.name}</b>
          <span class="muted" dir="auto">
            {p.title}
          </span>
        </span>
      )}
      {p.empty && (
        <span class="warn">
          <Icon name="warn" /> {t("students.is_empty")}
        </span>
      )}
      <span class="small muted">{told(p)}</span>
      {locks.length > 0 && (
        <span class="small">
          <Icon name="lock" /> {t("students.will_lock", { titles: list(locks), moves: p.moves })}
        </span>
      )}
      <span class="small row">
        <a href={href(`plans/${p.id}/as/student`)}>
          {t("students.see_as_student")}
          <span class="sr"> {p.student.name}</span>
        </a>
        <a href={href(`plans/${p.id}/as/guardian`)}>
          {t("students.see_as_guardian")}
          <span class="sr"> {p.student.name}</span>
        </a>
      </span>
    </li>
  );
}

interface Props {
  items: Item[];
  close: () => void;
  done: (lines: Line[]) => void;
}

export function Publish({ items, close, done }: Props) {
  const { preview, error, load } = usePreview(items.map((i) => i.id));
  const run = useRun();
  const plans = preview?.plans ?? [];
  const go = async (some: Item[]) => {
    const lines = await run.start(some, (part) => actOn("publish", part));
    if (lines.length > 0 && lines.every((l) => l.ok)) done(lines);
  };
  const ready = items.filter((i) => plans.some((p) => p.id === i.id));
  const failed = run.lines.filter((l) => !l.ok);
  const isOver = !run.busy && run.lines.length > 0;
  const foot = (
    <>
      <button class="btn" type="button" onClick={isOver ? () => done(run.lines) : close}>
        {t(isOver ? "common.close" : "common.cancel")}
      </button>
      {isOver ? (
        <button class="btn btn--primary" type="button" onClick={() => void go(failed)}>
          {t("students.retry_failed", { n: failed.length })}
        </button>
      ) : (
        <button class="btn btn--primary" data-first disabled={run.busy || ready.length === 0} aria-busy={run.busy}>
          <Icon name="eye" />
          {t("students.publish_now", { n: ready.length || items.length })}
        </button>
      )}
    </>
  );
  return (
    <Dialog
      title={t("students.publish_title", { n: items.length, name: items[0]?.name ?? "" })}
      close={isOver ? () => done(run.lines) : close}
      submit={() => void go(ready)}
      foot={foot}
    >
      {error !== null && <Problem error={error} retry={() => void load()} />}
      {!preview && error === null && <Skeleton label={t("common.loading")} />}
      {run.busy && <Progress run={run} label={t("students.publishing")} />}
      {isOver && <Lines run={run} good={t("students.published", { n: run.lines.length - failed.length })} />}
      {preview && !run.busy && !isOver && (
        <div class="stackv">
          <p>{t("students.publish_text", { n: ready.length })}</p>
          <p>{t("students.publish_mails", { n: preview.mails })}</p>
          {ready.length < items.length && <Note tone="warn">{t("students.publish_fewer", { n: items.length - ready.length })}</Note>}
          <ul class="prospects">
            {plans.map((p) => (
              <One p={p} many={items.length > 1} key={p.id} />
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
