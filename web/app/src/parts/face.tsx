/* A face for the youngest, always beside its words. */
const mouths = { sad: "M8.5 16.5q3.5-3.5 7 0", flat: "M8.5 15.5h7", glad: "M8 14.5q4 4 8 0" };

export function Face({ of }: { of: keyof typeof mouths | undefined }) {
  if (!of) return null;
  return (
    <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="1.75" />
      <circle cx="9" cy="10" r="1.2" fill="currentColor" />
      <circle cx="15" cy="10" r="1.2" fill="currentColor" />
      <path d={mouths[of]} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" />
    </svg>
  );
}
