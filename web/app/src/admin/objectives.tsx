/* Frameworks of learning objectives: what there is, and bringing another one in. */
import { useRef, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp, useTitle } from "../app";
import { t, when } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Empty, Note, Problem, Skeleton } from "../parts/notes";
import { upload } from "../upload";
import { Chip, Head } from "./parts";

interface Framework {
  id: string;
  title: string;
  source: "case" | "csv";
  language: string;
  objectives: number;
  uses: number;
  importedAt: string;
  retired: boolean;
}

interface Imported {
  title: string;
  objectives: number;
  skipped: number;
}

const fileMax = 8 << 20;

/* "Curriculum 2020.csv" is called "Curriculum 2020" until somebody says otherwise. */
const nameOf = (file: File) => file.name.replace(/\.[^.]*$/, "").trim();
const isTable = (file: File) => !/\.json$/i.test(file.name) && file.type !== "application/json";

function refusal(e: unknown): string {
  const known = ["too_large", "too_many", "too_many_rows", "no_text_column", "no_objectives", "not_case", "empty"];
  if (e instanceof ApiError && known.includes(e.reason)) return t(`framework.refused_${e.reason}`);
  return e instanceof ApiError && e.code !== "invalid" ? e.message || t("framework.refused_unreachable") : t("framework.refused_file");
}

function Import({ close, done }: { close: () => void; done: (made: Imported) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [file, choose] = useState<File | null>(null);
  const [title, setTitle] = useState("");
  const [sent, setSent] = useState<number | null>(null);
  const [wrong, setWrong] = useState("");
  const table = file !== null && isTable(file);
  const pick = (chosen: File | null) => {
    choose(chosen);
    setTitle(chosen ? nameOf(chosen) : "");
    setWrong(chosen && chosen.size > fileMax ? t("framework.refused_too_large") : "");
  };
  const send = async () => {
    if (!file) return setWrong(t("framework.choose_first"));
    if (table && !title.trim()) return setWrong(t("framework.title_first"));
    setWrong("");
    setSent(0);
    try {
      const query = table ? `?title=${encodeURIComponent(title.trim())}` : "";
      done(await upload<Imported>(`admin/frameworks${query}`, file, { type: table ? "text/csv" : "application/json", progress: setSent }));
    } catch (e) {
      setWrong(refusal(e));
      setSent(null);
    }
  };
  return (
    <Dialog
      title={t("framework.import_title")}
      hint={t("framework.import_hint")}
      close={close}
      submit={() => void send()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" type="submit" disabled={sent !== null}>
            {t("framework.import")}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="framework-file">{t("framework.file")}</label>
        <input
          id="framework-file"
          class="input"
          type="file"
          data-first
          ref={input}
          accept=".json,.csv,.txt,application/json,text/csv"
          aria-describedby="framework-file-hint"
          onChange={(e) => pick(e.currentTarget.files?.[0] ?? null)}
        />
        <p class="hint" id="framework-file-hint">
          {t("framework.file_hint")}
        </p>
      </div>
      {table && (
        <div class="field">
          <label for="framework-title">{t("framework.title")}</label>
          <input id="framework-title" class="input" value={title} maxLength={200} onInput={(e) => setTitle(e.currentTarget.value)} />
          <p class="hint">{t("framework.title_hint")}</p>
        </div>
      )}
      {sent !== null && (
        <p role="status">
          <progress max={1} value={sent} /> {t(sent < 1 ? "framework.sending" : "framework.reading")}
        </p>
      )}
      {wrong && (
        <p class="err" role="alert">
          <Icon name="warn" /> {wrong}
        </p>
      )}
    </Dialog>
  );
}

function Row({ f, act }: { f: Framework; act: (f: Framework) => void }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="full" dir="auto">
        {f.title}
      </th>
      <td role="cell" data-l={t("framework.objectives")}>{f.objectives}</td>
      <td role="cell" data-l={t("framework.uses")}>{f.uses}</td>
      <td role="cell" data-l={t("framework.imported")}>
        {when(f.importedAt)} <span class="sub">{t(`framework.source_${f.source}`)}</span>
      </td>
      <td role="cell" class="full">{f.retired ? <Chip tone="draft">{t("framework.retired")}</Chip> : null}</td>
      <td role="cell" class="full">
        <button class="linkbtn small" type="button" onClick={() => act(f)}>
          {t(f.retired ? "framework.restore" : "framework.retire")}
          <span class="sr"> {f.title}</span>
        </button>
      </td>
    </tr>
  );
}

export function Objectives() {
  const { toast } = useApp();
  const { data, error, again } = useLoad<{ frameworks: Framework[] }>("admin/frameworks");
  const [importing, setImporting] = useState(false);
  const [made, setMade] = useState<Imported | null>(null);
  useTitle(t("framework.page"), t("app.name"));
  const set = async (f: Framework, retired: boolean) => {
    await api(`admin/frameworks/${f.id}`, { method: "PATCH", body: { retired } });
    again();
  };
  const act = async (f: Framework) => {
    const retired = !f.retired;
    await set(f, retired);
    toast({ text: t(retired ? "framework.now_retired" : "framework.now_restored", { title: f.title }), undo: () => void set(f, !retired) });
  };
  return (
    <>
      <Head title={t("framework.page")} lede={t("framework.lede")}>
        <button class="btn btn--primary" type="button" onClick={() => setImporting(true)}>
          <Icon name="plus" /> {t("framework.import_open")}
        </button>
      </Head>
      {made && <Note tone="good">{t("framework.done", { title: made.title, n: made.objectives, skipped: made.skipped })}</Note>}
      {error !== null && !data && <Problem error={error} retry={again} />}
      {!data && error === null && <Skeleton label={t("common.loading")} />}
      {data?.frameworks.length === 0 && (
        <Empty icon="path" title={t("framework.none")}>
          <p>{t("framework.none_text")}</p>
        </Empty>
      )}
      {data && data.frameworks.length > 0 && (
        <table role="table" class="tbl tbl--stack">
          <caption class="sr">{t("framework.page")}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {["title", "objectives", "uses", "imported"].map((k) => (
                <th role="columnheader" scope="col" key={k}>
                  {t(`framework.${k}`)}
                </th>
              ))}
              <td role="cell" />
              <td role="cell" />
            </tr>
          </thead>
          <tbody role="rowgroup">
            {data.frameworks.map((f) => (
              <Row key={f.id} f={f} act={(x) => void act(x)} />
            ))}
          </tbody>
        </table>
      )}
      {importing && (
        <Import
          close={() => setImporting(false)}
          done={(m) => {
            setImporting(false);
            setMade(m);
            again();
          }}
        />
      )}
    </>
  );
}
