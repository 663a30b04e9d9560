/* One field on paper: words and labels, never a colour or an address alone. */
import type { ComponentChildren } from "preact";
import { day, locale, pick, t } from "../i18n";
import { labelOf } from "../parts/grade";
import { Icon } from "../parts/icons";
import type { FormField, PlanPage, Post, RichNode, Task } from "../plan-types";
import { type Piece, voiceOf } from "./model";

function rich(node: RichNode): ComponentChildren {
  if (typeof node === "string") return node;
  const inside = (node.c ?? []).map(rich);
  switch (node.t) {
    case "h":
      return <p class="strong">{inside}</p>;
    case "ul":
      return <ul class="dots">{inside}</ul>;
    case "ol":
      return <ol class="dots">{inside}</ol>;
    case "li":
      return <li>{inside}</li>;
    case "em":
      return <em>{inside}</em>;
    case "strong":
      return <strong>{inside}</strong>;
    case "br":
      return <br />;
    case "code":
      return <code>{inside}</code>;
    case "a":
      return <span>{inside}</span>;
    default:
      return <p>{inside}</p>;
  }
}

/* What stands in lists is written by our own pages; anything else is shown as it is. */
function listOf(text: string): unknown[] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

const optionOf = (field: FormField, code: string) => {
  const found = field.options?.find((o) => o.code === code);
  return found ? pick(found.label) : code;
};

const numberOf = (n: number, unit?: string) => `${new Intl.NumberFormat(locale()).format(n)}${unit ? ` ${unit}` : ""}`;

function Series({ field, text }: { field: FormField; text: string }) {
  const points = listOf(text) as { on: string; value: number }[];
  return (
    <ul class="plainlist">
      {points.map((p) => (
        <li key={p.on}>
          <bdi>{day(p.on)}</bdi>: {numberOf(p.value, field.unit)}
        </li>
      ))}
      {field.target !== undefined && <li class="muted">{t("print.target", { value: numberOf(field.target, field.unit) })}</li>}
    </ul>
  );
}

function Checklist({ text }: { text: string }) {
  const items = listOf(text) as { text: string; done: boolean }[];
  return (
    <ul class="tasks">
      {items.map((i) => (
        <li>
          <span class={`taskicon status--${i.done ? "done" : "todo"}`}>
            <Icon name={i.done ? "done" : "todo"} />
          </span>
          <span dir="auto">
            {i.text} <span class="muted nowrap">({t(i.done ? "print.checked" : "print.unchecked")})</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Table({ field, text }: { field: FormField; text: string }) {
  const rows = listOf(text) as string[][];
  return (
    <table class="inner">
      {field.columns && (
        <thead>
          <tr>
            {field.columns.map((c) => (
              <th scope="col">{pick(c)}</th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((r) => (
          <tr>
            {r.map((cell) => (
              <td dir="auto">{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function statusOf(page: PlanPage, task: Task): string {
  const found = page.form.statuses.find((s) => s.key === task.status);
  return (found ? pick(found.label) : t(`print.category_${task.category}`)).toLocaleLowerCase(locale());
}

const icon = { todo: "todo", doing: "doing", done: "done", dropped: "none" } as const;

export function Tasks({ page, tasks }: { page: PlanPage; tasks: readonly Task[] }) {
  return (
    <ul class="tasks">
      {tasks.map((task) => {
        const more = [
          statusOf(page, task),
          task.confirmed ? t("print.confirmed") : "",
          task.dueOn ? t("print.due", { date: day(task.dueOn) }) : "",
          task.responsible === "student" ? "" : t(`print.by_${task.responsible}`),
          task.detail,
        ].filter(Boolean);
        return (
          <li key={task.id}>
            <span class={`taskicon status--${task.category}`}>
              <Icon name={icon[task.category]} />
            </span>
            <span dir="auto">
              {task.text} <span class="muted">({more.join(", ")})</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

export function Posts({ posts }: { posts: readonly Post[] }) {
  return (
    <div class="voices">
      {posts.map((p) => (
        <div class={`said said--${voiceOf(p.hat)}`} key={p.id}>
          <p class="lines" dir="auto">
            {p.text}
          </p>
          <footer>
            <bdi>{p.by}</bdi>, <bdi>{day(p.at.slice(0, 10))}</bdi>
          </footer>
        </div>
      ))}
    </div>
  );
}

/* Titles only: an address on paper helps nobody. */
function Files({ piece }: { piece: Piece }) {
  return (
    <ul class="plainlist">
      {piece.evidence.map((e) => (
        <li key={e.id} dir="auto">
          {e.title} <span class="muted">({t(e.file ? "print.file" : "print.link")}, {e.by})</span>
        </li>
      ))}
    </ul>
  );
}

/* What stands in a field. Words people wrote are set as theirs by whoever calls. */
export function Content({ page, piece }: { page: PlanPage; piece: Piece }) {
  const { field } = piece;
  const text = piece.value?.text ?? "";
  switch (field.kind) {
    case "tasks":
      return <Tasks page={page} tasks={piece.tasks} />;
    case "notes":
    case "comments":
      return <Posts posts={piece.posts} />;
    case "files":
      return <Files piece={piece} />;
    case "choice":
      return <p dir="auto">{optionOf(field, text)}</p>;
    case "multi":
      return <p dir="auto">{listOf(text).map((c) => optionOf(field, String(c))).join(", ")}</p>;
    case "scale":
      return <p>{labelOf(field.scale ?? null, text)}</p>;
    case "status": {
      const found = page.form.statuses.find((s) => s.key === text);
      return <p>{found ? pick(found.label) : text}</p>;
    }
    case "date":
      return (
        <p>
          <bdi>{day(text)}</bdi>
        </p>
      );
    case "number":
      return <p>{Number.isFinite(Number(text)) ? numberOf(Number(text), field.unit) : text}</p>;
    case "series":
      return <Series field={field} text={text} />;
    case "checklist":
      return <Checklist text={text} />;
    case "table":
      return <Table field={field} text={text} />;
    case "rich":
      return <div class="richtext">{piece.value?.nodes ? piece.value.nodes.map(rich) : <p class="lines">{text}</p>}</div>;
    default:
      return (
        <p class="lines" dir="auto">
          {text}
        </p>
      );
  }
}

export const isWords = (field: FormField) => field.kind === "text" || field.kind === "long" || field.kind === "rich";
