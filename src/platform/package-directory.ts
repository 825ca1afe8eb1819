import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the package is installed, with a slash at its end, whether this code runs from `src` or bundled from `dist`. */
export const packageDirectory: string = fileURLToPath(above(new URL('.', import.meta.url)));

function above(directory: URL): URL {
  if (existsSync(new URL('package.json', directory))) return directory;
  const parent = new URL('..', directory);
  if (parent.href === directory.href)
    throw new Error(
      'package.json of moenet-agent is missing: it belongs beside dist; install the package again',
    );
  return above(parent);
}

/** The package's version. */
export const version: string = JSON.parse(readFileSync(`${packageDirectory}package.json`, 'utf8')).version;
