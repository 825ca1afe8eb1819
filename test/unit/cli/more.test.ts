import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moreAbout } from '../../../src/cli/help/more.js';
import { topicOf, topics } from '../../../src/cli/help/topics.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { troubleshootingPage } from '../../../src/platform/troubleshooting-page.js';
import { fakeTerminal } from '../../fakes/terminal.js';
import { machine } from './command-line.js';

const page = '/usr/share/doc/moenet-agent/docs/troubleshooting.md';

describe('the topic of a message', () => {
  it.each(Object.entries(topics))('%s is that of its own message', (topic, message) => {
    expect(topicOf(`session a1 (AS4242421080): ${message.replaceAll('…', 'x')}`)).toBe(topic);
  });

  it('is none for a message that the page does not have, nor for a part of one', () => {
    expect(topicOf('all is well')).toBeUndefined();
    expect(topicOf('TLS with a.example.net works')).toBeUndefined();
  });
});

describe('the line that says where there is more', () => {
  it('has each topic once, and no more than three', () => {
    const messages = ['BIRD does not answer on /run/bird/bird.ctl: x', 'BIRD does not answer on /a: y'];
    expect(moreAbout(messages, page)).toEqual([`more: ${page}#bird-silent`]);
    const all = moreAbout(Object.values(topics), page);
    expect(all).toEqual([`more: ${page}#no-daemon, #second-agent, #other-version`]);
  });

  it('is not there where the page is not installed', () => {
    expect(moreAbout(['no daemon is running'], undefined)).toEqual([]);
  });

  it('follows the error of a command, on standard error', async () => {
    const io = { ...fakeTerminal({ cwd: '/', env: {} }), troubleshootingPage: () => page };
    await runCli(['status', '--json'], '1.2.3', io, machine().commands);
    expect(io.err()).toMatch(
      /^moenet-agent: no daemon is running .*\nmore: \/usr\/share\/doc\/.*#no-daemon\n$/,
    );
    expect(JSON.parse(io.out())).toEqual({ error: expect.stringContaining('no daemon is running') });
  });
});

it('the page is the one beside the program, also behind a link', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-page-'));
  try {
    for (const name of ['dist', 'docs', 'bin']) await mkdir(join(directory, name));
    await writeFile(join(directory, 'dist/main.js'), '');
    await symlink(join(directory, 'dist/main.js'), join(directory, 'bin/moenet-agent'));
    const script = join(directory, 'bin/moenet-agent');
    const before = troubleshootingPage(script);
    await writeFile(join(directory, 'docs/troubleshooting.md'), '');
    expect(troubleshootingPage(script)).toBe(join(directory, 'docs/troubleshooting.md'));
    expect(before).not.toBe(join(directory, 'docs/troubleshooting.md'));
    expect(troubleshootingPage(join(directory, 'absent'))).toBe(before);
  } finally {
    await rm(directory, { recursive: true });
  }
});
