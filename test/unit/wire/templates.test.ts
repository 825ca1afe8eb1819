import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import { makeFakeState } from '../../../src/lab/simulated/machine/fake-state.js';
import { loadGoodTemplates } from '../../../src/wire/templates.js';

let directory: string;
let file: string;
let state: ReturnType<typeof makeFakeState>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-templates-'));
  file = join(directory, 'maintenance.conf.hbs');
  state = makeFakeState();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const untrusted = (path: string) =>
  `others could change them: ${path} can be written by every user: chmod o-w ${path}`;

const spoil: readonly (readonly [string, () => Promise<unknown>, () => string])[] = [
  ['does not compile', () => writeFile(file, '{{#if'), () => 'maintenance.conf.hbs: Parse error'],
  ['another user can change', () => chmod(file, 0o666), () => untrusted(file)],
  ['lies in a directory that others can write', () => chmod(directory, 0o1777), () => untrusted(directory)],
  ['lies beside a directory that others can write', openBird, () => untrusted(join(directory, 'bird'))],
  ['is a link to where others can write', linkAway, () => untrusted(join(directory, 'elsewhere'))],
  ['is a directory', replaceByDirectory, () => 'it is a directory, not a regular file'],
  ['is too large', () => writeFile(file, '#'.repeat(1024 * 1024 + 1)), () => 'more than 1048576 bytes'],
  ['is gone with its directory', removeAll, () => 'templatesDir cannot be read'],
  ['has a file in the place of its directory', replaceAll, () => 'templatesDir is not a directory'],
];

async function openBird(): Promise<void> {
  await mkdir(join(directory, 'bird'));
  await chmod(join(directory, 'bird'), 0o777);
}

async function linkAway(): Promise<void> {
  const elsewhere = join(directory, 'elsewhere');
  await mkdir(elsewhere);
  await chmod(elsewhere, 0o777);
  await rename(file, join(elsewhere, 'mine.hbs'));
  await symlink('elsewhere/mine.hbs', file);
}

async function replaceByDirectory(): Promise<void> {
  await rm(file);
  await mkdir(file);
}

async function removeAll(): Promise<void> {
  await rm(directory, { recursive: true });
}

async function replaceAll(): Promise<void> {
  await removeAll();
  await writeFile(directory, '');
}

it.each(spoil)('a template that %s does not replace the last good one', async (_, make, why) => {
  await writeFile(file, '# mine');
  expect(await loadGoodTemplates(directory, state)).toMatchObject({
    templates: { 'bird/maintenance.conf.hbs': '# mine' },
  });
  await make();
  const { templates, templateFault } = await loadGoodTemplates(directory, state);
  expect(templates['bird/maintenance.conf.hbs']).toBe('# mine');
  expect(templateFault).toMatchObject({ blocksBird: false });
  expect(templateFault?.reason).toContain(why());
  expect(templateFault?.reason).toContain('uses the templates that it read there before');
});

it('every path that others can change is named at once', async () => {
  await writeFile(file, '# mine');
  await chmod(file, 0o666);
  await openBird();
  const { templateFault } = await loadGoodTemplates(directory, state);
  for (const path of [file, join(directory, 'bird')])
    expect(templateFault?.reason).toContain(`chmod o-w ${path}`);
});

it('without a last good one BIRD’s files stay, and the shipped templates serve tunnels', async () => {
  await writeFile(file, '{{#if');
  const { templates, templateFault } = await loadGoodTemplates(directory, state);
  expect(templates).toEqual(await loadTemplates());
  expect(templateFault).toMatchObject({ blocksBird: true });
  expect(templateFault?.reason).toContain("BIRD's files stay as they are");
});

it('the last good ones of another directory are not used', async () => {
  await writeFile(file, '# mine');
  await loadGoodTemplates(directory, state);
  const { templateFault } = await loadGoodTemplates(join(directory, 'other'), state);
  expect(templateFault).toMatchObject({ blocksBird: true });
});

it('a template that was fixed is used again', async () => {
  await writeFile(file, '{{#if');
  await loadGoodTemplates(directory, state);
  await writeFile(file, '# mended');
  const loaded = await loadGoodTemplates(directory, state);
  expect(loaded).toEqual({
    templates: { ...(await loadTemplates()), 'bird/maintenance.conf.hbs': '# mended' },
  });
});
