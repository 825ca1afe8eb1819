import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import type { LoadOptions } from '../../../src/config/find.js';
import { loadConfig } from '../../../src/config/load.js';

export const token = 'tok-3f9a0c';
export const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token };

/** The working directory, below which all files of a test lie. */
export let cwd = '';

/** Gives each test of the file an empty working directory. */
export function useDirectory(): void {
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'moenet-agent-config-'));
  });
  afterEach(async () => {
    await rm(cwd, { recursive: true });
  });
}

/** Where an operator's file lies unless a test says otherwise. */
export const systemFile = 'etc/config.json';

/** Writes a file and returns its path. */
export async function file(content: unknown, name = systemFile): Promise<string> {
  const path = join(cwd, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

export function load(options: Partial<LoadOptions> = {}) {
  return loadConfig({
    env: {},
    cwd,
    systemPaths: [join(cwd, systemFile), join(cwd, 'opt/config.json')],
    ...options,
  });
}

export async function loadError(options: Partial<LoadOptions> = {}): Promise<ConfigError> {
  const error = await load(options).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error;
}
