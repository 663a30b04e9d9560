/* What is kept about the viewer, who can see it and whom to ask. For an administrator who
 * was sent here about somebody else: numbers alone. */
import { useApp, useTitle } from "../app";
import { day, languageNames, t } from "../i18n";
import { useLoad, isMissing } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import { enc } from "../api";
import { Missing } from "./other";

interface Held {
  what: string;
  n: number;
  since: string | null;
}

interface Answer {
  person: { since: string; own: boolean; name?: string; email?: string; language?: string };
  held: Held[];
}

/* In the order they are read; those of which there is nothing are left out. */
const order = ["accounts", "courses", "own_texts", "released", "written", "guardians", "children", "mails", "sessions"];

const dayOf = (at: string) => day(at.slice(0, 10));

function Details({ person }: { person: Answer["person"] }) {
  const lines: [string, string][] = [
    ["name", person.name ?? t("privacy.not_known")],
    ["email", person.email ?? t("privacy.not_known")],
    ["language", person.language ? (languageNames[person.language] ?? person.language) : t("privacy.not_known")],
    ["since", dayOf(person.since)],
  ];
  return (
    <section class="section" aria-labelledby="who">
      <h2 id="who">{t("privacy.who")}</h2>
      <p class="hint">{t("privacy.who_hint")}</p>
      <dl class="kv mt">
        {lines.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`privacy.${key}`)}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Kept({ held }: { held: Held[] }) {
  const there = order.flatMap((what) => held.filter((h) => h.what === what));
  return (
    <section class="section" aria-labelledby="kept">
      <h2 id="kept">{t("privacy.kept")}</h2>
      <table role="table" class="tbl tbl--stack mt">
        <caption class="sr">{t("privacy.kept")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {["what", "count", "from", "seen"].map((key) => (
              <th role="columnheader" scope="col" key={key}>
                {t(`privacy.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {there.map(({ what, n, since }) => (
            <tr role="row" key={what}>
              <th role="rowheader" scope="row" class="full">
                {t(`privacy.is_${what}`)}
              </th>
              <td role="cell" data-l={t("privacy.count")} class="full">
                {n}
              </td>
              <td role="cell" data-l={t("privacy.from")} class="full privacy__day">
                {since ? <bdi>{dayOf(since)}</bdi> : "–"}
              </td>
              <td role="cell" data-l={t("privacy.seen")} class="full">
                {t(`privacy.seen_${what}`)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small mt">{t("privacy.log")}</p>
    </section>
  );
}

export function Privacy({ id }: { id: string }) {
  const { home } = useApp();
  const { data, error, again } = useLoad<Answer>(id ? `privacy?person=${enc(id)}` : "privacy");
  const own = data?.person.own ?? !id;
  const title = t(own ? "privacy.heading" : "privacy.heading_other");
  useTitle(title, t("app.name"));
  if (isMissing(error)) return <Missing />;
  return (
    <>
      <p class="eyebrow" dir="auto">
        {home.school.name}
      </p>
      <h1 tabIndex={-1}>{title}</h1>
      <p class="lede">{t(own ? "privacy.lede" : "privacy.lede_other")}</p>
      {error ? (
        <Problem error={error} retry={again} />
      ) : !data ? (
        <Skeleton label={t("common.loading")} />
      ) : (
        <>
          {own && <Details person={data.person} />}
          <Kept held={data.held} />
          <section class="section" aria-labelledby="ask">
            <h2 id="ask">{t("privacy.rights")}</h2>
            <p>{t("privacy.rights_text")}</p>
            <div class="mt">
              <Note icon="user">{home.school.help ? t("app.ask", { help: home.school.help }) : t("privacy.ask_school")}</Note>
            </div>
          </section>
        </>
      )}
    </>
  );
}
