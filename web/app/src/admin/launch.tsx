/* One launch, step by step, with the rule that failed and what mends it. */
import { enc } from "../api";
import { useTitle } from "../app";
import { has, t, when } from "../i18n";
import { Note, Problem, Skeleton } from "../parts/notes";
import { href } from "../router";
import { useData } from "./data";
import { Chip, Copy, Head } from "./parts";
import type { LaunchDetail } from "./types";

function Steps({ l }: { l: LaunchDetail }) {
  const last = l.steps.length - 1;
  return (
    <section class="panel" aria-labelledby="steps">
      <h2 id="steps">{t("admin.steps")}</h2>
      <ol class="health">
        {l.steps.map((s, i) => {
          const failed = l.reason !== null && i === last;
          return (
            <li key={s.name}>
              <svg class={failed ? "i warn" : "i yes"} aria-hidden="true">
                <use href={`#i-${failed ? "warn" : "on"}`} />
              </svg>
              <span>
                <code>{s.name}</code>
                {failed && <b> {t("admin.failed_here")}</b>}
              </span>
              <span class="muted nowrap">{t("admin.ms", { n: Math.round(s.us / 100) / 10 })}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join("\n");
  if (value !== null && typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function Facts({ facts }: { facts: Record<string, unknown> }) {
  return (
    <section class="panel" aria-labelledby="facts">
      <div class="panel__head">
        <div>
          <h2 id="facts">{t("admin.facts")}</h2>
          <p class="muted small">{t("admin.facts_lede")}</p>
        </div>
      </div>
      <dl class="kv">
        {Object.entries(facts).map(([name, value]) => (
          <div key={name}>
            <dt>{has(`admin.fact_${name}`) ? t(`admin.fact_${name}`) : name}</dt>
            <dd>
              <code class="wrap lines">{shown(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Result({ l }: { l: LaunchDetail }) {
  if (!l.reason)
    return (
      <Note tone="good">
        {t("admin.taken_in", { role: t(`admin.role_${l.role ?? "none"}`) })} <span class="muted">{l.why}</span>
      </Note>
    );
  return (
    <Note tone="bad">
      <p>
        <b>{l.words}</b>
      </p>
      <p lang="en">{l.mend}</p>
      <p class="small muted">
        <code>{l.reason}</code>
      </p>
    </Note>
  );
}

export function LaunchPage({ id }: { id: string }) {
  const { data: l, error, reload } = useData<LaunchDetail>(`admin/launches/${enc(id)}`);
  useTitle(l?.code ?? t("admin.launch_log"), t("app.name"));
  if (error && !l) return <Problem error={error} retry={() => void reload()} />;
  if (!l) return <Skeleton label={t("common.loading")} />;
  const rows: [string, string | null | undefined][] = [
    [t("admin.platform"), l.platformName],
    [t("admin.deployment"), l.deployment],
    [t("admin.message"), l.message],
    [t("admin.person"), l.person?.name],
    [t("admin.course"), l.course?.title],
    [t("admin.browser"), `${l.browser}${l.rung ? `, ${t(`admin.rung_${l.rung}`)}` : ""}`],
  ];
  return (
    <>
      <Head title={t("admin.launch_of", { when: when(l.at) })} back={{ path: "admin/launches", label: t("admin.launch_log") }} />
      <div class="stackv stackv--lg">
        <Result l={l} />
        <section class="panel" aria-labelledby="about">
          <div class="panel__head">
            <h2 id="about">
              <code>{l.code}</code> <Copy value={l.code} what={t("admin.code")} />
            </h2>
            {l.verified ? <Chip tone="good">{t("admin.verified")}</Chip> : <Chip tone="plain">{t("admin.unverified")}</Chip>}
          </div>
          <dl class="kv">
            {rows
              .filter(([, value]) => value)
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd dir="auto">{value}</dd>
                </div>
              ))}
          </dl>
        </section>
        <Steps l={l} />
        <Facts facts={l.facts} />
        <p>
          <a href={href(`admin/platforms/${l.platform}`)}>
            {t("admin.to_platform")}
          </a>
        </p>
      </div>
    </>
  );
}
