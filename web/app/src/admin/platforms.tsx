/* The learning platforms that may open us, and how each of them fares. */
import { useEffect, useState } from "preact/hooks";
import { api, enc } from "../api";
import { useTitle } from "../app";
import { day, has, t, when } from "../i18n";
import { Icon } from "../parts/icons";
import { Empty, Note, Problem, Skeleton } from "../parts/notes";
import { href } from "../router";
import { Claim } from "./claim";
import { useAct, useData } from "./data";
import { Ours } from "./ours";
import { Chip, Copy, Head, Health, Value } from "./parts";
import type { CheckStep, Overview, Platform, Profile } from "./types";

const askAgain = 2000;
/* A clock this far off makes launches fail that come late (R31). */
const clockLimit = 30_000;

export function troubles(p: Platform): string[] {
  const clock = Math.abs(p.clock.ms ?? 0) > clockLimit;
  const failed = p.check.steps.some((s) => s.result === "failed");
  return [
    p.keys.error ? "keys" : "",
    p.token.error ? "token" : "",
    p.roster.failed ? "roster" : "",
    clock ? "clock" : "",
    failed ? "check" : "",
    p.today.refused > p.today.launches && p.today.refused > 2 ? "launches" : "",
  ].filter(Boolean);
}

function State({ p }: { p: Platform }) {
  if (p.state !== "active") return <Chip tone={p.state === "pending" ? "draft" : "plain"}>{t(`admin.state_${p.state}`)}</Chip>;
  return troubles(p).length ? <Chip tone="warn">{t("admin.state_look")}</Chip> : <Chip tone="good">{t("admin.state_working")}</Chip>;
}

function seconds(ms: number): string {
  return t("admin.seconds_apart", { s: Math.round(Math.abs(ms) / 100) / 10 });
}

/* What failed, and what mends it; a word nobody wrote a sentence for stays a word. */
function why(reason: string | null): string {
  if (!reason) return "";
  return has(`admin.why_${reason}`) ? t(`admin.why_${reason}`) : reason;
}

function HealthOf({ p }: { p: Platform }) {
  const { today, keys, token, roster, clock } = p;
  const refused = today.refused ? t("admin.refused_today", { n: today.refused, reason: today.lastReason ?? "" }) : undefined;
  const off = Math.abs(clock.ms ?? 0) > clockLimit;
  const rosterSaid = roster.at ? t("admin.synced", { when: when(roster.at) }) : t("admin.not_yet");
  const rosterSub = roster.failed
    ? t("admin.roster_failed", { n: roster.failed, reason: why(roster.error) })
    : token.error
      ? t("admin.token_failed", { reason: why(token.error) })
      : t("admin.roster_counts", { people: p.counts.people, courses: roster.courses });
  return (
    <ul class="health">
      <Health
        ok={today.lastAt || today.refused ? !troubles(p).includes("launches") : null}
        name={t("admin.launches")}
        said={t("admin.n_today", { n: today.launches })}
        sub={[today.lastAt && t("admin.last_at", { when: when(today.lastAt) }), refused].filter(Boolean).join(" ")}
      />
      <Health
        ok={keys.at ? !keys.error : null}
        name={t("admin.platform_keys")}
        said={keys.at ? t("admin.fetched", { when: when(keys.at) }) : t("admin.not_yet")}
        sub={keys.error ? t("admin.keys_failed", { reason: why(keys.error) }) : undefined}
      />
      <Health ok={roster.at || roster.failed ? !roster.failed && !token.error : null} name={t("admin.rosters")} said={rosterSaid} sub={rosterSub} />
      <Health
        ok={clock.at ? !off : null}
        name={t("admin.clock")}
        said={clock.ms === null ? t("admin.not_yet") : seconds(clock.ms)}
        sub={off ? t((clock.ms ?? 0) > 0 ? "admin.clock_ahead" : "admin.clock_behind") : undefined}
      />
    </ul>
  );
}

const stepTone = { ok: "good", warn: "warn", failed: "bad", skipped: "plain" } as const;

export function Steps({ steps }: { steps: CheckStep[] }) {
  return (
    <ul class="health">
      {steps.map((s) => (
        <li key={s.what}>
          <Chip tone={stepTone[s.result]}>{t(`admin.check_${s.result}`)}</Chip>
          <span>{t(`admin.check_what_${s.what}`)}</span>
          <span class="muted nowrap">{t("admin.ms", { n: s.ms })}</span>
          <span class="sub" lang="en">
            {s.text}
          </span>
        </li>
      ))}
    </ul>
  );
}

function services(p: Platform): string {
  const given = p.granted.given?.scopes;
  if (!given) return t(p.tokenUrl ? "admin.services_unknown" : "admin.services_none");
  const names = given.map((s) => (s.includes("contextmembership") ? t("admin.rosters") : s.includes("noticehandlers") ? t("admin.notices") : s));
  return names.length ? names.join(", ") : t("admin.services_none");
}

