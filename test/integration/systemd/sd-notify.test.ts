import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { connectServiceManager } from '../../../src/platform/sd-notify.js';

// Stands for systemd: a datagram socket, which Node does not have and Debian's perl-base does. Prints each message
// as one line of JSON-free text, its lines joined by "|".
const receiver = `
  use Socket;
  $| = 1;
  socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die $!;
  bind($socket, sockaddr_un($ARGV[0])) or die $!;
  print "listening\\n";
  while (defined recv($socket, my $message, 4096, 0)) { $message =~ s/\\n/|/g; print "$message\\n"; }
`;

let directory = '';
let systemd: ChildProcess;
let lines: Interface;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-notify-'));
  systemd = spawn('perl', ['-e', receiver, join(directory, 'notify')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!systemd.stdout) throw new Error('perl has no output');
  lines = createInterface({ input: systemd.stdout });
  expect(await nextLine()).toBe('listening');
});

afterEach(async () => {
  systemd.kill('SIGKILL');
  await once(systemd, 'exit');
  await rm(directory, { recursive: true });
});

async function nextLine(): Promise<string> {
  const [line] = await once(lines, 'line');
  return line;
}

it('reaches the socket through the real systemd-notify', async () => {
  const env = { NOTIFY_SOCKET: join(directory, 'notify') };
  const manager = connectServiceManager(env, run, (error) => {
    throw error;
  });
  const [message] = await Promise.all([nextLine(), manager.ready('2 sessions, all established')]);
  expect(message.split('|').filter(Boolean).sort()).toEqual([
    'READY=1',
    'STATUS=2 sessions, all established',
  ]);
});
