import { fileURLToPath } from 'node:url';

/** A BIRD as Debian has it. Which version that is moves with the suite; its major number is in the package's name. */
export interface Release {
  /** `trixie/bird3` */
  readonly name: string;
  readonly suite: string;
  readonly package: string;
  readonly major: number;
  /** Where it is unpacked: `bin/bird` and `bin/birdc` below it run from there. */
  readonly directory: string;
}

const cache = fileURLToPath(new URL('../../.cache/bird/', import.meta.url));

/** 2.0.12, 2.17, 3.1, and the newest of both lines; sid had 2.20.0 and 3.4.0 in November 2026. */
const releases: readonly Release[] = [
  'bookworm/bird2',
  'trixie/bird2',
  'trixie/bird3',
  'sid/bird2',
  'sid/bird3',
].map(parse);

/** Those that `MOENET_BIRD_MATRIX` names, separated by commas; without it, all. Throws for one that there is not. */
export function selectedReleases(): readonly Release[] {
  const names = process.env['MOENET_BIRD_MATRIX']?.split(',').map((name) => name.trim());
  return names === undefined ? releases : names.map(releaseNamed);
}

export function releaseNamed(name: string): Release {
  const found = releases.find((release) => release.name === name);
  if (found) return found;
  const known = releases.map((release) => release.name).join(', ');
  throw new Error(`MOENET_BIRD_MATRIX: "${name}" is none of ${known}`);
}

function parse(name: string): Release {
  const [suite = '', packageName = ''] = name.split('/');
  const major = Number(packageName.slice('bird'.length));
  return { name, suite, package: packageName, major, directory: `${cache}${suite}-${packageName}` };
}
