/* Messages in the page: notes, empty states, waiting, what went wrong. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { has, t } from "../i18n";
import { Icon, type IconName } from "./icons";

type Tone = "plain" | "info" | "warn" | "bad" | "good";

const toneIcon: Record<Tone, IconName> = { plain: "info", info: "info", warn: "warn", bad: "warn", good: "check" };

interface NoteProps {
  tone?: Tone;
  icon?: IconName;
  role?: "status" | "alert";
  children: ComponentChildren;
}

export function Note({ tone = "plain", icon, role, children }: NoteProps) {
  return (
    <div class={tone === "plain" ? "note" : `note note--${tone}`} role={role}>
      <Icon name={icon ?? toneIcon[tone]} />
      <div>{children}</div>
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  level?: "h2" | "h3";
  children: ComponentChildren;
}

export function Empty({ icon, title, level: Heading = "h2", children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <Heading class="empty__h">{title}</Heading>
      {children}
    </div>
  );
}

const bars = ["70", "50", "", "30", "70", "50", "", "30"];

/* Nothing for the first 300 ms: most answers are there by then. */
export function Skeleton({ label }: { label: string }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div class="stackv mt" aria-busy="true">
      <span class="sr" role="status">
        {label}
      </span>
      {bars.map((w) => (
        <span class={w ? `skel skel--${w}` : "skel"} />
      ))}
    </div>
  );
}

/* What to tell about a failure: the server's own sentence, else one for the kind of error. */
export function explain(e: unknown): string {
  if (!(e instanceof ApiError)) return t("error.internal");
  if (e.message) return e.message;
  return has(`error.${e.code}`) ? t(`error.${e.code}`) : t("error.internal");
}

export function Problem({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <div class="stackv mt">
      <Note tone="bad" role="alert">
        {explain(error)}
      </Note>
      <p>
        <button class="btn" type="button" onClick={retry}>
          {t("common.try_again")}
        </button>
      </p>
    </div>
  );
}

export function FieldError({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <p class="err" id={id}>
      <Icon name="warn" />
      {text}
    </p>
  );
}
