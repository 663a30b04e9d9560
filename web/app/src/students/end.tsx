/* The dialogs that ask before something ends: deleting for good, locking, reopening, unpublishing. */
import { useEffect, useId, useState } from "preact/hooks";
import { api } from "../api";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { Note } from "../parts/notes";
import type { PublishPreview } from "../plan-types";
import type { Item } from "./run";

export interface Titled extends Item {
  title: string;
}

interface DeleteProps {
  plans: Titled[];
  close: () => void;
  archive: (() => void) | null;
  /* By title, for the server asks for the title of each. */
  remove: (plans: Titled[]) => void;
}

/* What has to be typed: the title, or where they differ a word. */
function wordFor(plans: Titled[]): string {
  const titles = new Set(plans.map((p) => p.title));
  return titles.size === 1 ? (plans[0]?.title ?? "") : t("students.delete_word");
}

export const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export function Delete({ plans, close, archive, remove }: DeleteProps) {
  const id = useId();
  const [typed, type] = useState("");
  const word = wordFor(plans);
  const fits = same(typed, word);
  const foot = (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      {archive && (
        <button class="btn" type="button" onClick={archive}>
          <Icon name="box" />
          {t("students.archive_instead")}
        </button>
      )}
      <button class="btn btn--danger-solid" disabled={!fits} aria-describedby={`${id}-why`}>
        {t("students.delete_now")}
      </button>
    </>
  );
  return (
    <Dialog title={t("students.delete_title", { n: plans.length })} small close={close} submit={() => fits && remove(plans)} foot={foot}>
      <div class="stackv">
        <ul class="prospects" aria-label={t("students.plan")} tabIndex={0}>
          {plans.map((p) => (
            <li key={p.id}>
              <b dir="auto">{p.name}</b> <span dir="auto">{p.title}</span>
            </li>
          ))}
        </ul>
        <p>{t("students.delete_text", { n: plans.length })}</p>
        {archive && <p class="muted">{t("students.delete_or_archive")}</p>}
        <div class="field">
          <label for={id}>{t("students.delete_type", { word })}</label>
          <input class="input" id={id} autocomplete="off" data-first value={typed} onInput={(e) => type(e.currentTarget.value)} />
          <p class="hint" id={`${id}-why`}>
            {t("students.delete_why")}
          </p>
        </div>
      </div>
    </Dialog>
  );
}

interface ReasonProps {
  act: "lock" | "reopen" | "unpublish";
  plans: Titled[];
  close: () => void;
  run: (reason: string) => void;
}

/* Who has opened it already cannot unread it. */
function AlreadyRead({ plans }: { plans: Titled[] }) {
  const [read, set] = useState(0);
  useEffect(() => {
    api<PublishPreview>("plans/preview", { method: "POST", body: { plans: plans.slice(0, 100).map((p) => p.id) } }).then(
      (p) => set(p.plans.filter((x) => x.opened?.student || x.opened?.home).length),
      () => undefined,
    );
  }, []);
  return read > 0 ? <Note tone="warn">{t("students.unpublish_read", { n: read, total: plans.length })}</Note> : null;
}

export function Reason({ act, plans, close, run }: ReasonProps) {
  const id = useId();
  const [reason, write] = useState("");
  const [asked, ask] = useState(false);
  const needed = act === "reopen";
  const missing = needed && !reason.trim();
  const submit = () => (missing ? ask(true) : run(reason.trim()));
  const foot = (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <button class="btn btn--primary">{t(`students.${act}_now`, { n: plans.length })}</button>
    </>
  );
  return (
    <Dialog title={t(`students.${act}_title`, { n: plans.length, name: plans[0]?.name ?? "" })} small close={close} submit={submit} foot={foot}>
      <div class="stackv">
        <p>{t(`students.${act}_text`, { n: plans.length })}</p>
        {act === "unpublish" && <AlreadyRead plans={plans} />}
        {act !== "unpublish" && (
          <div class="field">
            <label for={id}>{t(needed ? "students.reason" : "students.reason_optional")}</label>
            <input
              class="input"
              id={id}
              data-first
              maxLength={1000}
              value={reason}
              aria-invalid={asked && missing ? "true" : undefined}
              aria-describedby={`${id}-err`}
              onInput={(e) => write(e.currentTarget.value)}
            />
            <p class={asked && missing ? "err" : "hint"} id={`${id}-err`}>
              {t(asked && missing ? "students.reason_missing" : "students.reason_hint")}
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}