function Card({ p, profiles, reload }: { p: Platform; profiles: Profile[]; reload: () => Promise<void> }) {
  const { busy, act } = useAct();
  const [asked, ask] = useState(false);
  const title = profiles.find((x) => x.name === p.profile)?.title ?? p.profile;
  const test = () => act(async () => { ask(true); await api(`admin/platforms/${enc(p.id)}/check`, { method: "POST", body: {} }); await reload(); });
  const testing = p.check.wantedAt !== null;
  return (
    <article class="panel" aria-labelledby={`p-${p.id}`}>
      <div class="panel__head">
        <div>
          <h2 id={`p-${p.id}`} dir="auto">
            {p.name}
          </h2>
          <p class="muted small">
            {t("admin.card_sub", { title, courses: p.counts.courses, date: day(p.createdAt.slice(0, 10)) })}
          </p>
        </div>
        <State p={p} />
      </div>
      {p.counts.pending > 0 && (
        <Note tone="warn">
          {t("admin.pending_deployments", { n: p.counts.pending })}{" "}
          <a href={href(`admin/platforms/${p.id}`)}>{t("admin.show")}</a>
        </Note>
      )}
      <div class="cols cols--2 mt">
        <dl class="kv">
          <Value name={t("admin.issuer")} value={p.issuer} />
          <Value name={t("admin.client_id")} value={p.clientId}>
            <Copy value={p.clientId} what={t("admin.client_id")} />
          </Value>
          <div>
            <dt>{t("admin.deployments")}</dt>
            <dd>
              {p.counts.deployments} <a href={href(`admin/platforms/${p.id}`)}>{t("admin.show")}<span class="sr"> {t("admin.deployments")}, {p.name}</span></a>
            </dd>
          </div>
          <Value name={t("admin.key_set")} value={p.jwksUrl} />
          <div>
            <dt>{t("admin.services")}</dt>
            <dd>{services(p)}</dd>
          </div>
        </dl>
        <HealthOf p={p} />
      </div>
      {(testing || p.check.at) && (
        <details class="mt" open={testing || asked || troubles(p).includes("check")}>
          <summary>{testing ? t("admin.testing") : t("admin.tested", { when: when(p.check.at ?? "") })}</summary>
          {!testing && <Steps steps={p.check.steps} />}
        </details>
      )}
      <div class="btn-row mt">
        <button class="btn btn--sm" type="button" disabled={busy || testing || p.state !== "active"} onClick={() => void test()}>
          {t("admin.test_now")}<span class="sr"> {p.name}</span>
        </button>
        <a class="btn btn--sm" href={href(`admin/platforms/${p.id}`)}>
          {t(p.own ? "admin.edit" : "admin.show")}<span class="sr"> {p.name}</span>
        </a>
        <a class="btn btn--quiet btn--sm" href={href(`admin/launches/platform/${p.id}`)}>
          {t("admin.launch_log")}<span class="sr"> {p.name}</span>
        </a>
      </div>
    </article>
  );
}

function List({ all, reload }: { all: Overview; reload: () => Promise<void> }) {
  if (all.platforms.length === 0)
    return (
      <Empty icon="path" title={t("admin.none")}>
        <p>{t("admin.none_lede")}</p>
        <a class="btn btn--primary" href={href("admin/connect")}>
          <Icon name="plus" />
          {t("admin.connect")}
        </a>
      </Empty>
    );
  return (
    <>
      {all.platforms.map((p) => (
        <Card p={p} profiles={all.profiles} reload={reload} key={p.id} />
      ))}
    </>
  );
}

export function Platforms() {
  const { data, error, reload } = useData<Overview>("admin/platforms");
  const [claiming, claim] = useState(false);
  useTitle(t("admin.platforms"), t("app.name"));
  const testing = data?.platforms.some((p) => p.check.wantedAt) ?? false;
  useEffect(() => {
    if (!testing) return;
    const timer = setInterval(() => void reload(), askAgain);
    return () => clearInterval(timer);
  }, [testing]);
  return (
    <>
      <Head title={t("admin.platforms")} lede={t("admin.platforms_lede")}>
        <button class="btn" type="button" onClick={() => claim(true)}>
          {t("admin.claim")}
        </button>
        <a class="btn btn--primary" href={href("admin/connect")}>
          <Icon name="plus" />
          {t("admin.connect")}
        </a>
      </Head>
      {claiming && <Claim close={() => claim(false)} done={reload} />}
      {error && !data ? <Problem error={error} retry={() => void reload()} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && (
        <div class="stackv stackv--lg">
          <List all={data} reload={reload} />
          <Ours all={data} reload={reload} />
        </div>
      )}
    </>
  );
}
