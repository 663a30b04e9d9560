/* A link led to one of several things on a page: it is scrolled to and has the focus. */
import { useEffect } from "preact/hooks";

export function useShown(id: string): void {
  useEffect(() => {
    const heading = id ? document.getElementById(`r-${id}`) : null;
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "start" });
  }, [id]);
}
