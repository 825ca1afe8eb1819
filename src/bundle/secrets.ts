import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePrivateKey } from '../adapters/wireguard/key-store.js';
import { Secret } from '../core/model/values/secret.js';
import { readTextFile } from '../platform/regular-file.js';
import { secretsIn, secretsInText } from '../redact/secret-forms.js';
import type { Part, Patient } from './source.js';

/**
 * All secrets that this user can know, so that they are replaced wherever they stand: of the configuration and the environment, also the
 * daemon's and its unit's; of WireGuard; and those that stand as a secret in any part of the bundle.
 */
export async function knownSecrets(patient: Patient, parts: readonly Part[]): Promise<string[]> {
  const { config, env } = patient;
  const found = await Promise.all([
    ofFiles(patient.paths.tokenFiles),
    ofPrivateKey(patient.paths.privateKey),
    ofInterfaces(patient),
    ofDaemon(patient, parts),
  ]);
  return [
    ...(config ? secretsOfConfig(config) : []),
    ...ofEnvironment(env),
    ...parts.flatMap(secretsOfPart),
    ...found.flat(),
  ];
}

function secretsOfPart(part: Part): string[] {
  if ('text' in part) return secretsInText(part.text);
  return secretsIn('document' in part ? part.document : part.missing);
}

/** What the loaded configuration holds as `Secret`. */
function secretsOfConfig(value: unknown): string[] {
  if (value instanceof Secret) {
    const text = value.reveal();
    return [text, ...secretsInText(`Authorization: ${text}`)];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsOfConfig);
}

/** A variable with the name of a secret, and the user and password of a proxy. */
function ofEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => [
    ...secretsIn({ [name]: value }),
    ...secretsInText(/proxy$/i.test(name) && !value.includes('://') ? `http://${value}` : value),
  ]);
}

async function ofFiles(paths: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(
    paths.map((path) =>
      readTextFile(path).then(
        ({ text }) => text.trim(),
        () => '',
      ),
    ),
  );
  return texts;
}

/** As the file has it, and as interfaces show it. */
async function ofPrivateKey(path: string): Promise<string[]> {
  try {
    const { text } = await readTextFile(path);
    return [text.trim(), parsePrivateKey(text, path).reveal()];
  } catch {
    return [];
  }
}

/** Lines of an interface and a private key, or of an interface, a peer and a preshared key (wg(8), `show`). */
async function ofInterfaces({ run }: Patient): Promise<string[]> {
  const texts = await Promise.all(
    ['private-key', 'preshared-keys'].map((what) =>
      run('wg', ['show', 'all', what]).then(
        ({ stdout }) => stdout,
        () => '',
      ),
    ),
  );
  const last = texts.flatMap((text) => text.split('\n')).map((line) => line.split('\t').at(-1) ?? '');
  return last.filter((word) => /^[A-Za-z0-9+/]{43}=$/.test(word));
}

/** What the daemon was started with. Another user's environment only root can read. */
async function ofDaemon({ paths }: Patient, parts: readonly Part[]): Promise<string[]> {
  const status = parts.find((part) => part.file === 'status.json');
  const document = status && 'document' in status ? (status.document as { agent?: { pid?: unknown } }) : {};
  const pid = document.agent?.pid;
  if (typeof pid !== 'number') return [];
  const text = await readFile(join(paths.proc, String(pid), 'environ'), 'utf8').catch(() => '');
  const variables = text
    .split('\0')
    .map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]);
  return ofEnvironment(Object.fromEntries(variables));
}
