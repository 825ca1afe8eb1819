import type { RowForm } from './rows.js';

/** A count as it is, and of all else three digits, but no more than three after the point. */
export function shown(value: number, kind: RowForm['kind']): string {
  if (kind === 'count') return String(Number(value.toFixed(1)));
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}
