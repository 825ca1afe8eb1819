import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { wordsOf } from '../core/model/words-of.js';
import { ConfigError } from './config-error.js';
import { findConfigFile, isAbsent, type LoadOptions, namedFile } from './find.js';
import { parseJsonText } from './json-text.js';
import { isObject } from './previous-keys.js';

/** Where a daemon listens: the directory with its sockets, or one socket. */
export type DaemonPlace = { readonly runtimeDir: string } | { readonly socket: string };

export interface FoundDaemon {
  readonly place: DaemonPlace;
  /** Why the place is a guess, in words; absent where it is none. */
  readonly warning?: string;
}

const defaultRuntimeDir = '/run/moenet-agent';

/**
 * Where the daemon's sockets are, for a user who may read neither the token nor the configuration: what `--socket` or `MOENET_SOCKET`
 * names (a directory or a socket), else `runtimeDir` of the configuration file as far as it can be read, else the usual directory. Throws
 * `ConfigError` where a file that the user names does not exist.
 */
export async function findDaemon(
  options: LoadOptions & { readonly socket?: string | undefined },
): Promise<FoundDaemon> {
  const { env, cwd } = options;
  const socket = options.socket ?? (env['MOENET_SOCKET'] || undefined);
  if (socket !== undefined) return { place: await placeAt(resolve(cwd, socket)) };
  const path = namedFile(options);
  try {
    const file = await findConfigFile(options);
    if (!file) return usual;
    const document = parseJsonText(file.text);
    const runtimeDir = isObject(document) ? document['runtimeDir'] : undefined;
    return typeof runtimeDir === 'string' && runtimeDir !== ''
      ? { place: { runtimeDir: resolve(dirname(file.path), runtimeDir) } }
      : usual;
  } catch (error) {
    // Nobody has to be able to read the usual file.
    if (path === undefined) return usual;
    if (await isAbsent(path)) throw error;
    const words =
      error instanceof ConfigError ? error.problems.map(({ message }) => message).join('; ') : wordsOf(error);
    return {
      ...usual,
      warning: `${path} cannot be used (${words}); the command looks for the daemon in ${defaultRuntimeDir}. To name another place: --socket DIRECTORY`,
    };
  }
}

const usual: FoundDaemon = { place: { runtimeDir: defaultRuntimeDir } };

async function placeAt(path: string): Promise<DaemonPlace> {
  const isDirectory = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isDirectory ? { runtimeDir: path } : { socket: path };
}
