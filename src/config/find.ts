import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeNoRights, isNoRights } from '../platform/no-rights.js';
import { readProblem, readTextFile } from '../platform/regular-file.js';
import { whyUntrusted } from '../platform/trusted-path.js';
import { ConfigError } from './config-error.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** The file of `-c`; without it that of `MOENET_CONFIG`, then the first existing one of `systemPaths`. */
  readonly path?: string | undefined;
  readonly env: Env;
  /** The base of a relative `path`. The agent reads nothing else in it. */
  readonly cwd: string;
  readonly systemPaths?: readonly string[] | undefined;
  /** For what asks the control plane nothing, and may not be able to read the token: such as a credential, which only the daemon has. */
  readonly withoutToken?: boolean | undefined;
  /** For what must work after the file has gone with its package: the control plane's address and the node's name may be missing. */
  readonly withoutBootstrap?: boolean | undefined;
}

/** Where a configuration file is looked for; the second is the previous agents' path. */
export const defaultPaths = ['/etc/moenet-agent/config.json', '/opt/moenet-agent/config.json'];

export interface FoundFile {
  readonly path: string;
  readonly text: string;
  /** True where every user of the machine can read it. */
  readonly worldReadable: boolean;
}

type Where = Pick<LoadOptions, 'path' | 'env' | 'cwd' | 'systemPaths'>;

/**
 * Reads the configuration file. Undefined where none exists. Throws `ConfigError` where the file cannot be read, or others may
 * write it.
 */
export async function findConfigFile(where: Where): Promise<FoundFile | undefined> {
  const path = await configFilePath(where);
  return path === undefined ? undefined : readConfigFile(path);
}

/** The file that the user names. */
export function namedFile({ path, env, cwd }: Where): string | undefined {
  const named = path ?? (env['MOENET_CONFIG'] || undefined);
  return named === undefined ? undefined : resolve(cwd, named);
}

/**
 * The configuration file's path: the named one, else the first of `systemPaths` that exists. Never looks into the working directory by
 * itself: it may be another user's, and the file says where the token is and who gets it.
 */
export async function configFilePath(where: Where): Promise<string | undefined> {
  const named = namedFile(where);
  if (named !== undefined) return named;
  for (const path of where.systemPaths ?? defaultPaths) if (!(await isAbsent(path))) return path;
  return undefined;
}

/** False also for what cannot be looked at. */
export async function isAbsent(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  );
}

async function readConfigFile(path: string): Promise<FoundFile> {
  const read = await readTrusted(path);
  if ('problem' in read) throw new ConfigError(path, [{ path: '', message: read.problem }]);
  return { path, ...read };
}

/** The text of a file that only root and this process's user can write, or why it is not used. */
export async function readTrusted(
  path: string,
): Promise<{ readonly text: string; readonly worldReadable: boolean } | { readonly problem: string }> {
  try {
    const { text, mode } = await readTextFile(path);
    const untrusted = await whyUntrusted(path);
    if (untrusted !== undefined)
      return { problem: `the agent does not use it, because others could change it: ${untrusted}` };
    return { text, worldReadable: (mode & 0o004) !== 0 };
  } catch (error) {
    return { problem: isNoRights(error) ? describeNoRights('read it') : readProblem(error) };
  }
}
