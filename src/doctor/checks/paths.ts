import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { isNoRights } from '../../platform/no-rights.js';
import { whyUntrusted } from '../../platform/trusted-path.js';
import { birdPlaces, type Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';
import { asRoot } from '../forbidden.js';

export interface Place {
  readonly path: string;
  /** In words: `BIRD's directory`. */
  readonly what: string;
  /** Undefined where there is nothing. */
  readonly found:
    | { readonly mode: number; readonly isWritable: boolean; readonly freeBytes: number }
    | undefined;
  /** True where the agent makes it. */
  readonly isMade: boolean;
  /** True where only its owner may read it. */
  readonly isSecret?: boolean;
}

const leastFree = 16 * 1024 * 1024;

export function judgePlace({ path, what, found, isMade, isSecret = false }: Place): Finding {
  if (!found)
    return isMade
      ? ok(`${what} ${path} is not there yet; the agent makes it`)
      : fault(`${what} ${path} is not there`, `install -d ${path}`);
  if (isSecret && (found.mode & 0o077) !== 0)
    return warning(
      `${what} ${path} can be read by others (mode ${found.mode.toString(8)})`,
      `chmod 600 ${path}`,
    );
  if (!isSecret && !found.isWritable)
    return warning(
      `${what} ${path} cannot be written by this user; the daemon's user must`,
      `ls -ld ${path}`,
    );
  if (found.freeBytes < leastFree)
    return warning(
      `the file system of ${what} ${path} is nearly full (${Math.floor(found.freeBytes / 1024)} KiB free)`,
      `df -h ${path}`,
    );
  return ok(`${what} ${path}`);
}

async function lookAt(place: Omit<Place, 'found'>): Promise<Finding> {
  const stats = await stat(place.path).catch((error: unknown) => (isNoRights(error) ? 'hidden' : undefined));
  if (stats === 'hidden')
    return warning(`this user may not see whether ${place.what} ${place.path} is there`, asRoot);
  if (!stats) return judgePlace({ ...place, found: undefined });
  const isWritable = await access(place.path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const disk = await statfs(place.path).catch(() => undefined);
  const freeBytes = disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY;
  return judgePlace({ ...place, found: { mode: stats.mode & 0o777, isWritable, freeBytes } });
}

export const pathCheck: Check = {
  name: 'paths',
  limitMs: 10_000,
  look: async (patient) => {
    const { node } = patient;
    const places: readonly Omit<Place, 'found'>[] = [
      { path: node?.stateDir ?? '/var/lib/moenet-agent', what: 'the state directory', isMade: true },
      { path: node?.runtimeDir ?? '/run/moenet-agent', what: 'the runtime directory', isMade: true },
      { path: birdPlaces(patient).configDir, what: "BIRD's directory", isMade: false },
      {
        path: node?.wireguard.privateKeyPath ?? '/etc/wireguard/private.key',
        what: 'the private key',
        isMade: true,
        isSecret: true,
      },
    ];
    const templates = node?.templatesDir;
    const untrusted = templates === undefined ? undefined : await whyUntrusted(templates);
    return [
      ...(await Promise.all(places.map(lookAt))),
      ...(templates === undefined
        ? []
        : [
            untrusted === undefined
              ? ok(`the templates ${templates}`)
              : fault(
                  `the agent does not use the templates of ${templates}: ${untrusted}`,
                  `ls -ld ${templates}`,
                ),
          ]),
    ];
  },
};
