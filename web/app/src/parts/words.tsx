/* A text that saves itself. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useField } from "../app";

const grows = CSS.supports("field-sizing", "content");
const maxLetters = 10_000;

interface Props {
  id: string;
  field: string;
  rows?: number;
  look?: string;
  placeholder?: string;
  describedBy?: string;
  readOnly?: boolean;
}

export function Words({ id, field, rows = 1, look = "", placeholder, describedBy, readOnly }: Props) {
  const { queue } = useApp();
  const box = useRef<HTMLTextAreaElement>(null);
  const state = useField(field);
  const text = state?.text ?? "";
  useLayoutEffect(() => {
    const area = box.current;
    if (grows || !area) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  }, [text]);
  return (
    <textarea
      class={`textarea ${look}`}
      id={id}
      ref={box}
      rows={rows}
      dir="auto"
      maxLength={maxLetters}
      placeholder={placeholder}
      aria-describedby={describedBy}
      aria-invalid={state?.phase === "refused" ? true : undefined}
      readOnly={readOnly}
      value={text}
      onInput={(e) => queue.edit(field, e.currentTarget.value)}
      onFocus={() => queue.hold(field, true)}
      onBlur={() => {
        queue.flush(field);
        queue.hold(field, false);
      }}
    />
  );
}
