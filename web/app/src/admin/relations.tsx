/* Who is linked to whom, where that came from, and the school's word against it. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp, useTitle } from "../app";
import { day, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import { useAct, useData } from "./data";
import { Chip, Head, Input, Table } from "./parts";
import type { Relation } from "./types";

const tone = { active: "good", ended: "plain", expired: "draft", blocked: "bad" } as const;

const path = (r: Relation) => `relations/${enc(r.student.id)}/${enc(r.guardian.id)}`;

function Block({ r, close, done }: { r: Relation; close: () => void; done: () => Promise<void> }) {
  const [note, setNote] = useState("");
  const { busy, act } = useAct();
  const { toast } = useApp();
  const send = (state: string, text: string) => api(path(r), { method: "PATCH", body: { state, note: text } });
  const undo = () => act(async () => { await send("active", ""); await done(); });
  const submit = () =>
    act(async () => {
      await send("blocked", note);
      close();
      toast({ text: t("admin.relation_now_blocked", { guardian: r.guardian.name, student: r.student.name }), undo: () => void undo() });
      await done();
    });
  return (
    <Dialog
      small
      title={t("admin.block_title", { guardian: r.guardian.name, student: r.student.name })}
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--danger" disabled={busy}>
            {t("admin.block")}
          </button>
        </>
      }
    >
      <p>{t("admin.block_lede")}</p>
      <Input id="b-note" label={t("admin.block_note")} hint={t("admin.block_note_hint")} value={note} set={setNote} />
    </Dialog>
  );
}

function Change({ r, changed, block }: { r: Relation; changed: () => Promise<void>; block: () => void }) {
  const { busy, act } = useAct();
  const lift = () => act(async () => { await api(path(r), { method: "PATCH", body: { state: "active", note: "" } }); await changed(); });
  return (
    <button class="btn btn--sm" type="button" disabled={busy} onClick={() => (r.state === "blocked" ? void lift() : block())}>
      {t(r.state === "blocked" ? "admin.unblock" : "admin.block")}
      <span class="sr">
        {" "}
        {r.guardian.name}, {r.student.name}
      </span>
    </button>
  );
}

function Row({ r, children }: { r: Relation; children: ComponentChildren }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row" dir="auto">
        {r.guardian.name}
      </th>
      <td role="cell" dir="auto">
        {r.student.name}
      </td>
      <td role="cell">
        <Chip tone={tone[r.state]}>{t(`admin.relation_${r.state}`)}</Chip>
        {r.note && <span class="sub">{r.note}</span>}
      </td>
      <td role="cell" class="small">
        {t(`admin.source_${r.source}`)}
        <span class="sub">
          {t("admin.confirmed", { date: day(r.confirmedAt.slice(0, 10)) })}{" "}
          {r.expiresAt && r.state === "active" ? t("admin.expires", { date: day(r.expiresAt.slice(0, 10)) }) : ""}
        </span>
      </td>
      {children && <td role="cell">{children}</td>}
    </tr>
  );
}

/* For teachers: who sees their students, and how we know. */
export function CourseRelations() {
  const { home } = useApp();
  return <Relations lede={t("admin.relations_course")} back={home.course?.label || home.course?.title || t("app.name")} />;
}

export function Relations({ lede, back }: { lede?: string; back?: string }) {
  const mayChange = back === undefined;
  const [typed, type] = useState("");
  const [asked, ask] = useState("");
  const [blocking, block] = useState<Relation | null>(null);
  const { data, error, reload } = useData<{ relations: Relation[]; more: boolean }>(`relations${asked ? `?q=${enc(asked)}` : ""}`);
  useTitle(t("admin.relations"), t("app.name"));
  useEffect(() => {
    const timer = setTimeout(() => ask(typed.trim()), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <Head title={t("admin.relations")} lede={lede ?? t("admin.relations_lede")} {...(back === undefined ? {} : { back: { path: "plans", label: back } })} />
      <div class="toolbar">
        <Search id="rel-q" label={t("admin.find_person")} value={typed} ask={type} />
      </div>
      {blocking && <Block r={blocking} close={() => block(null)} done={reload} />}
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && data.relations.length === 0 && (
        <Empty icon="users" title={t(asked ? "admin.relations_not_found" : "admin.relations_none")}>
          <p>{t("admin.relations_none_lede")}</p>
        </Empty>
      )}
      {data && data.relations.length > 0 && (
        <Table caption={t("admin.relations")} heads={["guardian", "student", "state", "source"].map((h) => t(`admin.${h}`))} changes={mayChange}>
          {data.relations.map((r) => (
            <Row r={r} key={`${r.student.id} ${r.guardian.id}`}>
              {mayChange && <Change r={r} changed={reload} block={() => block(r)} />}
            </Row>
          ))}
        </Table>
      )}
      {data?.more && <p class="muted small mt">{t("admin.relations_more")}</p>}
    </>
  );
}
