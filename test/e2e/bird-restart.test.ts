import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

const bird = (
  router: string,
  options: string,
  as: number,
  other: number,
  own: string,
) => `router id ${router};
protocol device { }
protocol static { ipv4; route ${own} unreachable; }
protocol bgp other_end { ${options} local as ${as}; neighbor 10.0.0.${other} as ${65_000 + other};
  ipv4 { import all; export all; }; }
`;
const ours =
  'graceful restart on; hold time 90; keepalive time 30; connect delay time 2; connect retry time 15;';

const files = {
  'bird/bird.conf': `graceful restart wait 60;
protocol kernel { graceful restart on; ipv4 { import none; export all; }; }
${bird('192.0.2.1', ours, 65_001, 2, '172.22.188.0/26')}`,
  'bird/neighbor.conf': bird('192.0.2.2', '', 65_002, 1, '172.21.1.0/24'),
  'bird/envvars': 'BIRD_RUN_USER=bird\nBIRD_RUN_GROUP=bird\nBIRD_ARGS=\n',
  'agent/config.json': JSON.stringify({
    bootstrap: { apiUrl: 'https://198.51.100.1', nodeName: 'jp1', token: '0123456789abcdef' },
  }),
  'guest.service': `[Unit]
Requires=dbus.service
After=dbus.service
[Service]
Type=oneshot
TimeoutStartSec=50
ExecStart=/bin/sh /guest.sh
`,
};

/** The unit that restarts BIRD for the agent, with all that it may not do, but with the whole command. */
async function oneCommand(): Promise<string> {
  const shipped = await readFile(join(project, 'systemd/moenet-agent-bird@.service'), 'utf8');
  const section = /^\[Service\]\n([\s\S]*)/m.exec(shipped)?.[1] ?? '';
  const other = /^(Exec|Type|Standard)/;
  const kept = section.split('\n').filter((line) => !other.test(line));
  const command = `${process.execPath} /agent/dist/main.js bird restart --json`;
  const own = ['Type=oneshot', `ExecStart=${command}`];
  const outputs = ['StandardOutput=file:/result/answer', 'StandardError=file:/result/errors'];
  return ['[Service]', ...own, ...outputs, ...kept].join('\n');
}

/** Boots this machine's own systemd on its own programs, with everything else empty, and returns what the guest found. */
async function boot(): Promise<(name: string) => Promise<string>> {
  const base = await mkdtemp(join(tmpdir(), 'moenet-systemd-'));
  for (const name of ['bird', 'agent', 'result']) await mkdir(join(base, name));
  const all = { ...files, 'restart.service': await oneCommand() };
  for (const [name, text] of Object.entries(all)) await writeFile(join(base, name), text, { mode: 0o644 });
  const shown = {
    [join(base, 'bird')]: '/etc/bird',
    [join(base, 'agent')]: '/etc/moenet-agent',
    [join(base, 'guest.service')]: '/etc/systemd/system/guest.service',
    [join(base, 'restart.service')]: '/etc/systemd/system/restart.service',
    [join(project, 'test/e2e/systemd/guest.sh')]: '/guest.sh',
    [join(project, 'dist')]: '/agent/dist',
    [join(project, 'templates')]: '/agent/templates',
    [join(project, 'package.json')]: '/agent/package.json',
    '/etc/passwd': '/etc/passwd',
    '/etc/group': '/etc/group',
  };
  const binds = Object.entries(shown).map(([from, to]) => `--bind-ro=${from}:${to}`);
  const isolation = ['--directory=/', '--volatile=yes', '--private-network', '--register=no', '--keep-unit'];
  const name = `moenet-${process.pid}`;
  try {
    await run(
      'systemd-nspawn',
      [
        ...isolation,
        `--machine=${name}`,
        `--bind=${join(base, 'result')}:/result`,
        ...binds,
        '/lib/systemd/systemd',
        'systemd.unit=guest.service',
        'systemd.firstboot=no',
      ],
      { timeoutMs: 90_000, okExitCodes: [0, 1] },
    );
    const result = new Map<string, string>();
    for (const file of [
      'answer',
      'errors',
      'log',
      'before',
      'after',
      'command',
      'next-start',
      'left',
      'monitor',
      'lost',
    ])
      result.set(file, await readFile(join(base, 'result', file), 'utf8').catch(() => ''));
    return async (file) => (result.get(file) ?? '').trim();
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

it('bird restart, with no more rights than the unit for it has, restarts BIRD’s service without the loss of a route', async () => {
  const found = await boot();
  const answer = await found('answer');
  expect(answer, `${await found('log')}\n${await found('errors')}`).not.toBe('');
  expect(JSON.parse(answer)).toMatchObject({
    ok: true,
    errors: [],
    sessions: { before: 1, after: 1, lost: [] },
  });
  expect(await found('after')).not.toBe(await found('before'));
  expect((await found('command')).split('\n')).toContain('-R');
  // The next start, as at a boot, is an ordinary one, and nothing of ours is left in systemd's directory.
  expect(await found('next-start')).not.toContain('-R');
  expect(await found('left')).toBe('');
  expect(await found('monitor')).not.toContain('Deleted');
  expect(await found('lost')).toBe('');
}, 120_000);
