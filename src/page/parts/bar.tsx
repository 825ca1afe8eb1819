/** A bar beside a number; `part` of the longest one, 0 to 1. */
export function Bar({ part, kind }: { readonly part: number; readonly kind: 'rx' | 'tx' }) {
  return (
    <svg class={`bar ${kind}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width={Math.max(1, part * 100)} height="6" />
    </svg>
  );
}
