import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasNumber, type Step, whyChangeable, whyUntrusted } from '../../../src/platform/trusted-path.js';

describe('whyChangeable', () => {
  const trusted = { uids: [0], gids: [0], user: 0 };
  const why = (step: Partial<Step>, isLast = true) =>
    whyChangeable({ path: '/a', kind: 'file', uid: 0, gid: 0, mode: 0o644, ...step }, isLast, trusted);

  it.each<[string, Partial<Step>, boolean]>([
    ['a file of root', {}, true],
    ['a file that the group root can write', { mode: 0o664 }, true],
    ['a directory of root above it', { kind: 'directory', mode: 0o755, gid: 50 }, false],
    ['a sticky directory above it', { kind: 'directory', mode: 0o1777 }, false],
    ['a link of root, whose mode means nothing', { kind: 'link', mode: 0o777, gid: 50 }, false],
  ])('finds nothing wrong with %s', (_what, step, isLast) => {
    expect(why(step, isLast)).toBeUndefined();
  });

  it.each<[string, Partial<Step>, boolean, string]>([
    ['the file of another', { uid: 1000 }, true, 'belongs to user 1000, who could change it: chown root /a'],
    ['a directory of another above it', { kind: 'directory', uid: 1000 }, false, 'belongs to user 1000'],
    ['the link of another', { kind: 'link', uid: 1000 }, false, 'belongs to user 1000'],
    ['another\u2019s group', { mode: 0o664, gid: 50 }, true, 'can be written by group 50: chmod g-w /a'],
    ['everybody', { mode: 0o646 }, true, 'can be written by every user: chmod o-w /a'],
    ['both', { mode: 0o666, gid: 50 }, true, 'can be written by every user: chmod go-w /a'],
    ['everybody, of a directory above', { kind: 'directory', mode: 0o777 }, false, 'chmod o-w /a'],
    ['everybody, of a directory itself', { kind: 'directory', mode: 0o1777 }, true, 'chmod o-w /a'],
  ])('names %s', (_what, step, isLast, words) => {
    expect(why(step, isLast)).toContain(words);
  });
});

describe('hasNumber', () => {
  it.each([
    ['the machine itself', '         0          0 4294967295\n', true],
    ['a namespace of one user', '         0       1000          1\n', false],
    ['a container with a nobody of its own', '0 100000 65536\n', true],
    ['a container of two ranges', '0 1000 1\n1 100000 65533\n', false],
    ['a kernel that does not say', '', true],
  ])('tells whether %s has a user 65534', (_where, map, has) => {
    expect(hasNumber(map, 65_534)).toBe(has);
  });
});

describe('whyUntrusted', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'moenet-trust-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const path = (name: string) => join(directory, name);
  const make = async (name: string, modeOfDirectory: number) => {
    await mkdir(path(name));
    await writeFile(path(`${name}/file`), '');
    await chmod(path(name), modeOfDirectory);
    return path(`${name}/file`);
  };

  it('finds nothing wrong below /tmp, nor where there is nothing', async () => {
    expect(await whyUntrusted(await make('own', 0o755))).toBeUndefined();
    expect(await whyUntrusted(path('absent/file'))).toBeUndefined();
  });

  it('follows links, relative and absolute ones, and names what is behind them', async () => {
    const file = await make('open', 0o777);
    await mkdir(path('links'));
    await symlink('../open/../open/file', path('links/relative'));
    await symlink(path('open'), path('links/absolute'));
    const words = `${path('open')} can be written by every user`;
    for (const each of [file, path('links/relative'), path('links/absolute/file')])
      expect(await whyUntrusted(each)).toContain(words);
  });

  it('names the directory of a link, from which others could lead elsewhere', async () => {
    await make('safe', 0o755);
    await mkdir(path('open'));
    await symlink('../safe/file', path('open/link'));
    await chmod(path('open'), 0o777);
    expect(await whyUntrusted(path('open/link'))).toContain(`chmod o-w ${path('open')}`);
  });

  it('ends where links lead in a circle', async () => {
    await symlink('b', path('a'));
    await symlink('a', path('b'));
    expect(await whyUntrusted(path('a'))).toBeUndefined();
  });
});
