/* A deployment or registration that waits is taken over by its code. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { explain } from "../parts/notes";
import { go } from "../router";
import { Input } from "./parts";

export function Claim({ close, done }: { close: () => void; done: () => Promise<void> }) {
  const { toast } = useApp();
  const [code, setCode] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      const { kind, platform } = await api<{ kind: string; platform: string }>("admin/claim", { method: "POST", body: { code } });
      toast({ text: t(`admin.claimed_${kind}`) });
      close();
      await done();
      go(`admin/platforms/${platform}`);
    } catch (e) {
      setError(e instanceof ApiError && e.field === "code" ? t("admin.claim_unknown") : explain(e));
      setBusy(false);
    }
  };
  return (
    <Dialog
      small
      title={t("admin.claim")}
      close={close}
      submit={() => void submit()}
      foot={
        <button class="btn btn--primary" disabled={busy || !code.trim()}>
          {t("admin.claim_take")}
        </button>
      }
    >
      <Input id="claim-code" label={t("admin.claim_code")} hint={t("admin.claim_hint")} value={code} error={error} set={setCode} />
    </Dialog>
  );
}
