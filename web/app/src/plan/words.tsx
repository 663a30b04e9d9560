/* A text of the plan that saves itself, and tells the others that somebody writes in it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useField } from "../app";
import { usePlanContext } from "./context";

const grows = CSS.supports("field-sizing", "content");

interface Props {
  id: string;
  /* The field's name in the queue. */
  name: string;
  object: string;
  field: string;
  rows?: number;
  most?: number;
  look?: string;
  label?: string;
  placeholder?: string;
  describedBy?: string;
  /* One line: Enter leaves it. */
  line?: boolean;
  area?: (area: HTMLTextAreaElement | null) => void;
}

export function PlanWords({ id, name, object, field, rows = 1, most = 20_000, look = "", label, placeholder, describedBy, line, area }: Props) {
  const { queue } = useApp();
  const { say } = usePlanContext();
  const box = useRef<HTMLTextAreaElement | null>(null);
  const state = useField(name);
  const text = state?.text ?? "";
  useLayoutEffect(() => {
    const el = box.current;
    if (grows || !el) return;
    el.style.blockSize = "auto";
    el.style.blockSize = `${el.scrollHeight + 2}px`;
  }, [text]);
  return (
    <textarea
      class={`textarea ${look}`}
      id={id}
      ref={(el) => {
        box.current = el;
        area?.(el);
      }}
      rows={rows}
      dir="auto"
      maxLength={most}
      aria-label={label}
      placeholder={placeholder}
      aria-describedby={describedBy}
      aria-invalid={state?.phase === "refused" ? true : undefined}
      value={text}
      onInput={(e) => {
        queue.edit(name, line ? e.currentTarget.value.replace(/\s*\n\s*/g, " ") : e.currentTarget.value);
        say(object, field);
      }}
      onKeyDown={(e) => {
        if (!line || e.key !== "Enter" || e.isComposing) return;
        e.preventDefault();
        queue.flush(name);
      }}
      onFocus={() => queue.hold(name, true)}
      onBlur={() => {
        queue.flush(name);
        queue.hold(name, false);
        say(object, "");
      }}
    />
  );
}
