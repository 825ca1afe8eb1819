import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  loadTemplates,
  readOwnTemplates,
  TemplateError,
} from '../../../../src/adapters/templates/load-templates.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-templates-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('an operator’s templates', () => {
  it('replace the shipped ones of the same relative name, else of the same base name', async () => {
    const shipped = await loadTemplates();
    await writeFile(join(directory, 'bgp.conf.hbs'), 'by its base name');
    await writeFile(join(directory, 'peer.conf.hbs'), 'less exact');
    await mkdir(join(directory, 'bird'));
    await writeFile(join(directory, 'bird/peer.conf.hbs'), 'by its relative name');
    expect(await loadTemplates(await readOwnTemplates(directory))).toEqual({
      ...shipped,
      'bird/bgp.conf.hbs': 'by its base name',
      'bird/peer.conf.hbs': 'by its relative name',
    });
  });

  it('lose what BIRD does not take: a byte order mark and carriage returns', async () => {
    await writeFile(join(directory, 'bgp.conf.hbs'), '\uFEFFone\r\ntwo\r\n');
    expect((await readOwnTemplates(directory))['bird/bgp.conf.hbs']).toBe('one\ntwo\n');
  });

  it('name the file that does not compile', async () => {
    const file = join(directory, 'policy.conf.hbs');
    await writeFile(file, 'one\n{{#if asn}}\n');
    await expect(readOwnTemplates(directory)).rejects.toThrow(`template ${file}: Parse error on line`);
    await writeFile(file, '{{shout asn}}');
    await expect(readOwnTemplates(directory)).rejects.toSatisfy(
      (error) => error instanceof TemplateError && error.file === file,
    );
  });

  it('name a directory that is not there, or is none', async () => {
    const missing = join(directory, 'missing');
    await expect(readOwnTemplates(missing)).rejects.toThrow(`${missing}: templatesDir cannot be read`);
    await writeFile(missing, '');
    await expect(readOwnTemplates(missing)).rejects.toThrow(`${missing}: templatesDir is not a directory`);
  });
});
