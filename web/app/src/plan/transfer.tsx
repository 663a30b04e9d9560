/* From a locked plan a mentor may still take unfinished tasks along into the one that follows (I-08). */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { pick, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { explain, Note } from "../parts/notes";
import type { Task } from "../plan-types";
import { useMay, usePlanContext } from "./context";

interface Moved {
  results: { task: string; ok: boolean; reason?: string }[];
}

function Choose({ tasks, into, close }: { tasks: Task[]; into: string; close: () => void }) {
  const { sessionEnded, toast } = useApp();
  const { page, load } = usePlanContext();
  const [stays, stay] = useState<ReadonlySet<string>>(new Set());
  const [busy, work] = useState(false);
  const [problem, fail] = useState("");
  const chosen = tasks.filter((x) => !stays.has(x.id));
  const turn = (id: string) => {
    const next = new Set(stays);
    if (!next.delete(id)) next.add(id);
    stay(next);
  };
  const move = async () => {
    if (busy || chosen.length === 0) return;
    work(true);
    try {
      const body = { tasks: chosen.map((x) => x.id) };
      const { results } = await api<Moved>(`plans/${page.plan.id}/transfer`, { method: "POST", body });
      const good = results.filter((r) => r.ok).length;
      toast({ text: t("transfer.done", { n: good, title: into }) });
      close();
      await load();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      fail(explain(e));
      work(false);
    }
  };
  const status = (x: Task) => pick(page.form.statuses.find((s) => s.key === x.status)?.label ?? {});
  return (
    <Dialog
      small
      title={t("transfer.title")}
      hint={t("transfer.into", { title: into })}
      close={close}
      submit={() => void move()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" disabled={busy || chosen.length === 0} aria-busy={busy}>
            {t("transfer.move", { n: chosen.length })}
          </button>
        </>
      }
    >
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <fieldset class="field">
        <legend>{t("transfer.tasks")}</legend>
        {tasks.map((x) => (
          <label class="optrow" key={x.id}>
            <input type="checkbox" checked={!stays.has(x.id)} onChange={() => turn(x.id)} />
            <span>
              <span dir="auto">{x.text}</span>
              <small>{status(x)}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}

/* Nothing where there is nothing to take along, or nowhere to take it. */
export function Transfer() {
  const { page } = usePlanContext();
  const may = useMay();
  const [open, show] = useState(false);
  const heir = page.plan.successor;
  const tasks = page.tasks.filter((x) => !x.movedTo && (x.category === "todo" || x.category === "doing"));
  if (!may("transfer") || !heir || (heir.state !== "draft" && heir.state !== "published") || tasks.length === 0) return null;
  return (
    <p class="row mt0">
      <button class="btn btn--sm" type="button" onClick={() => show(true)}>
        <Icon name="right" flips />
        {t("transfer.button", { n: tasks.length })}
      </button>
      {open && <Choose tasks={tasks} into={heir.title} close={() => show(false)} />}
    </p>
  );
}
