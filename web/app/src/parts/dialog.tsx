/* A native dialog: opens on its first field, gives the focus back to its opener. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";

interface Props {
  title: string;
  hint?: string;
  small?: boolean;
  close: () => void;
  submit?: () => void;
  foot: ComponentChildren;
  children: ComponentChildren;
}

export function Dialog({ title, hint, small, close, submit, foot, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = box.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      if (!(opener instanceof HTMLElement) || !opener.isConnected) return;
      /* A menu has shut behind its button by now. */
      (opener.closest("details:not([open])")?.querySelector("summary") ?? opener).focus();
    };
  }, []);
  return (
    <dialog
      class={small ? "dialog dialog--sm" : "dialog"}
      ref={box}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        close();
      }}
    >
      <form
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          submit?.();
        }}
      >
        <div class="dialog__head">
          <div>
            <h2 id={id}>{title}</h2>
            {hint && <p class="hint">{hint}</p>}
          </div>
          <button class="btn btn--quiet btn--icon" type="button" aria-label={t("common.close")} onClick={close}>
            <Icon name="x" />
          </button>
        </div>
        <div class="dialog__body stackv stackv--lg">{children}</div>
        <div class="dialog__foot">{foot}</div>
      </form>
    </dialog>
  );
}
