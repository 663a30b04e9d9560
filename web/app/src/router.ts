/* Pages have addresses under /app/<sid>/; links change the address, not the document. */
import { useEffect, useState } from "preact/hooks";
import { sid } from "./api";

export const base = `/app/${sid}/`;

export function href(path: string): string {
  return base + path;
}

export function here(): string {
  return location.pathname.startsWith(base) ? location.pathname.slice(base.length).replace(/\/+$/, "") : "";
}

const moved = new EventTarget();

export function go(path: string, replace = false): void {
  const address = href(path);
  if (address === location.pathname) return;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  moved.dispatchEvent(new Event("moved"));
}

export function usePath(): string {
  const [path, setPath] = useState(here);
  useEffect(() => {
    const read = () => setPath(here());
    window.addEventListener("popstate", read);
    moved.addEventListener("moved", read);
    return () => {
      window.removeEventListener("popstate", read);
      moved.removeEventListener("moved", read);
    };
  }, []);
  return path;
}

/* One listener for all links: those within the application stay in the page. */
export function followLinks(): void {
  document.addEventListener("click", (e) => {
    const plain = e.button === 0 && !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey;
    const link = (e.target as Element | null)?.closest?.("a[href]");
    if (!plain || e.defaultPrevented || !(link instanceof HTMLAnchorElement) || link.target) return;
    if (link.origin !== location.origin || !link.pathname.startsWith(base) || link.hash) return;
    e.preventDefault();
    go(link.pathname.slice(base.length));
    window.scrollTo(0, 0);
  });
}
