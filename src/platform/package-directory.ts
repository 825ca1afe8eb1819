import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the package is installed, with a slash at its end, whether this code runs from `src` or bundled from `dist`. */
export const packageDirectory: string = fileURLToPath(above(new URL('.', import.meta.url)));

function above(directory: URL): URL {
  return existsSync(new URL('package.json', directory)) ? directory : above(new URL('..', directory));
}

/** The package's version. */
export const version: string = JSON.parse(readFileSync(`${packageDirectory}package.json`, 'utf8')).version;
