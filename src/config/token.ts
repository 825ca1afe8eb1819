import { resolve } from 'node:path';
import { Secret } from '../core/model/values/secret.js';
import { readProblem, readTextFile } from '../platform/regular-file.js';
import type { ConfigProblem } from './config-error.js';
import { type Env, readTrusted } from './find.js';
import { token as tokenSchema } from './schema-values.js';

/** The token, or what is wrong with its source. */
export type FoundToken =
  | { readonly token: Secret; readonly warnings: readonly string[] }
  | { readonly problem: ConfigProblem };

// From this length on the agent removes the token from every text (see `redactToken`).
const shortest = 8;
const tooShort = `the token has fewer than ${shortest} characters. Everybody can guess it, act as this node and tell its tunnels and routes; have the control plane issue another one`;

/**
 * The agent's token: `bootstrap.token`, else the file `bootstrap.tokenFile` (relative to `baseDir`), else
 * `MOENET_CP_TOKEN`, else systemd's credential `moenet-agent-token` (systemd.exec(5), LoadCredential=).
 */
export async function findToken(
  file: { readonly token?: unknown; readonly tokenFile?: unknown },
  env: Env,
  baseDir: string,
): Promise<FoundToken> {
  if (file.token !== undefined && file.tokenFile !== undefined) {
    return problem('bootstrap.tokenFile', 'bootstrap.token is set, too; keep one of them');
  }
  if (file.token !== undefined) return checked('bootstrap.token', file.token);
  if (typeof file.tokenFile === 'string') {
    return fromFile('bootstrap.tokenFile', resolve(baseDir, file.tokenFile));
  }
  if (env['MOENET_CP_TOKEN']) return checked('MOENET_CP_TOKEN', env['MOENET_CP_TOKEN'].trim());
  return fromCredential(env['CREDENTIALS_DIRECTORY']);
}

const metricsKey = 'server.metricsTokenFile';
const tooShortForMetrics = `the token has fewer than ${shortest} characters, so everybody can guess it. Write a longer one, such as: openssl rand -hex 32`;
const isNodeToken =
  "it holds the node's own token: whoever scrapes could act as this node. Write another one, such as: openssl rand -hex 32";

/** The token of `server.metricsTokenFile` (relative to `baseDir`); undefined without that key. It must not be the node's. */
export async function findMetricsToken(
  file: unknown,
  baseDir: string,
  ofNode: Secret,
): Promise<FoundToken | undefined> {
  if (typeof file !== 'string') return undefined;
  const path = resolve(baseDir, file);
  const found = await fromFile(metricsKey, path);
  if ('problem' in found) return found;
  const text = found.token.reveal();
  if (text.length < shortest) return problem(metricsKey, `${path}: ${tooShortForMetrics}`);
  return text === ofNode.reveal() ? problem(metricsKey, `${path}: ${isNodeToken}`) : found;
}

async function fromCredential(directory: string | undefined): Promise<FoundToken> {
  const missing = problem(
    'bootstrap.token',
    'missing: set it, or bootstrap.tokenFile, or MOENET_CP_TOKEN, or the systemd credential moenet-agent-token',
  );
  if (!directory) return missing;
  const path = resolve(directory, 'moenet-agent-token');
  try {
    return checked(path, (await readTextFile(path)).text.trim());
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing : problem(path, readProblem(error));
  }
}

async function fromFile(key: string, path: string): Promise<FoundToken> {
  const read = await readTrusted(path);
  if ('problem' in read) return problem(key, `${path}: ${read.problem}`);
  const warning = `${path} can be read by every user and holds the token: chmod 600 ${path}`;
  return checked(key, read.text.trim(), read.worldReadable ? [warning] : []);
}

function checked(source: string, value: unknown, warnings: readonly string[] = []): FoundToken {
  const parsed = tokenSchema.safeParse(value);
  if (parsed.success) {
    const short = parsed.data.length < shortest ? [`${source}: ${tooShort}`] : [];
    return { token: new Secret(parsed.data), warnings: [...warnings, ...short] };
  }
  return problem(source, parsed.error.issues[0]?.message ?? 'not a token');
}

function problem(path: string, message: string): FoundToken {
  return { problem: { path, message } };
}
