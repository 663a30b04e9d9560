/* Small parts that the pages of administration share. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app";
import { t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { href } from "../router";

/* A value to paste elsewhere. */
export function Copy({ value, what }: { value: string; what: string }) {
  const { announce } = useApp();
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      /* A frame without leave to use the clipboard: the old way works from a click. */
      const box = document.createElement("textarea");
      box.value = value;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    setDone(true);
    announce(t("admin.copied", { what }));
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button class="linkbtn small" type="button" onClick={() => void copy()}>
      <Icon name={done ? "check" : "copy"} />
      {t(done ? "admin.copied_short" : "admin.copy")}
      <span class="sr"> {what}</span>
    </button>
  );
}

export function Value({ name, value, children }: { name: string; value: string; children?: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        {children}
      </dd>
    </div>
  );
}

type Tone = "good" | "warn" | "bad" | "draft" | "plain";
const toneIcon: Record<Tone, IconName> = { good: "check", warn: "warn", bad: "warn", draft: "clock", plain: "eye" };

export function Chip({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={tone === "plain" ? "chip" : `chip chip--${tone}`}>
      <Icon name={toneIcon[tone]} />
      {children}
    </span>
  );
}

export function Health(props: { ok: boolean | null; name: string; said: string; sub?: string | undefined }) {
  const { ok, name, said, sub } = props;
  const look = ok === null ? "i muted" : ok ? "i yes" : "i warn";
  return (
    <li>
      <svg class={look} aria-hidden="true">
        <use href={`#i-${ok === null ? "none" : ok ? "on" : "warn"}`} />
      </svg>
      <span>{name}</span>
      <span class="muted nowrap">{said}</span>
      {sub && <span class="sub">{sub}</span>}
    </li>
  );
}

interface HeadProps {
  title: string;
  lede?: string;
  back?: { path: string; label: string };
  children?: ComponentChildren;
}

export function Head({ title, lede, back, children }: HeadProps) {
  return (
    <div class="page-head">
      <div>
        {back && (
          <p class="eyebrow">
            <a href={href(back.path)}>
              <Icon name="back" flips /> {back.label}
            </a>
          </p>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {lede && <p class="lede">{lede}</p>}
      </div>
      {children && <div class="btn-row">{children}</div>}
    </div>
  );
}

interface InputProps {
  id: string;
  label: string;
  value: string;
  hint?: string;
  error?: string | undefined;
  type?: string;
  set: (value: string) => void;
}

export function Input({ id, label, value, hint, error, type = "text", set }: InputProps) {
  const described = [hint && `${id}-hint`, error && `${id}-err`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        class="input"
        id={id}
        type={type}
        dir={type === "url" ? "ltr" : "auto"}
        spellcheck={false}
        autocomplete="off"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        onInput={(e) => set(e.currentTarget.value)}
      />
      {error && (
        <p class="err" id={`${id}-err`}>
          <Icon name="warn" />
          {error}
        </p>
      )}
    </div>
  );
}

export function Choice(props: {
  id: string;
  label: string;
  value: string;
  options: [string, string][];
  quiet?: boolean;
  set: (value: string) => void;
}) {
  const { id, label, value, options, quiet, set } = props;
  return (
    <div class="field">
      <label class={quiet ? "sr" : undefined} for={id}>
        {label}
      </label>
      <select class="select" id={id} value={value} onChange={(e) => set(e.currentTarget.value)}>
        {options.map(([v, text]) => (
          <option value={v} key={v}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TableProps {
  caption: string;
  heads: string[];
  /* The last column has a button in each row. */
  changes?: boolean;
  children: ComponentChildren;
}

/* A table that becomes cards where it is narrow; the roles outlive the change of shape. */
export function Table({ caption, heads, changes, children }: TableProps) {
  return (
    <table role="table" class="tbl tbl--stack">
      <caption class="sr">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((h) => (
            <th role="columnheader" scope="col" key={h}>
              {h}
            </th>
          ))}
          {changes && (
            <th role="columnheader" scope="col">
              <span class="sr">{t("admin.change")}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}
