/* Proof and material: links, and files that are kept here. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../../app";
import { t, when } from "../../i18n";
import { Icon } from "../../parts/icons";
import { explain, FieldError } from "../../parts/notes";
import type { Evidence, FormField } from "../../plan-types";
import { useEdits, useMay, usePlanContext } from "../context";
import { newId, withEvidence } from "../data";
import { download, upload } from "../upload";

const mostBytes = 10 << 20;
const accepted = ".pdf,.png,.jpg,.jpeg,.gif,.webp,.txt,.csv,.odt,.ods,.odp,.docx,.xlsx,.pptx,.mp3,.m4a,.ogg,.mp4,.webm";

function sizeText(bytes: number): string {
  return bytes < 1 << 20 ? t("plan.size_kb", { n: Math.max(1, Math.round(bytes / 1024)) }) : t("plan.size_mb", { n: Math.round(bytes / (1 << 20) * 10) / 10 });
}

function webAddress(text: string): string | null {
  try {
    const url = new URL(/^[a-z]+:/i.test(text.trim()) ? text.trim() : `https://${text.trim()}`);
    return /^https?:$/.test(url.protocol) && url.hostname.includes(".") ? url.href : null;
  } catch {
    return null;
  }
}

function One({ one }: { one: Evidence }) {
  const { toast } = useApp();
  const { page, act, change } = usePlanContext();
  const may = useMay();
  const path = `plans/${page.plan.id}/evidence/${one.id}`;
  const without = (p: typeof page) => ({ ...p, evidence: p.evidence.filter((e) => e.id !== one.id) });
  const remove = async () => {
    change(without);
    await act({ method: "DELETE", path, body: {} });
  };
  const fetchFile = () => download(`${path}/file`, one.title).catch((e: unknown) => toast({ text: explain(e) }));
  const mayRemove = may("write") && (one.mine || page.plan.hat === "mentor");
  return (
    <li class="proof">
      <Icon name={one.file ? "clip" : "out"} />
      <span class="proof__what">
        {one.url ? (
          <a href={one.url} target="_blank" rel="noopener noreferrer" dir="auto">
            {one.title}
          </a>
        ) : (
          <button class="linkbtn" type="button" dir="auto" onClick={() => void fetchFile()}>
            {one.title}
          </button>
        )}
        <small class="t-sub">
          {one.file && <span>{sizeText(one.file.size)}</span>}
          <span>
            <bdi>{one.by}</bdi>, {when(one.at)}
          </span>
        </small>
      </span>
      {mayRemove && (
        <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("plan.file_remove", { title: one.title })} onClick={() => void remove()}>
          <Icon name="x" />
        </button>
      )}
    </li>
  );
}

function AddLink({ field, row, close }: { field: FormField; row: string | null; close: () => void }) {
  const { page, act, change } = usePlanContext();
  const { home } = useApp();
  const [title, setTitle] = useState("");
  const [address, setAddress] = useState("");
  const [wrong, complain] = useState(false);
  const id = `link-${row ?? ""}-${field.key}`;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const add = async () => {
    const url = webAddress(address);
    complain(!url);
    if (!url) return;
    const one: Evidence = { id: newId(), field: field.key, row, title: title.trim() || url, url, by: home.viewer.name, hat: page.plan.hat, at: new Date().toISOString(), mine: true };
    change((p) => withEvidence(p, one));
    close();
    const { url: sent, title: name } = one;
    await act({ method: "POST", path: `plans/${page.plan.id}/evidence`, body: { id: one.id, field: field.key, ...(row ? { row } : {}), title: name, url: sent }, words: `${name} ${sent}` });
  };
  return (
    <form
      class="addform"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void add();
      }}
      onKeyDown={(e) => e.key === "Escape" && close()}
    >
      <div class="field">
        <label for={id}>{t("plan.link_address")}</label>
        <input class="input" id={id} ref={first} inputMode="url" aria-invalid={wrong} aria-describedby={wrong ? `${id}-err` : undefined} value={address} onInput={(e) => setAddress(e.currentTarget.value)} />
        <FieldError id={`${id}-err`} text={wrong ? t("plan.link_wrong") : undefined} />
      </div>
      <div class="field">
        <label for={`${id}-title`}>{t("plan.link_title")}</label>
        <input class="input" id={`${id}-title`} dir="auto" maxLength={300} value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
      </div>
      <div class="btn-row">
        <button class="btn btn--primary btn--sm">{t("plan.link_add")}</button>
        <button class="btn btn--sm" type="button" onClick={close}>
          {t("common.cancel")}
        </button>
      </div>
    </form>
  );
}

interface Sending {
  name: string;
  part: number;
  error?: string;
}

export function Files({ field, row }: { field: FormField; row: string | null }) {
  const { page, change } = usePlanContext();
  const edits = useEdits()(field);
  const [linking, link] = useState(false);
  const [sending, send] = useState<Sending | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const all = page.evidence.filter((e) => e.field === field.key && e.row === row);
  const start = async (file: File) => {
    if (file.size > mostBytes) return send({ name: file.name, part: 0, error: t("plan.file_large", { n: mostBytes >> 20 }) });
    send({ name: file.name, part: 0 });
    const query = new URLSearchParams({ field: field.key, title: file.name, ...(row ? { row } : {}) });
    try {
      const one = await upload<Evidence>(`plans/${page.plan.id}/evidence/${newId()}/file?${query}`, file, (part) => send({ name: file.name, part }));
      change((p) => withEvidence(p, { ...one, mine: true }));
      send(null);
    } catch (e) {
      send({ name: file.name, part: 0, error: explain(e) });
    }
  };
  return (
    <div class="stackv stackv--sm">
      {all.length > 0 && (
        <ul class="proofs">
          {all.map((one) => (
            <One one={one} key={one.id} />
          ))}
        </ul>
      )}
      {!edits && all.length === 0 && <p class="quote--empty">{t("plan.nothing_yet")}</p>}
      {sending && (
        <p class={sending.error ? "err" : "hint"} role={sending.error ? "alert" : "status"}>
          {sending.error ? `${sending.name}: ${sending.error}` : t("plan.file_sending", { name: sending.name, part: Math.round(sending.part * 100) })}
          {!sending.error && <progress max={1} value={sending.part} aria-label={sending.name} />}
        </p>
      )}
      {edits && linking && <AddLink field={field} row={row} close={() => link(false)} />}
      {edits && !linking && (
        <div class="row">
          <button class="addbtn" type="button" onClick={() => link(true)}>
            <Icon name="plus" />
            {t("plan.link_new")}
          </button>
          <button class="addbtn" type="button" onClick={() => picker.current?.click()}>
            <Icon name="clip" />
            {t("plan.file_new")}
          </button>
          <input
            class="sr"
            type="file"
            tabIndex={-1}
            aria-hidden="true"
            ref={picker}
            accept={accepted}
            onChange={(e) => {
              const file = e.currentTarget.files?.[0];
              e.currentTarget.value = "";
              if (file) void start(file);
            }}
          />
        </div>
      )}
    </div>
  );
}

