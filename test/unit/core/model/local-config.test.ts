import { expect, it } from 'vitest';
import { readLocalConfig } from '../../../../src/core/model/local-config.js';

const path = 'local/hooks.conf';

it.each([
  ['function local_import(int their_as)\n{ accept; }', true, false],
  ['# function local_import(int a) { }\nfunction local_export(int their_as) { }', false, true],
  ['function local_imports() { }\ndefine local_export = 5;', false, false],
])('a hook exists if the file defines it: %s', (text, localImport, localExport) => {
  expect(readLocalConfig(new Map([[path, text]])).hooks).toMatchObject({ path, localImport, localExport });
});

it('the other files are in the order of their names, each with a hash of its text', () => {
  const { files, hooks } = readLocalConfig(
    new Map([
      ['local/b.conf', 'two'],
      ['local/a.conf', 'one'],
    ]),
  );
  expect(files.map((file) => file.path)).toEqual(['local/a.conf', 'local/b.conf']);
  expect(new Set(files.map(({ hash }) => hash)).size).toBe(2);
  expect(hooks).toBeUndefined();
});
