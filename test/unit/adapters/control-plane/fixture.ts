import { readFileSync } from 'node:fs';

const folder = new URL('../../../fixtures/control-plane/', import.meta.url);

/** An example answer, parsed anew for each caller. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}
