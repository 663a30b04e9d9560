/* One platform: its addresses and ways, its deployments, what its roles mean here. */
import { useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp, useTitle } from "../app";
import { day, has, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { explain, Note, Problem, Skeleton } from "../parts/notes";
import { useAct, useData } from "./data";
import { Deployments } from "./deployments";
import { Choice, Copy, Head, Input, Value } from "./parts";
import { Rules } from "./rules";
import { SettingsEditor } from "./settings";
import type { Granted, Overview, Platform } from "./types";

const fields = ["name", "issuer", "clientId", "authUrl", "tokenUrl", "jwksUrl"] as const;
type Name = (typeof fields)[number];

function Addresses({ p, all, saved }: { p: Platform; all: Overview; saved: () => Promise<void> }) {
  const { toast } = useApp();
  const [draft, setDraft] = useState(() => ({ ...Object.fromEntries(fields.map((f) => [f, p[f]])), profile: p.profile, deployments: p.deployments }) as Record<Name | "profile" | "deployments", string>);
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const { busy, act } = useAct();
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const save = async () => {
    setErrors({});
    await act(async () => {
      try {
        await api(`admin/platforms/${enc(p.id)}`, { method: "PATCH", body: draft });
        toast({ text: t("admin.saved") });
        await saved();
      } catch (e) {
        if (!(e instanceof ApiError) || !e.field) throw e;
        const text = e.status === 409 ? t("admin.err_taken") : has(`admin.err_${e.field}`) ? t(`admin.err_${e.field}`) : explain(e);
        setErrors({ [e.field]: text });
      }
    });
  };
  return (
    <form
      class="stackv"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      {fields.map((f) => (
        <Input
          key={f}
          id={`p-${f}`}
          type={f.endsWith("Url") ? "url" : "text"}
          label={t(f === "name" ? "admin.name" : f === "issuer" ? "admin.issuer" : f === "clientId" ? "admin.client_id" : `admin.${f}`)}
          value={draft[f]}
          error={errors[f]}
          set={(v) => set({ [f]: v })}
        />
      ))}
      <Choice id="p-profile" label={t("admin.product")} value={draft.profile} options={all.profiles.map((x) => [x.name, x.title])} set={(profile) => set({ profile })} />
      <Choice
        id="p-policy"
        label={t("admin.policy")}
        value={draft.deployments}
        options={(["auto", "pending", "closed"] as const).map((x) => [x, t(`admin.policy_${x}`)])}
        set={(deployments) => set({ deployments })}
      />
      <div class="btn-row">
        <button class="btn btn--primary" disabled={busy}>
          {t("admin.save")}
        </button>
      </div>
    </form>
  );
}

function ReadOnly({ p }: { p: Platform }) {
  return (
    <>
      <Note>{t("admin.not_own")}</Note>
      <dl class="kv mt">
        <Value name={t("admin.issuer")} value={p.issuer} />
        <Value name={t("admin.client_id")} value={p.clientId}>
          <Copy value={p.clientId} what={t("admin.client_id")} />
        </Value>
      </dl>
    </>
  );
}

function short(name: string): string {
  return name.split(/[/#]/).filter(Boolean).pop() ?? name;
}

/* What was asked for at registration, and what the platform gave. */
function GrantedReport({ granted }: { granted: Granted }) {
  const kinds = Object.keys(granted.asked ?? {});
  if (!kinds.length) return null;
  return (
    <section class="panel" aria-labelledby="granted">
      <div class="panel__head">
        <h2 id="granted">{t("admin.granted")}</h2>
        {granted.at && <span class="muted small">{day(granted.at.slice(0, 10))}</span>}
      </div>
      <table role="table" class="tbl tbl--stack">
        <caption class="sr">{t("admin.granted")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{t("admin.asked")}</th>
            <th role="columnheader" scope="col">{t("admin.given")}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {kinds.flatMap((kind) =>
            (granted.asked?.[kind] ?? []).map((item) => (
              <tr role="row" key={`${kind} ${item}`}>
                <th role="rowheader" scope="row">
                  {short(item)} <span class="sub">{t(`admin.kind_${kind}`)}</span>
                </th>
                <td role="cell">{(granted.given?.[kind] ?? []).includes(item) ? t("admin.yes") : <b>{t("admin.no")}</b>}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

function Closing({ p, saved }: { p: Platform; saved: () => Promise<void> }) {
  const [asking, ask] = useState(false);
  const { busy, act } = useAct();
  const { toast } = useApp();
  const to = p.state === "closed" ? "active" : "closed";
  const change = () =>
    act(async () => {
      await api(`admin/platforms/${enc(p.id)}`, { method: "PATCH", body: { state: to } });
      toast({ text: t(`admin.now_${to}`) });
      ask(false);
      await saved();
    });
  return (
    <p>
      <button class="btn btn--sm" type="button" onClick={() => (to === "active" ? void change() : ask(true))}>
        {t(to === "closed" ? "admin.close" : "admin.open_again")}
      </button>
      {asking && (
        <Dialog
          small
          title={t("admin.close_title", { name: p.name })}
          close={() => ask(false)}
          submit={() => void change()}
          foot={
            <>
              <button class="btn" type="button" data-first onClick={() => ask(false)}>
                {t("common.cancel")}
              </button>
              <button class="btn btn--danger" disabled={busy}>
                {t("admin.close")}
              </button>
            </>
          }
        >
          <p>{t("admin.close_lede", { courses: p.counts.courses })}</p>
        </Dialog>
      )}
    </p>
  );
}

export function PlatformPage({ id }: { id: string }) {
  const { data, error, reload } = useData<Overview>("admin/platforms");
  const p = data?.platforms.find((x) => x.id === id);
  useTitle(p?.name ?? t("admin.platforms"), t("app.name"));
  if (error && !data) return <Problem error={error} retry={() => void reload()} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  if (!p) return <Head title={t("admin.gone")} lede={t("admin.gone_lede")} back={{ path: "admin/platforms", label: t("admin.platforms") }} />;
  return (
    <>
      <Head title={p.name} back={{ path: "admin/platforms", label: t("admin.platforms") }} />
      <div class="stackv stackv--lg">
        <Deployments platform={p} changed={reload} />
        <section class="panel" aria-labelledby="addresses">
          <h2 id="addresses">{t("admin.addresses")}</h2>
          {p.own ? <Addresses p={p} all={data} saved={reload} key={p.state} /> : <ReadOnly p={p} />}
        </section>
        {p.own && <Rules platform={p} />}
        {p.own && <SettingsEditor platform={p} all={data} saved={reload} />}
        <GrantedReport granted={p.granted} />
        {p.own && <Closing p={p} saved={reload} />}
      </div>
    </>
  );
}
