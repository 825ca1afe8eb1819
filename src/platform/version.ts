import { readFileSync } from 'node:fs';

/** The package's version. The path holds for `src/platform` as well as for `dist/platform`. */
export const version: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;
