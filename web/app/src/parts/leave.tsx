/* The ways out of the page: into a window of its own, and out of the session. */
import { useState } from "preact/hooks";
import { ApiError, ownWindow, signOut } from "../api";
import { useApp, useTally } from "../app";
import { t } from "../i18n";
import { here, href } from "../router";
import { Dialog } from "./dialog";
import { Icon } from "./icons";
import { explain, Note } from "./notes";

export const signedOut = "signed-out";

/* A picker answers the page it was opened from. */
const staysHere = (path: string) => path === "place" || path.startsWith("place/");

export const framed = window.top !== window.self;

/* The window opens with the click, or the browser takes it for one nobody asked for. */
export function OwnWindow({ path }: { path: string }) {
  const { queue, toast, sessionEnded } = useApp();
  if (!framed || staysHere(path)) return null;
  const open = async () => {
    const opened = window.open("", "_blank");
    if (!opened) return toast({ text: t("app.own_window_blocked") });
    opened.opener = null;
    queue.flushAll();
    try {
      opened.location.replace(await ownWindow(here()));
    } catch (e) {
      opened.close();
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      else toast({ text: explain(e) });
    }
  };
  const label = t("app.own_window");
  return (
    <button class="btn btn--quiet btn--icon" type="button" aria-label={label} title={label} onClick={() => void open()}>
      <Icon name="out" flips />
    </button>
  );
}

/* What has not been saved is kept or thrown away knowingly. */
export function SignOut({ close }: { close: () => void }) {
  const { queue, outbox, unsent, durable } = useApp();
  const { unsaved, pending, conflicts } = useTally();
  const [everywhere, setEverywhere] = useState(false);
  const [error, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const left = unsaved + pending + conflicts + unsent.all("post.").length;
  const leave = async (keep: boolean) => {
    work(true);
    await queue.settle(queue.keys(), 5000);
    try {
      await signOut(everywhere);
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== "expired") {
        work(false);
        return fail(e);
      }
    }
    if (!keep) {
      queue.keys().forEach((key) => queue.discard(key));
      outbox.discard();
      unsent.all("post.").forEach(([key]) => unsent.drop(`post.${key}`));
    }
    queue.end();
    outbox.end();
    /* A new document: nothing of this one stays in memory. */
    location.replace(href(signedOut));
  };
  return (
    <Dialog
      title={t("app.sign_out_title")}
      small
      close={close}
      submit={() => void leave(true)}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          {left > 0 && (
            <button class="btn btn--danger" type="button" disabled={busy} onClick={() => void leave(false)}>
              {t("app.sign_out_discard")}
            </button>
          )}
          <button class="btn btn--primary" disabled={busy}>
            {t(left > 0 && durable ? "app.sign_out_keep" : "app.sign_out")}
          </button>
        </>
      }
    >
      {error !== null && (
        <Note tone="bad" role="alert">
          {explain(error)}
        </Note>
      )}
      {left > 0 && <Note tone="warn">{t(durable ? "app.sign_out_unsaved_kept" : "app.sign_out_unsaved_page", { n: left })}</Note>}
      <label class="optrow">
        <input type="checkbox" data-first checked={everywhere} onChange={(e) => setEverywhere(e.currentTarget.checked)} />
        <span>{t("app.sign_out_everywhere")}</span>
      </label>
    </Dialog>
  );
}
