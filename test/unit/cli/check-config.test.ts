import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commandLine, token } from './command-line.js';

const { cli, configure, path } = commandLine();

const file = (text: string) => writeFile(path('other.json'), text, { mode: 0o600 });
const good = `"apiUrl": "https://api.example.net", "nodeName": "jp1", "token": "${token}"`;

describe('check-config', () => {
  it('says ok of the file that the agent would use', async () => {
    const { exitCode, out, calls } = await cli('check-config');
    expect([exitCode, out, calls]).toEqual([0, `${path('config.json')}: ok\n`, []]);
  });

  it('names every problem with its line, also of keys that are missing', async () => {
    await file(`{
  "bootstrap": {
    "apiUrl":
      "ftp://x",
    "token": "${token}"
  },
  "intervals": { "mesh": 0 },
  "loopbak": {}
}`);
    const { exitCode, out } = await cli('check-config other.json');
    expect(exitCode).toBe(78);
    const lines = out.split('\n');
    expect(lines[0]).toBe(`${path('other.json')}: 4 problems`);
    expect(lines.slice(1, 5).sort()).toEqual([
      expect.stringMatching(/^ {2}line 2: bootstrap\.nodeName: missing: /),
      expect.stringMatching(/^ {2}line 3: bootstrap\.apiUrl: /),
      expect.stringMatching(/^ {2}line 7: intervals\.mesh: 0 is not a number of seconds/),
      '  line 8: loopbak is not a known key; did you mean loopback?',
    ]);
    expect(out).not.toContain(token);
  });

  it('shows where the text is not JSON', async () => {
    await file('{\n  "bootstrap": {},\n  x\n}');
    const { exitCode, out } = await cli('check-config -c other.json');
    expect([exitCode, out]).toEqual([
      78,
      expect.stringMatching(/: \d problems?\n {2}line 3, column \d+: not JSON: /),
    ]);
  });

  it('warns about keys, modes and paths with which the agent starts', async () => {
    await file(
      `{ "bootstrap": { ${good} },\n"stateDri": "/x",\n"templatesDir": "no-templates",\n"bird": { "configDir": "other.json" } }`,
    );
    await chmod(path('other.json'), 0o604);
    const { exitCode, out } = await cli('check-config other.json');
    expect([exitCode, out.split('\n')]).toEqual([
      0,
      [
        `${path('other.json')}: ok, with 4 warnings`,
        '  line 2: stateDri is not a known key; did you mean stateDir?',
        `  ${path('other.json')} can be read by every user and holds the token: chmod 600 ${path('other.json')}`,
        expect.stringContaining(`  line 4: bird.configDir: ${path('other.json')} is a file: `),
        expect.stringContaining(`  line 3: templatesDir: ${path('no-templates')} is not there: `),
        '',
      ],
    ]);
  });

  it.each([
    ['that others may write', 0o666, /because others could change it: .*chmod/],
    ['without a token', 0o600, /line 1: bootstrap\.token: missing: set it/],
  ])('refuses a file %s', async (_, mode, words) => {
    await file('{ "bootstrap": { "apiUrl": "https://api.example.net", "nodeName": "jp1" } }');
    await chmod(path('other.json'), mode);
    expect(await cli('check-config other.json')).toMatchObject({
      exitCode: 78,
      out: expect.stringMatching(words),
    });
  });

  it('says that there is no file', async () => {
    expect(await cli('check-config none.json')).toMatchObject({
      exitCode: 78,
      out: expect.stringContaining('none.json: 1 problem'),
    });
  });

  it('prints one document with --json', async () => {
    await configure({ intervals: { mesh: 'x' } });
    const { exitCode, out } = await cli('check-config --json');
    expect([exitCode, JSON.parse(out)]).toEqual([
      78,
      {
        file: path('config.json'),
        ok: false,
        problems: [{ line: 1, path: 'intervals.mesh', message: expect.stringContaining('seconds') }],
        warnings: [],
      },
    ]);
  });
});
