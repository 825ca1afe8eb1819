import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace } from '../namespace.js';
import { askFrr } from './frr-socket.js';

/** Where Debian's package has FRR's daemons. */
export const frrPrograms = '/usr/lib/frr';

/** FRR on a host: zebra, which speaks with the kernel, and bgpd. */
export interface Frr {
  /** bgpd's answers to commands of vtysh. */
  ask(...commands: readonly string[]): Promise<string[]>;
  /** Starts bgpd; it has read its configuration and answers when this returns. */
  startBgpd(): Promise<ChildProcess>;
  /** Ends all of its daemons. */
  stop(): void;
}

const directory = '/run/frr';
const zebraSocket = `${directory}/zserv.api`;

/**
 * Starts zebra in the namespace. Its users are there in this namespace's view only, and are root, so that this works in a user
 * namespace with nobody else, and where FRR is not installed but unpacked.
 * @param config bgpd's configuration, as an operator writes it
 * @param programs the directory of the daemons
 */
export async function startFrr(host: Namespace, config: string, programs = frrPrograms): Promise<Frr> {
  const root = `/proc/${host.pid}/root`;
  await mkdir(root + directory, { recursive: true });
  await addUsers(host, root);
  await writeFile(`${root}${directory}/bgpd.conf`, config);
  await writeFile(`${root}${directory}/zebra.conf`, '');
  const running: ChildProcess[] = [];
  const start = async (daemon: string, ...args: readonly string[]) => {
    const common = ['-u', 'frr', '-g', 'frr', '--vty_socket', directory, '-i', `${directory}/${daemon}.pid`];
    const child = host.spawn(`${programs}/${daemon}`, [...common, ...args], { stdio: 'ignore' });
    running.push(child);
    await untilAnswers(`${root}${directory}/${daemon}.vty`, daemon);
    return child;
  };
  // From 10 on, mgmtd is where other daemons send notices to; without it they log failures without end.
  if (existsSync(`${programs}/mgmtd`)) await start('mgmtd');
  await start('zebra', '-z', zebraSocket, '-f', `${directory}/zebra.conf`);
  return {
    ask: (...commands) => askFrr(`${root}${directory}/bgpd.vty`, commands),
    startBgpd: () => start('bgpd', '-z', zebraSocket, '-f', `${directory}/bgpd.conf`),
    stop: () => {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

/** The user and the groups that FRR's daemons are built to run as. */
async function addUsers(host: Namespace, root: string): Promise<void> {
  const entries = { passwd: ['frr:x:0:0::/run:/bin/false'], group: ['frr:x:0:', 'frrvty:x:0:'] };
  for (const [name, lines] of Object.entries(entries)) {
    const others = (await readFile(`/etc/${name}`, 'utf8')).split('\n').filter((line) => !/^frr/.test(line));
    const copy = `${directory}/${name}`;
    await writeFile(root + copy, [...lines, ...others].join('\n'));
    await host.run('mount', ['--bind', copy, `/etc/${name}`]);
  }
}

async function untilAnswers(socket: string, daemon: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 50) {
    const [answer] = await askFrr(socket, ['show version']).catch(() => []);
    if (answer?.includes('FRR')) return;
    await sleep(50);
  }
  throw new Error(`FRR's ${daemon} did not answer within 20 s`);
}
