/* The launch log: who came how, and what was refused. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useTitle } from "../app";
import { t, when } from "../i18n";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import { go, href } from "../router";
import { useAct, useData } from "./data";
import { Chip, Choice, Head, Table } from "./parts";
import type { Launch, Launches as Answer, Overview } from "./types";

function Row({ l }: { l: Launch }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href={href(`admin/launches/${l.id}`)}>{when(l.at)}</a>
        <span class="sub">
          <code>{l.code}</code>
        </span>
      </th>
      <td role="cell">
        {l.reason ? <Chip tone="bad">{t("admin.refused")}</Chip> : <span class="muted">{t("admin.accepted")}</span>}
        {l.reason && (
          <span class="sub">
            <code>{l.reason}</code>
          </span>
        )}
      </td>
      <td role="cell" dir="auto">
        {l.person?.name ?? <span class="muted">{t("admin.nobody")}</span>}
        {l.role && <span class="sub">{t(`admin.role_${l.role}`)}</span>}
      </td>
      <td role="cell" dir="auto">
        {l.course?.title ?? ""}
        <span class="sub">{l.platformName}</span>
      </td>
      <td role="cell" class="small">
        {l.browser}
        <span class="sub">{l.rung ? t(`admin.rung_${l.rung}`) : ""}</span>
      </td>
    </tr>
  );
}

function Rows({ list }: { list: Launch[] }) {
  const heads = ["when", "result", "person", "course", "browser"];
  return (
    <Table caption={t("admin.launch_log")} heads={heads.map((h) => t(`admin.${h}`))}>
      {list.map((l) => (
        <Row l={l} key={l.id} />
      ))}
    </Table>
  );
}

function Doctor({ found }: { found: NonNullable<Answer["doctor"]> }) {
  return (
    <section class="panel" aria-labelledby="doctor">
      <h2 id="doctor">{t("admin.doctor", { code: found.code })}</h2>
      <p class="muted small">{when(found.at)}</p>
      <dl class="kv mt">
        {Object.entries(found.result).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{String(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function query(platform: string, state: string, code: string): string {
  const q = new URLSearchParams();
  if (platform) q.set("platform", platform);
  if (state) q.set("state", state);
  if (code.trim()) q.set("code", code.trim().toLowerCase());
  return q.toString();
}

export function Launches({ platform }: { platform: string }) {
  const [state, setState] = useState("");
  const [code, setCode] = useState("");
  const [more, setMore] = useState<{ for: string; list: Launch[]; next?: string | undefined }>({ for: "", list: [] });
  const overview = useData<Overview>("admin/platforms");
  const q = query(platform, state, code);
  const { data, error, reload } = useData<Answer>(`admin/launches?${q}`);
  const { busy, act } = useAct();
  useTitle(t("admin.launch_log"), t("app.name"));
  const mine = more.for === q ? more : { list: [], next: data?.next };
  const older = () =>
    act(async () => {
      const answer = await api<Answer>(`admin/launches?${q}&before=${enc(mine.next ?? "")}`);
      setMore({ for: q, list: [...mine.list, ...answer.launches], next: answer.next });
    });
  const platforms: [string, string][] = [["", t("admin.all_platforms")], ...(overview.data?.platforms ?? []).map((p): [string, string] => [p.id, p.name])];
  return (
    <>
      <Head title={t("admin.launch_log")} lede={t("admin.launch_log_lede")} />
      <div class="toolbar">
        <Choice quiet id="l-platform" label={t("admin.platform")} value={platform} options={platforms} set={(id) => go(id ? `admin/launches/platform/${id}` : "admin/launches")} />
        <Choice
          quiet
          id="l-state"
          label={t("admin.result")}
          value={state}
          options={[["", t("admin.all_results")], ["refused", t("admin.refused")], ["accepted", t("admin.accepted")]]}
          set={setState}
        />
        <Search id="l-code" label={t("admin.find_code")} value={code} ask={setCode} />
      </div>
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data?.doctor && <Doctor found={data.doctor} />}
      {data && data.launches.length === 0 && !data.doctor && (
        <Empty icon="search" title={t("admin.no_launches")}>
          <p>{t("admin.no_launches_lede")}</p>
        </Empty>
      )}
      {data && data.launches.length > 0 && <Rows list={[...data.launches, ...mine.list]} />}
      {data && mine.next && (
        <p class="mt">
          <button class="btn" type="button" disabled={busy} onClick={() => void older()}>
            {t("admin.older")}
          </button>
        </p>
      )}
    </>
  );
}
