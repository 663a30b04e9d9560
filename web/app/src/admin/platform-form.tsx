/* What a platform is registered with: to connect one, and to change it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../api";
import { has, t } from "../i18n";
import { explain } from "../parts/notes";
import { useAct } from "./data";
import { Choice, Input } from "./parts";

const texts = ["name", "clientId", "issuer", "authUrl", "tokenUrl", "jwksUrl"] as const;
export type Words = Record<(typeof texts)[number] | "deployments", string>;
type Errors = Partial<Record<string, string>>;

const labels: Partial<Record<string, string>> = { clientId: "client_id" };

/* What the server said of one field, in words that help. */
function problem(e: unknown): Errors {
  if (!(e instanceof ApiError) || !e.field) throw e;
  const key = `admin.err_${e.field}`;
  return { [e.field]: e.status === 409 ? t("admin.err_taken") : has(key) ? t(key) : explain(e) };
}

interface Props {
  words: Words;
  set: (part: Partial<Words>) => void;
  send: () => Promise<void>;
  button: string;
  children?: ComponentChildren;
}

export function PlatformForm({ words, set, send, button, children }: Props) {
  const [errors, setErrors] = useState<Errors>({});
  const { busy, act } = useAct();
  const submit = () =>
    act(async () => {
      setErrors({});
      await send().catch((e: unknown) => setErrors(problem(e)));
    });
  return (
    <form
      class="stackv"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      {children}
      {texts.map((f) => (
        <Input
          key={f}
          id={`p-${f}`}
          type={f.endsWith("Url") ? "url" : "text"}
          label={t(`admin.${labels[f] ?? f}`)}
          {...(has(`admin.${f}_hint`) ? { hint: t(`admin.${f}_hint`) } : {})}
          value={words[f]}
          error={errors[f]}
          set={(v) => set({ [f]: v })}
        />
      ))}
      <Choice
        id="p-policy"
        label={t("admin.policy")}
        value={words.deployments}
        options={(["auto", "pending", "closed"] as const).map((p) => [p, t(`admin.policy_${p}`)])}
        set={(deployments) => set({ deployments })}
      />
      <div class="btn-row">
        <button class="btn btn--primary" disabled={busy}>
          {button}
        </button>
      </div>
    </form>
  );
}
