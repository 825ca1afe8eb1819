import { birdDirectories } from '../core/model/names.js';

/** The directories in which a path of the control plane may lie, and the path to use otherwise. */
interface Place {
  readonly directories: readonly string[];
  readonly fallback: string;
}

const places = {
  'wireguard.privateKeyPath': { directories: ['/etc/wireguard'], fallback: '/etc/wireguard/private.key' },
  'wireguard.publicKeyPath': { directories: ['/etc/wireguard'], fallback: '/etc/wireguard/public.key' },
  'bird.controlSocket': { directories: ['/run/bird', '/var/run/bird'], fallback: '/run/bird/bird.ctl' },
  'bird.configDir': { directories: ['/etc/bird'], fallback: '/etc/bird' },
} as const satisfies Record<string, Place>;

/**
 * The path to use for a key. The operator's file is always right. A path of the control plane counts only inside the default
 * directories, because the control plane may be anybody's, and the agent reads and writes there as root. `refuse` gets the
 * reason why one does not count.
 */
export function choosePath(
  key: keyof typeof places,
  ofFile: string | undefined,
  ofControlPlane: string | undefined,
  refuse: (sentence: string) => void,
): string {
  const place = places[key];
  if (ofFile !== undefined) return ofFile;
  if (ofControlPlane === undefined || ofControlPlane === place.fallback) return place.fallback;
  const why = whyNot(ofControlPlane, place);
  if (why === undefined) return ofControlPlane;
  refuse(
    `${key}: the control plane names ${ofControlPlane}, which ${why}: the agent uses ${place.fallback}. If the other path is right, set ${key} in the configuration file`,
  );
  return place.fallback;
}

function whyNot(path: string, { directories }: Place): string | undefined {
  const directory = directories.find((each) => path.startsWith(`${each}/`));
  if (directory === undefined) return `is outside ${directories.join(' and ')}`;
  const names = path.slice(directory.length + 1).split('/');
  const bad = names.find((name) => !plainName.test(name) || ownNames.has(name));
  return bad === undefined ? undefined : `has a part ${JSON.stringify(bad)} that is allowed in the file only`;
}

// Neither "..", nor a hidden file, nor what BIRD would have to quote.
const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

// BIRD includes all files of these directories: a whole configuration in one of them would be read twice.
const ownNames: ReadonlySet<string> = new Set(birdDirectories);
