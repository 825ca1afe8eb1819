import { expect, it } from 'vitest';
import { configurationPage } from '../../../src/cli/manual/configuration-page.js';
import { programPage } from '../../../src/cli/manual/program-page.js';
import { run } from '../../../src/platform/exec.js';
import { tree } from './tree.js';

const pages = [
  ['moenet-agent.8', programPage(tree, '1.2.3'), '       -c, --config file'],
  ['moenet-agent.json.5', configurationPage('1.2.3'), '       bird.configDir'],
] as const;

it.each(pages)('man shows %s, and the formatter warns of nothing', async (_name, input, line) => {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', MANWIDTH: '80', MAN_KEEP_FORMATTING: '' };
  const shown = await run('man', ['--warnings', '-l', '-'], { input, env });
  expect(shown.stderr).toBe('');
  const lines = shown.stdout.split('\n');
  expect(lines).toContain(line);
  expect(lines.filter((each) => each.length > 80)).toEqual([]);
  expect((await run('groff', ['-ww', '-man', '-Kutf8', '-Tutf8'], { input, env })).stderr).toBe('');
});

it('the formatter warns of a page that is wrong', async () => {
  const { stderr } = await run('groff', ['-ww', '-man', '-Tutf8'], {
    input: '.TH X 8\n.NOSUCH\n',
    okExitCodes: [1],
  });
  expect(stderr).toContain('NOSUCH');
});
