import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const builder = '.release/build-debian.mjs';

/** Builds the executable and the package for this machine in a new directory; returns that. */
export async function buildRelease(umask: string, version: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-agent-release-'));
  const command = `umask ${umask} && exec node ${builder} --out "$1" --compression none ${architecture}`;
  const env = { ...process.env, MOENET_AGENT_VERSION: version };
  await promisify(execFile)('/bin/sh', ['-c', command, 'sh', directory], { env });
  return directory;
}
