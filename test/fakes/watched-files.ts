import type { FileHandle, open as openFile } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { relative } from 'node:path';

type Step = (...args: never[]) => unknown;

/** Node's own functions that change files, as long as they are watched. */
export interface WatchedFiles {
  /**
   * What was done below the directory, in order: `write a`, `sync a` (of directories too), `rename a b`, `link a b`, `unlink a`, ... and
   * `tell configure` for what BIRD was told to load. Random parts of temporary names are a `*`.
   */
  readonly steps: string[];
  /** What it throws for a step that is about to be ends that step. */
  before: (step: string) => void;
  end(): void;
}

const files: Record<string, Step> = createRequire(import.meta.url)('node:fs/promises');
const ofOnePath = ['unlink', 'rm', 'rmdir', 'mkdir'];
const ofTwoPaths = ['rename', 'link', 'copyFile'];

/** Watches what this process does to the files below `directory`, until `end`. */
export function watchFiles(directory: string): WatchedFiles {
  const originals = { ...files };
  const { write } = Socket.prototype;
  const name = (path: unknown) =>
    relative(directory, String(path)).replace(/\.[0-9a-f]{16}\.tmp$/, '.*.tmp') || '.';
  const watched: WatchedFiles = {
    steps: [],
    before: () => undefined,
    end: () => {
      Object.assign(files, originals);
      Socket.prototype.write = write;
      syncBuiltinESMExports();
    },
  };
  function take(step: string): void {
    watched.before(step);
    watched.steps.push(step);
  }
  function patch(names: readonly string[], words: (args: readonly unknown[]) => string): void {
    for (const each of names) {
      const original = originals[each] as (...args: unknown[]) => Promise<unknown>;
      files[each] = async (...args: unknown[]) => {
        take(`${each} ${words(args)}`);
        return original(...args);
      };
    }
  }
  patch(ofOnePath, ([path]) => name(path));
  patch(ofTwoPaths, ([from, to]) => `${name(from)} ${name(to)}`);
  files['open'] = async (...args: Parameters<typeof openFile>) => {
    const handle = await (originals['open'] as typeof openFile)(...args);
    return watchHandle(handle, (what) => take(`${what} ${name(args[0])}`));
  };
  Socket.prototype.write = function told(this: Socket, data: unknown, ...rest: unknown[]) {
    if (typeof data === 'string' && /^configure(?! check)/.test(data))
      take(`tell ${data.trim().replaceAll(`${directory}/`, '')}`);
    return write.call(this, data as never, ...(rest as []));
  } as typeof write;
  syncBuiltinESMExports();
  return watched;
}

function watchHandle(handle: FileHandle, take: (what: string) => void): FileHandle {
  const { sync, writeFile } = handle;
  return Object.assign(handle, {
    sync: async () => {
      take('sync');
      await sync.call(handle);
    },
    writeFile: async (...args: Parameters<FileHandle['writeFile']>) => {
      take('write');
      await writeFile.apply(handle, args);
    },
  });
}
