/* Text with headings, lists and links: the source with a small toolbar, or what the server made of it. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useApp } from "../app";
import { t } from "../i18n";
import type { RichNode } from "../plan-types";
import { usePlanContext } from "./context";
import { prefix, wrap, type Selected } from "./parse";
import { PlanWords } from "./words";

function draw(node: RichNode): ComponentChildren {
  if (typeof node === "string") return node;
  const inside = (node.c ?? []).map(draw);
  switch (node.t) {
    case "h":
      return <h4>{inside}</h4>;
    case "ul":
      return <ul>{inside}</ul>;
    case "ol":
      return <ol>{inside}</ol>;
    case "li":
      return <li>{inside}</li>;
    case "em":
      return <em>{inside}</em>;
    case "strong":
      return <strong>{inside}</strong>;
    case "quote":
      return <blockquote>{inside}</blockquote>;
    case "code":
      return <code>{inside}</code>;
    case "br":
      return <br />;
    case "a":
      return /^(https?:|mailto:)/i.test(node.href ?? "") ? (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {inside}
        </a>
      ) : (
        <>{inside}</>
      );
    default:
      return <p>{inside}</p>;
  }
}

/* Without nodes the source itself is read: it is plain enough. */
export function RichView({ nodes, text }: { nodes: RichNode[] | undefined; text: string }) {
  if (!nodes)
    return (
      <p class="lines quote" dir="auto">
        {text}
      </p>
    );
  return (
    <div class="rich" dir="auto">
      {nodes.map(draw)}
    </div>
  );
}

const tools: [string, (s: Selected) => Selected][] = [
  ["bold", (s) => wrap(s, "**")],
  ["italic", (s) => wrap(s, "*")],
  ["heading", (s) => prefix(s, "## ")],
  ["bullets", (s) => prefix(s, "- ")],
  ["numbers", (s) => prefix(s, (i) => `${i + 1}. `)],
];

interface Props {
  id: string;
  name: string;
  row: string | null;
  field: string;
  describedBy?: string;
}

export function RichEditor({ id, name, row, field, describedBy }: Props) {
  const { queue } = useApp();
  const { page } = usePlanContext();
  const area = useRef<HTMLTextAreaElement | null>(null);
  const use = (tool: (s: Selected) => Selected) => {
    const el = area.current;
    if (!el) return;
    const next = tool({ text: el.value, from: el.selectionStart, to: el.selectionEnd });
    queue.edit(name, next.text);
    el.focus();
    requestAnimationFrame(() => el.setSelectionRange(next.from, next.to));
  };
  return (
    <div class="richbox">
      <div class="richbar" role="group" aria-label={t("plan.rich_tools")}>
        {tools.map(([tool, how]) => (
          <button class={`btn btn--quiet btn--sm richbar__${tool}`} type="button" aria-controls={id} onClick={() => use(how)} key={tool}>
            {t(`plan.rich_${tool}`)}
          </button>
        ))}
      </div>
      <PlanWords
        id={id}
        name={name}
        object={row ?? page.plan.id}
        field={field}
        rows={4}
        describedBy={describedBy}
        area={(el) => {
          area.current = el;
        }}
      />
    </div>
  );
}
