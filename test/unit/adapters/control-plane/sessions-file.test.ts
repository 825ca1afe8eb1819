import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import { readSessionsFile } from '../../../../src/adapters/control-plane/sessions-file.js';
import { seal } from '../../../../src/adapters/state/envelope.js';
import { fixture } from './fixture.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-sessions-'));
  path = join(directory, 'sessions.json');
});

afterEach(() => rm(directory, { recursive: true }));

async function read(content: unknown, choice: 'auto' | 'documented' | 'moenet-core' = 'auto') {
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const entries = await readSessionsFile(path, noArchive, choice);
  return entries.map(({ kind, ...entry }) => [kind, JSON.stringify(entry)]);
}

describe('a list of sessions in a file', () => {
  it('is an answer of either dialect, or the copy in the state directory', async () => {
    const documented = fixture('documented/sessions.json');
    const wanted = await read(documented);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter(([kind]) => kind === 'session').length).toBeGreaterThan(0);
    expect(await read(seal({ dialect: 'documented', data: documented }))).toEqual(wanted);
    const core = fixture('moenet-core/sessions.json');
    expect((await read(core, 'moenet-core')).filter(([kind]) => kind === 'session').length).toBeGreaterThan(
      0,
    );
  });

  it('is refused with the name of the file, and without its text', async () => {
    await expect(read('{"password": "hunter2"')).rejects.toThrow(
      `the list of sessions ${path} cannot be used: it is not JSON`,
    );
    await expect(read({})).rejects.toThrow('cannot be used: the answer has no list "sessions"');
    await rm(path);
    await expect(readSessionsFile(path, noArchive, 'auto')).rejects.toThrow('there is no such file');
  });
});
