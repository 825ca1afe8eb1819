import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const cache = fileURLToPath(new URL('../../.cache/node/', import.meta.url));
const options = ['--silent', '--no-package-lock', '--ignore-scripts'];

/** The path of a Node of a version, for this machine. */
export async function nodeOf(version: string): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const directory = `${cache}${version}`;
  const path = `${directory}/node_modules/${name}/bin/node`;
  if (!existsSync(path))
    await promisify(execFile)('npm', ['install', ...options, '--prefix', directory, `${name}@${version}`]);
  return path;
}
