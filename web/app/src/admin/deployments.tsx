/* Where a platform has put us: each deployment is a school's, or waits for one. */
import { api, enc } from "../api";
import { useApp } from "../app";
import { t, when } from "../i18n";
import { Problem } from "../parts/notes";
import { useAct, useData } from "./data";
import { Chip, Table } from "./parts";
import type { Deployment, Platform } from "./types";

const tone = { active: "good", pending: "draft", closed: "plain" } as const;

function Row({ d, platform, changed }: { d: Deployment; platform: Platform; changed: () => Promise<void> }) {
  const { busy, act } = useAct();
  const { toast } = useApp();
  const to = d.state === "active" ? "closed" : "active";
  const put = (state: string, undo?: () => void) =>
    act(async () => {
      await api(`admin/platforms/${enc(platform.id)}/deployments`, { method: "PATCH", body: { deployment: d.id, state } });
      await changed();
      if (undo) toast({ text: t(`admin.deployment_${state}`), undo });
    });
  const change = () => put(to, d.state === "pending" ? () => undefined : () => void put(d.state));
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <code>{d.id}</code>
        {d.platformName && <span class="sub">{d.platformName}</span>}
      </th>
      <td role="cell">
        <Chip tone={tone[d.state]}>{t(`admin.deployment_is_${d.state}`)}</Chip>
      </td>
      <td role="cell" class="small">{t("admin.n_courses", { n: d.courses })}</td>
      <td role="cell" class="small">{when(d.seenAt)}</td>
      <td role="cell">
        <button class="btn btn--sm" type="button" disabled={busy} onClick={() => void change()}>
          {t(d.state === "active" ? "admin.deployment_close" : d.state === "pending" ? "admin.deployment_accept" : "admin.open_again")}
          <span class="sr"> {d.id}</span>
        </button>
      </td>
    </tr>
  );
}

export function Deployments({ platform, changed }: { platform: Platform; changed: () => Promise<void> }) {
  const { data, error, reload } = useData<{ deployments: Deployment[] }>(`admin/platforms/${enc(platform.id)}/deployments`);
  const both = async () => {
    await Promise.all([reload(), changed()]);
  };
  return (
    <section class="panel" aria-labelledby="deployments">
      <h2 id="deployments">{t("admin.deployments")}</h2>
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {data && data.deployments.length === 0 && <p class="muted">{t("admin.no_deployments")}</p>}
      {data && data.deployments.length > 0 && (
        <Table caption={t("admin.deployments")} heads={[t("admin.deployment"), t("admin.state"), t("admin.courses"), t("admin.last_seen")]} changes>
          {data.deployments.map((d) => (
            <Row d={d} platform={platform} changed={both} key={d.id} />
          ))}
        </Table>
      )}
    </section>
  );
}
