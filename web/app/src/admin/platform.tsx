/* One platform: its addresses and ways, its deployments, what its roles mean here. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp, useTitle } from "../app";
import { day, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Note, Problem, Skeleton } from "../parts/notes";
import { useAct, useData } from "./data";
import { Deployments } from "./deployments";
import { Choice, Copy, Head, Table, Value } from "./parts";
import { PlatformForm, type Words } from "./platform-form";
import { Rules } from "./rules";
import { SettingsEditor } from "./settings";
import type { Granted, Overview, Platform } from "./types";

function Addresses({ p, all, saved }: { p: Platform; all: Overview; saved: () => Promise<void> }) {
  const { toast } = useApp();
  const { name, issuer, clientId, authUrl, tokenUrl, jwksUrl, deployments } = p;
  const [words, setWords] = useState<Words>({ name, issuer, clientId, authUrl, tokenUrl, jwksUrl, deployments });
  const [profile, setProfile] = useState(p.profile);
  const send = async () => {
    await api(`admin/platforms/${enc(p.id)}`, { method: "PATCH", body: { ...words, profile } });
    toast({ text: t("admin.saved") });
    await saved();
  };
  return (
    <PlatformForm words={words} set={(part) => setWords({ ...words, ...part })} send={send} button={t("admin.save")}>
      <Choice id="p-profile" label={t("admin.product")} value={profile} options={all.profiles.map((x) => [x.name, x.title])} set={setProfile} />
    </PlatformForm>
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
      <Table caption={t("admin.granted")} heads={[t("admin.asked"), t("admin.given")]}>
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
      </Table>
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
        <Rules platform={p} />
        {p.own && <SettingsEditor platform={p} all={data} saved={reload} />}
        <GrantedReport granted={p.granted} />
        {p.own && <Closing p={p} saved={reload} />}
      </div>
    </>
  );
}
