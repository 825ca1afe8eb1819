import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCommands, commandTree } from '../../../src/cli/manual/command-tree.js';
import { configurationPage } from '../../../src/cli/manual/configuration-page.js';
import { type KeyRow, keyRows } from '../../../src/cli/manual/key-rows.js';
import { programPage } from '../../../src/cli/manual/program-page.js';
import { inline } from '../../../src/cli/manual/roff.js';
import { makeProgram } from '../../../src/cli/program/program.js';
import { configSchema } from '../../../src/config/schema.js';
import { sessionOptions } from '../../../src/core/model/session-options.js';

const tree = commandTree(
  makeProgram(
    '1.2.3',
    () => expect.unreachable(),
    () => undefined,
  ),
);

/** The schema names pages from the repository's top; the document stands beside them. */
const besideIt = (text: string) => text.replaceAll('](docs/', '](');

/** The document with the rows of its table from the schema. `vitest -u` writes it. */
function withRows(
  path: string,
  header: string,
  row: (key: KeyRow) => string,
  keys: readonly KeyRow[],
): string {
  const lines = readFileSync(path, 'utf8').split('\n');
  const start = lines.indexOf(header) + 2;
  expect(start).toBeGreaterThan(2);
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
  return lines.toSpliced(start, end - start, ...keys.map(row).map(besideIt)).join('\n');
}

describe('the documents', () => {
  it('configuration.md has the keys of the schema', async () => {
    const path = 'docs/configuration.md';
    const row = ({ key, usual, meaning }: KeyRow) => `| \`${key}\` | ${usual} | ${meaning} |`;
    const text = withRows(path, '| key | default | meaning |', row, keyRows(configSchema));
    await expect(text).toMatchFileSnapshot(`../../../${path}`);
    expect(text).toContain('| `intervals.look` | 3 | seconds ');
  });

  it('interface.md has the options of a session', async () => {
    const path = 'docs/interface.md';
    const row = ({ key, value, meaning }: KeyRow) => `| \`${key}\` | ${value} | ${meaning} |`;
    const text = withRows(path, '| key | value | meaning |', row, keyRows(sessionOptions));
    await expect(text).toMatchFileSnapshot(`../../../${path}`);
  });
});

describe('moenet-agent(8)', () => {
  const page = programPage(tree, '1.2.3');

  it('has every command with its options, and none that is hidden', () => {
    const commands = allCommands(tree).filter(
      ({ path, commands: below }) => path.length > 0 && below.length === 0,
    );
    const headings = [...page.matchAll(/^\.SS "([^"<[]*?)(?: [<[].*)?"$/gm)].map(([, name]) => name);
    expect(headings).toEqual(commands.map(({ path }) => path.join(' ').replaceAll('-', '\\-')));
    expect(headings).toEqual(expect.arrayContaining(['run', 'bird restart', 'help']));
    expect(headings).not.toContain('service prepare');
    const flags = allCommands(tree).flatMap(({ options }) => options.map(({ long }) => long));
    expect(flags).toEqual(expect.arrayContaining(['--config', '--topology']));
    for (const flag of flags) expect(page).toContain(flag.replaceAll('-', '\\-'));
  });
});

describe('moenet-agent.json(5)', () => {
  it('has every key with its default, and every option of a session', () => {
    const page = configurationPage('1.2.3');
    const part = `.TP\n\\fBserver.listen\\fR\nWhere the node\\(aqs HTTP API listens`;
    expect(page).toContain(part);
    expect(page).toContain('Default: \\fB127.0.0.1:24368\\fR.');
    for (const { key } of [...keyRows(configSchema), ...keyRows(sessionOptions)])
      expect(page).toContain(`\n\\fB${key}\\fR\n`);
  });
});

describe('the text of a page', () => {
  it('is never a request to the formatter', () => {
    expect(inline('.so /etc/passwd')).toBe('\\&.so /etc/passwd');
    expect(inline('first\n.so /etc/passwd')).toBe('first .so /etc/passwd');
    expect(inline("'so \\n(.z")).toBe('\\(aqso \\en(.z');
  });

  it('keeps the words of code and links', () => {
    expect(inline('`--yes`: see [Own prefixes](interface.md#own)')).toBe(
      '\\fB\\-\\-yes\\fR: see Own prefixes',
    );
  });
});
