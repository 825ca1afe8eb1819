import type { SessionOptions } from '../model/session-options.js';

/** Statements that the import filter of a session begins with. */
export function importFirst({ localPreference }: SessionOptions): string[] {
  return localPreference === undefined ? [] : [`moenet_wished_preference = ${localPreference};`];
}

/** Statements that its export filter begins with. */
export function exportFirst({ prepend = 0, med }: SessionOptions): string[] {
  const steps = Array.from({ length: prepend }, () => 'bgp_path.prepend(MOENET_AS);');
  return med === undefined ? steps : [...steps, `bgp_med = ${med};`];
}
