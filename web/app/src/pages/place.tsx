/* Chooses what a link in the course opens, for the platform's editor (deep linking). */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp, useTitle } from "../app";
import { period, t } from "../i18n";
import { FieldError, explain, Note, Problem, Skeleton } from "../parts/notes";
import { Icon } from "../parts/icons";
import { isMissing, useLoad } from "../parts/load";
import type { Review } from "../types";

interface Item {
  path: string;
  kind: "course" | "review" | "my" | "report";
  title: string | null;
  reviewId?: string;
}

interface Placement {
  title: string | null;
  text: string | null;
  several: boolean;
  takesLinks: boolean;
  items: Item[];
}

interface Chosen {
  path: string;
  title: string;
  text?: string;
}

/* The platform wants the answer from the browser, as a form of a page of its own. */
function post(ticket: string): void {
  const form = document.createElement("form");
  const field = document.createElement("input");
  form.method = "post";
  form.action = "/lti/deep-link";
  field.type = "hidden";
  field.name = "ticket";
  field.value = ticket;
  form.append(field);
  document.body.append(form);
  form.submit();
}

function useAnswer() {
  const { sessionEnded } = useApp();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const answer = async (items: Chosen[]) => {
    setBusy(true);
    setProblem("");
    try {
      const { ticket } = await api<{ ticket: string }>("placement", { method: "POST", body: { items } });
      post(ticket);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setProblem(explain(e));
      setBusy(false);
    }
  };
  return { busy, problem, answer };
}

interface RowProps {
  item: Item;
  review: Review | undefined;
  several: boolean;
  title: string | undefined;
  missing: boolean;
  choose: (on: boolean) => void;
  rename: (title: string) => void;
}

function Row({ item, review, several, title, missing, choose, rename }: RowProps) {
  const id = `place-${item.path.replace(/\W/g, "-")}`;
  return (
    <li class="pick">
      <label class="optrow">
        <input
          type={several ? "checkbox" : "radio"}
          name="what"
          checked={title !== undefined}
          aria-describedby={`${id}-who`}
          onChange={(e) => choose(e.currentTarget.checked)}
        />
        <span>
          <b dir="auto">{item.kind === "review" ? item.title : t(`place.${item.kind}`)}</b>
          {review && (
            <small>
              <bdi>{period(review.startsOn, review.endsOn)}</bdi>
            </small>
          )}
          <small id={`${id}-who`}>{t(`place.${item.kind}_opens`)}</small>
        </span>
      </label>
      {title !== undefined && (
        <div class="field pick__title">
          <label for={id}>{t("place.link_title")}</label>
          <input
            class="input"
            id={id}
            type="text"
            dir="auto"
            maxLength={200}
            value={title}
            aria-invalid={missing ? true : undefined}
            aria-describedby={missing ? `${id}-e` : undefined}
            onInput={(e) => rename(e.currentTarget.value)}
          />
          <FieldError id={`${id}-e`} text={missing ? t("place.title_missing") : undefined} />
        </div>
      )}
    </li>
  );
}

function Picker({ placement }: { placement: Placement }) {
  const { home } = useApp();
  const { busy, problem, answer } = useAnswer();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const { several, takesLinks } = placement;
  const reviews = new Map(((home.reviews ?? []) as Review[]).map((r) => [r.id, r]));
  const course = home.course?.title || home.course?.label || "";
  const items = placement.items.filter((i) => i.kind !== "review");
  const parts: [string, Item[]][] = [
    ["place.pages", items],
    ["place.reviews", placement.items.filter((i) => i.kind === "review")],
  ];
  const usual = (item: Item) => {
    if (item.kind === "review") return item.title ?? "";
    const suggested = several ? "" : (placement.title ?? "").trim();
    return suggested || t(`place.${item.kind}_title`, { course });
  };
  const choose = (item: Item, on: boolean) =>
    setChosen((old) => {
      const { [item.path]: _, ...rest } = old;
      const others = several ? rest : {};
      return on ? { ...others, [item.path]: usual(item) } : others;
    });
  const count = Object.keys(chosen).length;
  const submit = () => {
    const list = placement.items
      .filter((i) => i.path in chosen)
      .map((i) => ({ path: i.path, title: (chosen[i.path] ?? "").trim() }));
    setTried(true);
    const empty = list.find((i) => !i.title);
    if (empty) document.getElementById(`place-${empty.path.replace(/\W/g, "-")}`)?.focus();
    else if (list.length > 0) void answer(list);
  };
  return (
    <form
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      {!takesLinks && <Note tone="warn">{t("place.no_links")}</Note>}
      {takesLinks &&
        parts.map(([name, part]) => (
          <fieldset class="section" key={name}>
            <legend class="h2">{t(name)}</legend>
            {part.length === 0 ? (
              <p class="muted">{t("place.no_reviews")}</p>
            ) : (
              <ul class="picks">
                {part.map((item) => (
                  <Row
                    key={item.path}
                    item={item}
                    review={item.reviewId ? reviews.get(item.reviewId) : undefined}
                    several={several}
                    title={chosen[item.path]}
                    missing={tried && item.path in chosen && !chosen[item.path]?.trim()}
                    choose={(on) => choose(item, on)}
                    rename={(title) => setChosen((old) => ({ ...old, [item.path]: title }))}
                  />
                ))}
              </ul>
            )}
          </fieldset>
        ))}
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <div class="btn-row mt">
        {takesLinks && (
          <button class="btn btn--primary" disabled={busy || count === 0} aria-describedby="place-count">
            {t("place.submit", { n: Math.max(count, 1) })}
          </button>
        )}
        <button class="btn" type="button" disabled={busy} onClick={() => void answer([])}>
          {t(takesLinks ? "common.cancel" : "place.back")}
        </button>
        {takesLinks && (
          <span class="muted small" id="place-count" role="status">
            {count === 0 ? t(several ? "place.choose_some" : "place.choose_one") : ""}
          </span>
        )}
      </div>
    </form>
  );
}

/* This session did not begin in the platform's editor. */
function Nothing() {
  return (
    <div class="stop">
      <p class="stop__mark">
        <Icon name="info" />
      </p>
      <h1 tabIndex={-1}>{t("place.none")}</h1>
      <p class="lede">{t("place.none_text")}</p>
    </div>
  );
}

export function Place() {
  const { home } = useApp();
  const { data, error, again } = useLoad<Placement>("placement");
  useTitle(t("place.heading"), home.course?.title, t("app.name"));
  if (isMissing(error)) return <Nothing />;
  return (
    <>
      <p class="eyebrow" dir="auto">
        {home.course?.title || home.course?.label}
      </p>
      <h1 tabIndex={-1}>{t("place.heading")}</h1>
      <p class="lede">{t(data?.several ? "place.lede_several" : "place.lede")}</p>
      {error ? (
        <Problem error={error} retry={again} />
      ) : data ? (
        <Picker placement={data} />
      ) : (
        <Skeleton label={t("common.loading")} />
      )}
    </>
  );
}
