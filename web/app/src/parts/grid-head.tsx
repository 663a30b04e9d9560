/* What stands above the list while assessing: title and acts, how far, filters, keys. */
import { useApp, useTally } from "../app";
import { day, period, pick, t } from "../i18n";
import { Menu } from "./menu";
import { href } from "../router";
import type { Review } from "../types";
import { isLong, keyHint } from "./grade";
import { Icon, type IconName } from "./icons";
import { Meter } from "./meter";
import { Note } from "./notes";

export type Filter = "all" | "open" | "comment" | "changed" | "self";
export type Order = "name" | "missing" | "value" | "changed";
/* What opens a dialog. */
export type Act = "properties" | "release" | "ready" | "paste" | "duplicate" | "remind" | "keys" | "bank" | "copy" | "ready-one" | "unready";

function when(review: Review): string {
  if (review.release === "now") return "";
  return t(`review.release_${review.release}`, { day: review.releaseOn ? day(review.releaseOn) : "" });
}

const dots = { release: "release.dots", ready: "grid.ready_dots" };

export function Head({ review, act }: { review: Review; act: (act: Act) => void }) {
  const { home } = useApp();
  const dot = <span aria-hidden="true">·</span>;
  const main = review.release === "now" ? "release" : "ready";
  const other = main === "release" ? "ready" : "release";
  const item = (what: Act, icon: IconName, key: string) => (
    <li>
      <button class="menu__act" type="button" onClick={() => act(what)}>
        <Icon name={icon} />
        {t(key)}
      </button>
    </li>
  );
  return (
    <div class="page-head">
      <div>
        <p class="eyebrow">
          <a href={href("reviews")}>
            <Icon name="back" flips />
            {t("review.tab")}
          </a>
        </p>
        <h1 tabIndex={-1} dir="auto">
          {review.title}
        </h1>
        <p class="lede">
          <span dir="auto">{home.course?.title}</span> {dot} <bdi>{period(review.startsOn, review.endsOn)}</bdi> {dot}{" "}
          {review.scale ? t("review.scale_and_comment", { scale: pick(review.scale.name) }) : t("review.comment_only")}
          {when(review) && (
            <>
              {" "}
              {dot} {when(review)}
            </>
          )}
        </p>
      </div>
      <div class="btn-row">
        <button class="btn" type="button" onClick={() => act("properties")}>
          <Icon name="pen" />
          {t("review.properties")}
        </button>
        <button class="btn btn--primary" type="button" onClick={() => act(main)}>
          <Icon name={main === "release" ? "send" : "check"} />
          {t(dots[main])}
        </button>
        <Menu
          look="btn"
          button={
            <>
              <Icon name="dots" />
              <span class="sr">{t("grid.more")}</span>
            </>
          }
        >
          {item("paste", "clip", "grid.paste")}
          {item("duplicate", "copy", "grid.duplicate")}
          {item("remind", "clock", "grid.remind")}
          {item(other, other === "release" ? "send" : "check", dots[other])}
        </Menu>
      </div>
    </div>
  );
}

export function State({ review, assessed, total }: { review: Review; assessed: number; total: number }) {
  const tally = useTally();
  const parts = [
    tally.unsaved ? t("save.n_unsaved", { n: tally.unsaved }) : "",
    tally.conflicts ? t("save.n_conflicts", { n: tally.conflicts }) : "",
  ].filter(Boolean);
  const seen = review.released === 0 ? "grid.only_staff" : review.released < total ? "grid.some_see" : "grid.all_see";
  return (
    <div class="row row--between">
      <div class="row">
        <Meter n={assessed} total={total} said />
        {review.scale && review.scaleLocked && (
          <span class="chip chip--locked">
            <Icon name="lock" />
            {t("review.scale_locked")}
          </span>
        )}
        <span class="muted small">
          {review.scale && review.scaleLocked ? `${t("review.lock_reason")} ` : ""}
          {t(seen, { n: review.released })}
          {review.ready > 0 && ` ${t("grid.n_ready", { n: review.ready })}`}
        </span>
      </div>
      {parts.length > 0 && (
        <span class={tally.unsaved ? "save save--error" : "save save--conflict"}>
          <Icon name={tally.unsaved ? "warn" : "sync"} />
          {parts.join(", ")}
        </span>
      )}
    </div>
  );
}

/* On the day one wanted to be reminded, as long as something is missing. */
export function Reminded({ review, missing, today, show }: { review: Review; missing: number; today: string; show: () => void }) {
  if (!review.remindOn || review.remindOn > today || missing === 0) return null;
  return (
    <div class="mt">
      <Note tone="info" icon="clock">
        {t("grid.reminded", { n: missing })}{" "}
        <button class="linkbtn" type="button" onClick={show}>
          {t("grid.reminded_show")}
        </button>
      </Note>
    </div>
  );
}

interface FilterProps {
  review: Review;
  filter: Filter;
  counts: Record<Filter, number>;
  choose: (f: Filter) => void;
  order: Order;
  sort: (o: Order) => void;
  keys: () => void;
}

export function Filters({ review, filter, counts, choose, order, sort, keys }: FilterProps) {
  const shown: Filter[] = ["all", "open", "comment"];
  if (counts.changed > 0 || filter === "changed") shown.push("changed");
  if (review.selfAssessment) shown.push("self");
  const orders: Order[] = review.scale ? ["name", "missing", "value", "changed"] : ["name", "missing", "changed"];
  return (
    <div class="toolbar mt">
      <div class="filter" role="group" aria-label={t("common.show")}>
        {shown.map((f) => (
          <button type="button" aria-pressed={filter === f} onClick={() => choose(f)}>
            {t(`grid.filter_${f}`, { n: counts[f] })}
          </button>
        ))}
      </div>
      <div class="toolbar__end no-print">
        <label class="row">
          <span class="small muted">{t("grid.order")}</span>
          <select class="select select--auto" value={order} onChange={(e) => sort(e.currentTarget.value as Order)}>
            {orders.map((o) => (
              <option value={o}>{t(`grid.order_${o}`)}</option>
            ))}
          </select>
        </label>
        <button class="btn btn--quiet wide-only" type="button" onClick={keys}>
          <Icon name="help" />
          {t("grid.keys")}
        </button>
        <button class="btn btn--quiet wide-only" type="button" onClick={() => window.print()}>
          <Icon name="print" />
          {t("common.print")}
        </button>
      </div>
    </div>
  );
}

export function KeyHint({ review }: { review: Review }) {
  const keys = review.scale && !isLong(review.scale) ? keyHint(review.scale) : [];
  return (
    <p class="small muted wide-only no-print" id="keys">
      {keys.length > 0 && (
        <>
          {t("grid.keys_type")} {keys.map((k) => [<kbd>{k}</kbd>, " "])}
          {t("grid.keys_grade")} <kbd>Tab</kbd> {t("grid.keys_write")}{" "}
        </>
      )}
      <kbd>Ctrl</kbd>+<kbd>Enter</kbd> {t("grid.keys_next")} <kbd>Ctrl</kbd>+<kbd>/</kbd> {t("grid.keys_bank")} {t("grid.keys_saves")}
    </p>
  );
}
