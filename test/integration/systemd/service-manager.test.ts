import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { connectServiceManager } from '../../../src/platform/service-manager.js';
import { patiently } from '../../patiently.js';

// Stands for systemd: a datagram socket, which Node does not have and Debian's perl-base does. Prints the messages.
const receiver = `
  use Socket;
  $| = 1;
  socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die $!;
  bind($socket, sockaddr_un($ARGV[0])) or die $!;
  print "listening\\n";
  while (defined recv($socket, my $message, 4096, 0)) { chomp $message; print "$message\\n"; }
`;

let directory = '';
let systemd: ChildProcess;
let received: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-notify-'));
  systemd = spawn('perl', ['-e', receiver, join(directory, 'notify')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!systemd.stdout) throw new Error('perl has no output');
  received = [];
  createInterface({ input: systemd.stdout }).on('line', (line) => received.push(line));
  await vi.waitFor(() => expect(received).toEqual(['listening']), patiently);
});

afterEach(async () => {
  systemd.kill('SIGKILL');
  await once(systemd, 'exit');
  await rm(directory, { recursive: true });
});

it('speaks to systemd through the real systemd-notify', async () => {
  const env = { NOTIFY_SOCKET: join(directory, 'notify') };
  const errors: unknown[] = [];
  const manager = connectServiceManager(env, run, (error) => errors.push(error));
  await manager.ready();
  await manager.status('2 sessions, all established');
  await manager.reloading();
  await manager.stopping();
  expect(errors).toEqual([]);
  await vi.waitFor(
    () =>
      // BARRIER=1 is systemd-notify's own: it waits until systemd has read what came before.
      expect(
        received.filter((line) => line !== 'BARRIER=1').map((line) => line.replace(/=\d{5,}/, '=N')),
      ).toEqual([
        'listening',
        'READY=1',
        'STATUS=2 sessions, all established',
        'RELOADING=1',
        'MONOTONIC_USEC=N',
        'STOPPING=1',
      ]),
    patiently,
  );
});
