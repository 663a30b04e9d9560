/* Drawn once at the top of the page, used by name. */

const drawings = {
  path: (
    <>
      <path d="M2.5 13.5h3.2a2.3 2.3 0 0 0 0-4.6H5a2.3 2.3 0 0 1 0-4.6h6.2" />
      <circle cx="12.7" cy="4.3" r="1.4" />
    </>
  ),
  down: (
    <>
      <path d="m4 6.2 4 4 4-4" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M2.2 8h11.6M8 2.1c2 2 2.4 3.8 2.4 5.9S10 11.9 8 13.9C6 11.9 5.6 10.1 5.6 8S6 4.1 8 2.1z" />
    </>
  ),
  lock: (
    <>
      <rect x="3.2" y="7" width="9.6" height="6.6" rx="1.4" />
      <path d="M5.4 7V5.1a2.6 2.6 0 0 1 5.2 0V7" />
    </>
  ),
  eye: (
    <>
      <path d="M1.5 8S4 3.6 8 3.6 14.5 8 14.5 8 12 12.4 8 12.4 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  pen: (
    <>
      <path d="m10.6 3 2.4 2.4-7.4 7.4-3 .6.6-3z" />
    </>
  ),
  on: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.4 8.2 1.8 1.8 3.4-3.8" />
    </>
  ),
  none: (
    <>
      <path d="M4 8h8" stroke-dasharray="1.5 2.4" />
    </>
  ),
  spin: (
    <>
      <path d="M8 2.2A5.8 5.8 0 1 1 2.2 8" />
    </>
  ),
  check: (
    <>
      <path d="m3 8.5 3.3 3.3L13 4.6" />
    </>
  ),
  warn: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.8v3.7M8 10.9v.1" />
    </>
  ),
  sync: (
    <>
      <path d="M13.4 8A5.4 5.4 0 0 1 4 11.7M2.6 8A5.4 5.4 0 0 1 12 4.3" />
      <path d="M12.3 1.8v2.7H9.6M3.7 14.2v-2.7h2.7" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.5v3.7M8 5v.1" />
    </>
  ),
  users: (
    <>
      <circle cx="6" cy="5.6" r="2.3" />
      <path d="M1.6 13c.4-2.5 2.1-3.8 4.4-3.800s4 1.3 4.4 3.8M10.6 3.500a2.3 2.3 0 0 1 0 4.2M12 9.600c1.4.5 2.2 1.7 2.5 3.4" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  up: (
    <>
      <path d="m4 9.8 4-4 4 4" />
    </>
  ),
  back: (
    <>
      <path d="M13 8H3.5M7 4 3 8l4 4" />
    </>
  ),
  send: (
    <>
      <path d="m2.5 8 11-5-3.8 10.5-2.2-4.2z" />
    </>
  ),
  x: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  chat: (
    <>
      <path d="M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M8 4.8V8l2.2 1.4" />
    </>
  ),
  print: (
    <>
      <path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2" />
      <path d="M4.5 9.5h7v4h-7z" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.4" r="2.6" />
      <path d="M2.8 13.500c.5-2.8 2.6-4.2 5.2-4.200s4.7 1.4 5.2 4.2" />
    </>
  ),
  trash: (
    <>
      <path d="M2.8 4.3h10.4M6 4.3V2.6h4v1.7M4.2 4.300l.7 9h6.200l.7-9" />
    </>
  ),
  window: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.4" />
      <path d="M2 6h12" />
    </>
  ),
  out: (
    <>
      <path d="M9.5 2.8h3.7v3.7M13 3 7.6 8.4M11.5 9.5v3.7H2.8V4.5h3.7" />
    </>
  ),
  home: (
    <>
      <path d="M2.5 7.5 8 2.800l5.5 4.7M4 6.5v7h8v-7" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
      <path d="M10.5 5.5v-3h-8v8h3" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.7" fill="currentColor" stroke="none" />
      <path d="m5.1 8.2 2 2 3.8-4.2" stroke="var(--bg,#fff)" stroke-width="1.8" />
    </>
  ),
  doing: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M8 3.7a4.3 4.3 0 0 1 0 8.6z" fill="currentColor" stroke="none" />
    </>
  ),
  todo: (
    <>
      <circle cx="8" cy="8" r="5.9" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2M8 11.4v.1" />
    </>
  ),
  dropped: (
    <>
      <circle cx="8" cy="8" r="5.9" />
      <path d="M5 8h6" />
    </>
  ),
  ahead: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.4 9.200 2.600-2.800 2.600 2.800" />
    </>
  ),
  behind: (
    <>
      <path d="M8 2.2 14.3 13.4H1.7z" />
      <path d="M8 6.6v3.1M8 11.4v.1" />
    </>
  ),
  support: (
    <>
      <path d="M8 1.4 14.6 8 8 14.6 1.4 8z" />
      <path d="M8 5v3.4M8 10.7v.1" />
    </>
  ),
  share: (
    <>
      <circle cx="4" cy="8" r="1.8" />
      <circle cx="12" cy="4" r="1.8" />
      <circle cx="12" cy="12" r="1.8" />
      <path d="m5.6 7.2 4.8-2.4M5.6 8.800l4.8 2.4" />
    </>
  ),
  next: (
    <>
      <path d="M2.5 8h8M7.5 4.5 11 8l-3.5 3.5M13.5 3.5v9" />
    </>
  ),
  dots: (
    <>
      <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4" />
    </>
  ),
  box: (
    <>
      <path d="M2.5 3.5h11v3h-11zM3.5 6.5v6h9v-6M6.5 9h3" />
    </>
  ),
  left: (
    <>
      <path d="M9.8 4 5.8 8l4 4" />
    </>
  ),
  right: (
    <>
      <path d="m6.2 4 4 4-4 4" />
    </>
  ),
  book: (
    <>
      <path d="M8 4.2C6.5 3 4.6 2.8 2.5 3v9.5c2.1-.2 4 0 5.5 1.2 1.5-1.2 3.4-1.4 5.5-1.2V3c-2.1-.2-4 0-5.5 1.2zM8 4.2v9.5" />
    </>
  ),
  clip: (
    <>
      <path d="m12.800 7.300-5 5a3 3 0 0 1-4.300-4.200l5.400-5.400a2 2 0 0 1 2.900 2.900l-5.400 5.300a1 1 0 0 1-1.400-1.400l4.800-4.800" />
    </>
  ),
};

export type IconName = keyof typeof drawings;

export function Sprite() {
  return (
    <svg class="sprite" aria-hidden="true" focusable="false">
      <defs>
        {Object.entries(drawings).map(([name, drawing]) => (
          <symbol id={`i-${name}`} viewBox="0 0 16 16">
            {drawing}
          </symbol>
        ))}
      </defs>
    </svg>
  );
}

export function Icon({ name, flips }: { name: IconName; flips?: boolean }) {
  return (
    <svg class={flips ? "i i--dir" : "i"} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
