/* The school's templates, and new ones: from the library, empty, or from a file. */
import { useRef, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp, useTitle } from "../app";
import { pick, t, when } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { Empty, explain, Note, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import { go, href } from "../router";
import { useAct, useData } from "./data";
import { Head, Table } from "./parts";
import { StateChip } from "./template";
import type { Definition, Template, TemplateList, TemplateRow } from "./template-model";
import { templatePath } from "./template-save";

interface Shipped {
  templates: { key: string; definition: Definition }[];
}

const fileMax = 800_000;

async function make(body: { from?: string; definition?: unknown }): Promise<string> {
  const made = await api<Template>("admin/templates", { method: "POST", body: { id: crypto.randomUUID(), ...body } });
  return made.id;
}

/* A file is a definition and nothing else; what is wrong in it is said with its place. */
async function readFile(file: File): Promise<unknown> {
  if (file.size > fileMax) throw new Error(t("template.file_large"));
  try {
    return JSON.parse(await file.text()) as unknown;
  } catch {
    throw new Error(t("template.file_no_json"));
  }
}

function sayFile(e: unknown): string {
  if (e instanceof ApiError && e.code === "invalid" && !e.field) return t("template.file_no_json");
  if (e instanceof ApiError && e.code === "invalid") return t("template.file_wrong", { where: e.field ?? "" });
  return e instanceof ApiError ? explain(e) : e instanceof Error ? e.message : t("error.internal");
}

function FromFile({ made }: { made: (id: string) => void }) {
  const [error, fail] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File) => {
    fail("");
    try {
      made(await make({ definition: await readFile(file) }));
    } catch (e) {
      fail(sayFile(e));
    }
    if (input.current) input.current.value = "";
  };
  return (
    <div class="field">
      <label for="t-file">{t("template.from_file")}</label>
      <input class="input" id="t-file" ref={input} type="file" accept="application/json,.json" onChange={(e) => {
        const file = e.currentTarget.files?.[0];
        if (file) void take(file);
      }} />
      {error && (
        <Note tone="bad" role="alert">
          {error}
        </Note>
      )}
    </div>
  );
}

function New({ close }: { close: () => void }) {
  const { data, error, reload } = useData<Shipped>("admin/templates/shipped");
  const { busy, act } = useAct();
  const made = (id: string) => {
    close();
    go(`admin/templates/${id}`);
  };
  const from = (key?: string) => act(async () => made(await make(key ? { from: key } : {})));
  return (
    <Dialog
      title={t("template.new")}
      hint={t("template.new_hint")}
      close={close}
      foot={
        <button class="btn" type="button" onClick={close}>
          {t("common.cancel")}
        </button>
      }
    >
      {error ? <Problem error={error} retry={() => void reload()} /> : !data && <Skeleton label={t("common.loading")} />}
      <ul class="library">
        {(data?.templates ?? []).map((s) => (
          <li key={s.key}>
            <button type="button" disabled={busy} onClick={() => void from(s.key)}>
              <b>{pick(s.definition.title)}</b>
              <span class="small muted">{pick(s.definition.about ?? {})}</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" disabled={busy} onClick={() => void from()}>
            <b>{t("template.blank")}</b>
            <span class="small muted">{t("template.blank_hint")}</span>
          </button>
        </li>
      </ul>
      <FromFile made={made} />
    </Dialog>
  );
}

function saveAs(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "template"}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Row({ row, changed }: { row: TemplateRow; changed: () => Promise<void> }) {
  const { busy, act } = useAct();
  const { toast } = useApp();
  const name = pick(row.title) || t("template.no_name");
  const whole = () => api<Template>(templatePath(row.id));
  const duplicate = () => act(async () => go(`admin/templates/${await make({ from: row.id })}`));
  const download = () => act(async () => saveAs(name, `${JSON.stringify((await whole()).definition, null, 1)}\n`));
  const remove = () =>
    act(async () => {
      const { definition, org } = await whole();
      await api(templatePath(row.id), { method: "DELETE", body: { rev: row.rev } });
      toast({
        text: t("template.deleted", { name }),
        undo: () =>
          void act(async () => {
            const id = crypto.randomUUID();
            await api("admin/templates", { method: "POST", body: { id } });
            await api(templatePath(id), { method: "PUT", body: { definition, org: org?.id ?? null, rev: 1 } });
            await changed();
          }),
      });
      await changed();
    });
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href={href(`admin/templates/${enc(row.id)}`)} dir="auto">
          {name}
        </a>
        <span class="sub">{t(`template.purpose_${row.purpose}`)}</span>
      </th>
      <td role="cell" data-l={t("template.scope")}>
        {row.org?.name ?? t("template.scope_site")}
      </td>
      <td role="cell" data-l={t("template.edited")}>
        {row.by ? t("template.edited_by_at", { name: row.by, when: when(row.at) }) : when(row.at)}
      </td>
      <td role="cell" data-l={t("template.state")}>
        <StateChip row={row} />
      </td>
      <td role="cell" class="num" data-l={t("template.uses")}>
        {row.uses}
      </td>
      <td role="cell" class="full">
        <span class="btn-row">
          <button class="linkbtn small" type="button" disabled={busy} onClick={() => void duplicate()}>
            {t("template.duplicate")}
            <span class="sr"> {name}</span>
          </button>
          <button class="linkbtn small" type="button" disabled={busy} onClick={() => void download()}>
            {t("template.export")}
            <span class="sr"> {name}</span>
          </button>
          {row.revision === 0 && (
            <button class="linkbtn small" type="button" disabled={busy} onClick={() => void remove()}>
              {t("template.delete")}
              <span class="sr"> {name}</span>
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}

function List({ data, reload }: { data: TemplateList; reload: () => Promise<void> }) {
  const [text, ask] = useState("");
  const [active, only] = useState(false);
  const fits = (r: TemplateRow) =>
    (!active || r.state === "published") &&
    Object.values(r.title).some((s) => s.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));
  const rows = data.templates.filter((r) => (!text.trim() && !active) || fits(r));
  if (!data.templates.length)
    return (
      <Empty icon="book" title={t("template.none")}>
        <p>{t("template.none_text")}</p>
      </Empty>
    );
  return (
    <>
      <div class="toolbar">
        <Search label={t("template.search")} value={text} ask={ask} />
        <label class="optrow">
          <input type="checkbox" checked={active} onChange={(e) => only(e.currentTarget.checked)} />
          <span>{t("template.only_active")}</span>
        </label>
      </div>
      <Table caption={t("template.all")} heads={["name", "scope", "edited", "state", "uses"].map((h) => t(`template.${h}`))} changes>
        {rows.map((row) => (
          <Row row={row} changed={reload} key={row.id} />
        ))}
      </Table>
      {!rows.length && <p class="muted mt">{t("template.nothing_found")}</p>}
    </>
  );
}

export function Templates() {
  useTitle(t("template.all"), t("app.name"));
  const { data, error, reload } = useData<TemplateList>("admin/templates");
  const [adding, add] = useState(false);
  return (
    <>
      <Head title={t("template.all")} lede={t("template.lede")}>
        <button class="btn btn--primary" type="button" onClick={() => add(true)}>
          <Icon name="plus" />
          {t("template.new")}
        </button>
      </Head>
      {error ? <Problem error={error} retry={() => void reload()} /> : data ? <List data={data} reload={reload} /> : <Skeleton label={t("common.loading")} />}
      {adding && <New close={() => add(false)} />}
    </>
  );
}
