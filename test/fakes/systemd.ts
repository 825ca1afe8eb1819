import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, vi } from 'vitest';
import { patiently } from '../patiently.js';

// A datagram socket, which Node does not have and Debian's perl-base does. Prints the messages.
const receiver = `
  use Socket;
  $| = 1;
  socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die $!;
  bind($socket, sockaddr_un($ARGV[0])) or die $!;
  print "listening\\n";
  while (defined recv($socket, my $message, 4096, 0)) { chomp $message; print "$message\\n"; }
`;

/** Stands for systemd: what it was told on the socket at `path`, in lines. */
export async function openFakeSystemd(path: string) {
  const systemd = spawn('perl', ['-e', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: systemd.stdout }).on('line', (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toEqual(['listening']), patiently);
  return {
    /** BARRIER=1 is systemd-notify's own: it waits until systemd has read what came before. */
    told: () => lines.slice(1).filter((line) => line !== 'BARRIER=1'),
    close: async () => {
      systemd.kill('SIGKILL');
      await once(systemd, 'exit');
    },
  };
}
