/*
 * Sentences to use again: search, take, keep, put right. One's own can be changed and
 * deleted here (with Undo); the school's are only taken. {name} becomes the student's.
 */
import { useMemo, useRef, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import { locale, t } from "../i18n";
import { Dialog } from "./dialog";
import { fill } from "./fill";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { Empty, explain, Note, Problem, Skeleton } from "./notes";

export type BankKind = "comment" | "goal";

export interface Sentence {
  id: string;
  kind: BankKind;
  subject: string;
  text: string;
  uses: number;
  school: boolean;
  at: string;
}

type Order = "uses" | "subject" | "newest";
const orders: Order[] = ["uses", "subject", "newest"];

function sorted(list: Sentence[], order: Order): Sentence[] {
  const byText = new Intl.Collator(locale(), { sensitivity: "base" }).compare;
  const compare: Record<Order, (a: Sentence, b: Sentence) => number> = {
    uses: (a, b) => b.uses - a.uses || byText(a.text, b.text),
    subject: (a, b) => byText(a.subject, b.subject) || byText(a.text, b.text),
    newest: (a, b) => b.at.localeCompare(a.at),
  };
  return [...list].sort(compare[order]);
}

/* Every word that is asked for stands in it somewhere. */
export function find(list: Sentence[], asked: string, order: Order): Sentence[] {
  const words = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const has = (s: Sentence) => words.every((w) => `${s.subject} ${s.text}`.toLocaleLowerCase().includes(w));
  return sorted(list.filter(has), order);
}

/* What opens within a dialog takes the focus when it appears, and not again. */
function focusOnce(field: HTMLElement | null): void {
  if (!field || field.dataset.seen) return;
  field.dataset.seen = "1";
  field.focus();
}

interface FormProps {
  first: { subject: string; text: string };
  kind: BankKind;
  subjects: string[];
  save: (words: { subject: string; text: string }) => Promise<void>;
  close: () => void;
}

function Edit({ first, kind, subjects, save, close }: FormProps) {
  const [words, set] = useState(first);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (busy || !words.text.trim()) return;
    setBusy(true);
    try {
      await save({ subject: words.subject.trim(), text: words.text.trim() });
    } catch (e) {
      setProblem(explain(e));
      setBusy(false);
    }
  };
  return (
    <div class="bank__edit" role="group" aria-label={t("bank.edit_label")}>
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <div class="field">
        <label for="bank-text">{t("bank.text")}</label>
        <textarea
          class="textarea"
          id="bank-text"
          dir="auto"
          rows={3}
          maxLength={2000}
          ref={focusOnce}
          aria-describedby="bank-text-h"
          value={words.text}
          onInput={(e) => set({ ...words, text: e.currentTarget.value })}
        />
        <p class="hint" id="bank-text-h">
          {t(kind === "comment" ? "bank.text_hint" : "bank.goal_hint")}
        </p>
      </div>
      <div class="field">
        <label for="bank-subject">{t("bank.subject")}</label>
        <input
          class="input"
          id="bank-subject"
          dir="auto"
          maxLength={100}
          list="bank-subjects"
          value={words.subject}
          onInput={(e) => set({ ...words, subject: e.currentTarget.value })}
          onKeyDown={(e) => {
            if (e.key !== "Enter") return;
            e.preventDefault();
            void submit();
          }}
        />
        <datalist id="bank-subjects">
          {subjects.map((s) => (
            <option value={s} key={s} />
          ))}
        </datalist>
      </div>
      <div class="btn-row">
        <button class="btn btn--primary btn--sm" type="button" aria-busy={busy} disabled={!words.text.trim()} onClick={() => void submit()}>
          {t("bank.keep")}
        </button>
        <button class="btn btn--sm" type="button" onClick={close}>
          {t("common.cancel")}
        </button>
      </div>
    </div>
  );
}

interface LineProps {
  sentence: Sentence;
  name: string;
  mine: boolean;
  take: () => void;
  edit: () => void;
  remove: () => void;
}

