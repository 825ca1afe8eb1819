import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import { loadGoodTemplates } from '../../../src/wire/templates.js';
import { makeFakeState } from '../shell/fake-host.js';

let directory: string;
let file: string;
let state: ReturnType<typeof makeFakeState>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-templates-'));
  file = join(directory, 'maintenance.conf.hbs');
  state = makeFakeState();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const spoil: readonly (readonly [string, () => Promise<unknown>, string])[] = [
  ['does not compile', () => writeFile(file, '{{#if'), 'maintenance.conf.hbs: Parse error'],
  ['another user can change', () => chmod(file, 0o666), 'others could change them'],
  ['is gone with its directory', () => rm(directory, { recursive: true }), 'templatesDir cannot be read'],
];

it.each(spoil)('a template that %s does not replace the last good one', async (_, make, why) => {
  await writeFile(file, '# mine');
  expect(await loadGoodTemplates(directory, state)).toMatchObject({
    templates: { 'bird/maintenance.conf.hbs': '# mine' },
  });
  await make();
  const { templates, templateFault } = await loadGoodTemplates(directory, state);
  expect(templates['bird/maintenance.conf.hbs']).toBe('# mine');
  expect(templateFault).toMatchObject({ holdsBird: false });
  expect(templateFault?.reason).toContain(why);
  expect(templateFault?.reason).toContain('goes on with the templates that it read there before');
});

it('without a last good one BIRD’s files are held, and the shipped ones serve tunnels', async () => {
  await writeFile(file, '{{#if');
  const { templates, templateFault } = await loadGoodTemplates(directory, state);
  expect(templates).toEqual(await loadTemplates());
  expect(templateFault).toMatchObject({ holdsBird: true });
  expect(templateFault?.reason).toContain("BIRD's files stay as they are");
});

it('the last good ones of another directory are not used', async () => {
  await writeFile(file, '# mine');
  await loadGoodTemplates(directory, state);
  const { templateFault } = await loadGoodTemplates(join(directory, 'other'), state);
  expect(templateFault).toMatchObject({ holdsBird: true });
});

it('a template that is mended is used again', async () => {
  await writeFile(file, '{{#if');
  await loadGoodTemplates(directory, state);
  await writeFile(file, '# mended');
  const loaded = await loadGoodTemplates(directory, state);
  expect(loaded).toEqual({
    templates: { ...(await loadTemplates()), 'bird/maintenance.conf.hbs': '# mended' },
  });
});
