/* A list of things to do behind one button: a disclosure that shuts when one leaves it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  button: ComponentChildren;
  look?: string;
  title?: string;
  /* Where it opens; else below, at the end of the button. */
  at?: "start" | "up";
  children: ComponentChildren;
}

export function Menu({ button, look = "btn btn--icon", title, at, children }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const shut = (focus: boolean) => {
      if (!menu.current?.open) return;
      menu.current.open = false;
      if (focus) menu.current.querySelector("summary")?.focus();
    };
    const outside = (e: Event) => {
      if (e.target instanceof Node && !menu.current?.contains(e.target)) shut(false);
    };
    const escape = (e: KeyboardEvent) => {
      if (e.key === "Escape") shut(true);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", escape);
    };
  }, []);
  return (
    <details class={at ? `menu menu--${at}` : "menu"} ref={menu}>
      <summary class={look} title={title}>
        {button}
      </summary>
      <ul
        class="menu__list"
        onClick={(e) => {
          if (menu.current && (e.target as Element).closest("button, a")) menu.current.open = false;
        }}
      >
        {children}
      </ul>
    </details>
  );
}
