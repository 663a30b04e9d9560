/* This course was copied from another: its reviews' set-up may come along. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { list, t } from "../i18n";
import { explain, Note } from "./notes";

export function Copied() {
  const { home, setHome, reload, toast, sessionEnded } = useApp();
  const [busy, setBusy] = useState(false);
  const offer = home.copied;
  if (!offer) return null;
  const from = offer.from.map((o) => o.title ?? t("copied.unnamed"));
  const without = () =>
    setHome((h) => {
      const { copied: _, ...rest } = h;
      return rest;
    });
  const act = async (run: () => Promise<void>) => {
    setBusy(true);
    try {
      await run();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
    }
    setBusy(false);
  };
  const bring = () =>
    act(async () => {
      const { reviews } = await api<{ reviews: number }>("course/copy", { method: "POST", body: {} });
      await reload();
      toast({ text: t("copied.brought", { n: reviews }) });
    });
  const again = () =>
    act(async () => {
      await api("course/copy", { method: "DELETE", body: { undo: true } });
      await reload();
    });
  const dismiss = () =>
    act(async () => {
      await api("course/copy", { method: "DELETE", body: {} });
      without();
      toast({ text: t("copied.dismissed"), undo: () => void again() });
    });
  return (
    <div class="copied">
      <Note tone="info" role="status">
        <p>
          {t("copied.from", { courses: list(from) })} {t("copied.ask", { n: offer.reviews })}
        </p>
        <p class="small muted">{t("copied.what")}</p>
        <p class="btn-row mt">
          <button class="btn btn--sm btn--primary" type="button" disabled={busy} onClick={() => void bring()}>
            {t("copied.bring")}
          </button>
          <button class="btn btn--sm" type="button" disabled={busy} onClick={() => void dismiss()}>
            {t("copied.not_now")}
          </button>
        </p>
      </Note>
    </div>
  );
}