function Line({ sentence, name, mine, take, edit, remove }: LineProps) {
  const text = name ? fill(sentence.text, name) : sentence.text;
  return (
    <li>
      <button class="bank__take" type="button" onClick={take}>
        <span class="lines" dir="auto">
          {text}
        </span>
        <small>
          {[sentence.subject, sentence.school ? t("bank.of_school") : "", sentence.uses ? t("bank.used", { n: sentence.uses }) : ""]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </button>
      {mine && (
        <span class="bank__acts">
          <button class="linkbtn small" type="button" onClick={edit}>
            {t("bank.change")}
            <span class="sr"> {text}</span>
          </button>
          <button class="linkbtn small" type="button" onClick={remove}>
            {t("bank.delete")}
            <span class="sr"> {text}</span>
          </button>
        </span>
      )}
    </li>
  );
}

interface Props {
  kind: BankKind;
  /* The given name that {name} stands for; "" leaves it. */
  name: string;
  pick: (text: string) => void;
  /* What somebody has written and may want to keep, with {name} in it already. */
  keep?: string;
  /* The school's own, for whoever manages it: to be changed and deleted. */
  ofSchool?: boolean;
}

export function BankPicker({ kind, name, pick, keep = "", ofSchool = false }: Props) {
  const { home } = useApp();
  const base = ofSchool ? "admin/bank" : "bank";
  const { data, error, again } = useLoad<{ entries: Sentence[] }>(`${base}?kind=${kind}`);
  const [mine, setMine] = useState<Sentence[] | null>(null);
  const [asked, ask] = useState("");
  const [order, setOrder] = useState<Order>("uses");
  const [editing, setEditing] = useState<Sentence | "new" | null>(null);
  /* Said here and not in a toast, which a dialog would cover. */
  const [gone, setGone] = useState<Sentence | null>(null);
  const [problem, setProblem] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const all = mine ?? data?.entries ?? [];
  const shown = useMemo(() => find(all, asked, order), [all, asked, order]);
  const subjects = useMemo(() => [...new Set(all.map((s) => s.subject).filter(Boolean))], [all]);
  const known = all.some((s) => s.text === keep.trim());

  const put = (s: Sentence) => setMine((old) => [s, ...(old ?? data?.entries ?? []).filter((o) => o.id !== s.id)]);
  const take = (s: Sentence) => {
    if (ofSchool) return setEditing(s);
    /* Counted behind the scenes: the words matter more than the number. */
    api(`bank/${enc(s.id)}`, { method: "PATCH", body: { used: true } }).catch(() => undefined);
    pick(name ? fill(s.text, name) : s.text);
  };
  const add = async (words: { subject: string; text: string }, id: string = crypto.randomUUID()) =>
    put(await api<Sentence>(base, { method: "POST", body: { id, kind, ...words } }));
  const save = async (words: { subject: string; text: string }) => {
    if (editing === "new") await add(words);
    else if (editing) put(await api<Sentence>(`${base}/${enc(editing.id)}`, { method: "PATCH", body: words }));
    setEditing(null);
  };
  const remove = async (s: Sentence) => {
    try {
      await api(`${base}/${enc(s.id)}`, { method: "DELETE", body: {} });
      setMine((old) => (old ?? data?.entries ?? []).filter((o) => o.id !== s.id));
      setGone(s);
      setProblem("");
    } catch (e) {
      setProblem(e instanceof ApiError && e.status === 404 ? t("bank.gone") : explain(e));
    }
  };
  const undo = async () => {
    if (!gone) return;
    try {
      await add({ subject: gone.subject, text: gone.text }, gone.id);
      setGone(null);
    } catch (e) {
      setProblem(explain(e));
    }
  };
  const keys = (e: KeyboardEvent) => {
    const first = list.current?.querySelector<HTMLElement>(".bank__take");
    if (e.key === "Enter" && asked.trim() && shown[0]) {
      e.preventDefault();
      take(shown[0]);
    } else if (e.key === "Enter") e.preventDefault();
    else if (e.key === "ArrowDown" && first) {
      e.preventDefault();
      first.focus();
    }
  };
  const along = (e: KeyboardEvent) => {
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    const all = [...(list.current?.querySelectorAll<HTMLElement>(".bank__take") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (!step || at < 0) return;
    e.preventDefault();
    (all[at + step] ?? document.getElementById("bank-find"))?.focus();
  };
  if (error !== null) return <Problem error={error} retry={again} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  return (
    <div class="bank">
      <div class="bank__head">
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="bank-find">
            {t("bank.find")}
          </label>
          <input
            class="input"
            id="bank-find"
            type="search"
            data-first=""
            ref={focusOnce}
            placeholder={t("bank.find")}
            value={asked}
            onInput={(e) => ask(e.currentTarget.value)}
            onKeyDown={keys}
          />
        </div>
        <label class="bank__order">
          <span class="small muted">{t("bank.order")}</span>
          <select class="select select--auto" value={order} onChange={(e) => setOrder(e.currentTarget.value as Order)}>
            {orders.map((o) => (
              <option value={o}>{t(`bank.order_${o}`)}</option>
            ))}
          </select>
        </label>
        <button class="btn btn--quiet btn--sm" type="button" onClick={() => setEditing("new")}>
          <Icon name="plus" />
          {t(keep.trim() && !known ? "bank.keep_this" : "bank.new")}
        </button>
      </div>
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      {gone && (
        <Note role="status">
          {t("bank.deleted")}{" "}
          <button class="linkbtn" type="button" onClick={() => void undo()}>
            {t("common.undo")}
          </button>
        </Note>
      )}
      {editing && (
        <Edit
          key={editing === "new" ? "new" : editing.id}
          first={editing === "new" ? { subject: ofSchool ? "" : (home.course?.title ?? ""), text: known ? "" : keep.trim() } : editing}
          kind={kind}
          subjects={subjects}
          save={save}
          close={() => setEditing(null)}
        />
      )}
      {all.length === 0 && !editing && (
        <Empty icon="chat" title={t("bank.empty")} level={ofSchool ? "h2" : "h3"}>
          <p>{t(ofSchool ? "bank.empty_school" : kind === "comment" ? "bank.empty_text" : "bank.empty_goals")}</p>
        </Empty>
      )}
      {all.length > 0 && shown.length === 0 && <p class="muted">{t("bank.none")}</p>}
      <p class="sr" role="status">
        {asked.trim() ? t("bank.found", { n: shown.length }) : ""}
      </p>
      <ul class="bank__list" ref={list} onKeyDown={along}>
        {shown.slice(0, 100).map((s) => (
          <Line key={s.id} sentence={s} name={name} mine={ofSchool || !s.school} take={() => take(s)} edit={() => setEditing(s)} remove={() => void remove(s)} />
        ))}
      </ul>
      {shown.length > 100 && <p class="muted small">{t("bank.more", { n: shown.length - 100 })}</p>}
    </div>
  );
}

interface DialogProps extends Props {
  /* Whom it is for, in full; "" where for nobody yet. */
  who: string;
  close: () => void;
}

/* The same in a dialog of its own: Ctrl+/ in the review. Whoever picked shuts it. */
export function BankDialog({ who, close, ...picker }: DialogProps) {
  return (
    <Dialog
      title={t("bank.title")}
      hint={who ? t("bank.for", { name: who }) : undefined}
      close={close}
      foot={
        <button class="btn" type="button" onClick={close}>
          {t("common.close")}
        </button>
      }
    >
      <BankPicker {...picker} />
    </Dialog>
  );
}
