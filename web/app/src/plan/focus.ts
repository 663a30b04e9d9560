/* A ref for what has the focus when it appears, and not again. */
export function focusOnce(el: HTMLElement | null): void {
  if (!el || el.dataset.met) return;
  el.dataset.met = "1";
  el.focus();
}
