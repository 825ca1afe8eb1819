import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import type { Collected, File } from './collect.js';

/** The bundle as a tar.gz with one directory in it, which begins with a list of what is in it and what is missing. */
export async function pack(directory: string, collected: Collected, atMs: number): Promise<Uint8Array> {
  const files = [contents(collected), ...collected.files];
  const mtime = new Date(atMs);
  const folders = new Set(files.flatMap(({ name }) => foldersOf(`${directory}/${name}`)));
  const archive = await packTar([
    ...[...folders].sort().map((name) => ({
      header: { name: `${name}/`, type: 'directory' as const, size: 0, mode: 0o700, mtime },
    })),
    ...files.map(({ name, text }) => {
      const body = Buffer.from(text);
      return { header: { name: `${directory}/${name}`, size: body.length, mode: 0o600, mtime }, body };
    }),
  ]);
  return promisify(gzip)(archive);
}

function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function contents({ files, missing }: Collected): File {
  const lines = [
    'Secrets that the agent knows or recognizes are replaced by [secret]. Look through the files before you send them.',
    '',
    ...files.map(({ name, text, cutFrom }) => {
      const size = `${text.length}`.padStart(9);
      return cutFrom === undefined ? `${size} ${name}` : `${size} ${name} (cut, of ${cutFrom})`;
    }),
    ...(missing.length === 0 ? [] : ['', 'missing:']),
    ...missing.map(({ name, why }) => `  ${name}: ${why.replace(/\s+/g, ' ')}`),
  ];
  return { name: 'contents.txt', text: `${lines.join('\n')}\n` };
}
