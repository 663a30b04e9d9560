/* Short messages at the bottom, with Undo for ten seconds; they stay while pointed at or focused. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ToastSpec } from "../app";
import { t } from "../i18n";

export interface ToastItem extends ToastSpec {
  id: number;
}

const life = 10_000;

function Toast({ item, gone }: { item: ToastItem; gone: () => void }) {
  const [held, hold] = useState(false);
  const left = useRef(life);
  useEffect(() => {
    if (held) return;
    const from = Date.now();
    const timer = setTimeout(gone, left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(2000, left.current - (Date.now() - from));
    };
  }, [held]);
  const keep = { onMouseEnter: () => hold(true), onMouseLeave: () => hold(false) };
  return (
    <div class="toast" {...keep} onFocusIn={() => hold(true)} onFocusOut={() => hold(false)}>
      <span>{item.text}</span>
      {item.undo && (
        <button
          type="button"
          onClick={() => {
            item.undo?.();
            gone();
          }}
        >
          {t("common.undo")}
        </button>
      )}
    </div>
  );
}

export function Toasts({ items, remove }: { items: ToastItem[]; remove: (id: number) => void }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {items.map((item) => (
        <Toast key={item.id} item={item} gone={() => remove(item.id)} />
      ))}
    </div>
  );
}
