/*
 * What the pages of a registration and the guides for administrators need a script for:
 * copy buttons, and telling the platform that its frame can be closed (R120).
 */

/* The address held the platform's one-time token: it goes from the history (R121). */
if (location.pathname === "/lti/register" && location.search) history.replaceState(null, "", location.pathname);

function copyByHand(text: string) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

async function copy(button: HTMLElement) {
  const text = button.dataset["copy"] ?? "";
  const before = button.textContent;
  /* A frame of another site may not use the clipboard by itself; the old way works there. */
  if (window === window.top && navigator.clipboard) await navigator.clipboard.writeText(text).catch(() => copyByHand(text));
  else copyByHand(text);
  button.focus();
  button.textContent = button.dataset["done"] ?? before;
  setTimeout(() => (button.textContent = before), 2000);
}

for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => void copy(button));
}

for (const button of document.querySelectorAll<HTMLElement>("[data-close]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    (window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
    /* Whoever does not listen leaves the page standing. */
    setTimeout(() => {
      for (const line of document.querySelectorAll<HTMLElement>("[data-closed]")) line.hidden = false;
    }, 600);
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]"))
  form.addEventListener("submit", () => {
    const button = form.querySelector<HTMLButtonElement>("button:not([type])");
    if (!button) return;
    button.textContent = form.dataset["sending"] ?? "";
    button.setAttribute("aria-busy", "true");
    setTimeout(() => (button.disabled = true)); /* not before the form has gone */
  });
