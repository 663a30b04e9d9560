/* What is new since this person last looked: how much, and where. */
import { pick, t, when } from "../i18n";
import { labelOfField, usePlanContext } from "./context";
import { fieldOf, newsOf, wordsOf, type News } from "./model";

const most = 6;

function go(id: string): void {
  const el = document.getElementById(id);
  el?.scrollIntoView({ block: "center" });
  el?.focus({ preventScroll: true });
}

export function NewsLine() {
  const { page, still } = usePlanContext();
  const news = newsOf(page);
  if (still || news.length === 0) return null;
  const what = (n: News): string => {
    if (n.kind === "task") return t("plan.news_task", { text: page.tasks.find((x) => `t-${x.id}` === n.id)?.text ?? "" });
    const field = fieldOf(page, n.field);
    const row = page.rows.find((r) => n.id.startsWith(`f-${r.id}-`));
    const label = field?.head && row ? wordsOf(page, row) : field ? pick(field.label) : labelOfField(page, n.field);
    return n.by ? t("plan.news_by", { label, name: n.by }) : label;
  };
  return (
    <div class="news" role="status">
      <b>{page.lookedAt ? t("plan.news_since", { n: news.length, time: when(page.lookedAt) }) : t("plan.news_first", { n: news.length })}</b>
      <ul>
        {news.slice(0, most).map((n) => (
          <li key={n.id}>
            <button class="linkbtn" type="button" onClick={() => go(n.id)}>
              {what(n)}
            </button>
          </li>
        ))}
        {news.length > most && <li class="muted">{t("plan.news_more", { n: news.length - most })}</li>}
      </ul>
    </div>
  );
}
