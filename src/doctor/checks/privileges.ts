import { readFile } from 'node:fs/promises';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';

/** capabilities(7): the bit of each that the agent needs. */
const needed = { CAP_NET_ADMIN: 12n, CAP_NET_RAW: 13n } as const;

/** What /proc/PID/status says. */
export interface Privileges {
  readonly uid: number;
  readonly effective: bigint;
}

export function parsePrivileges(text: string): Privileges | undefined {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
  const effective = /^CapEff:\s+([0-9a-f]+)/m.exec(text)?.[1];
  return uid === undefined || effective === undefined
    ? undefined
    : { uid: Number(uid), effective: BigInt(`0x${effective}`) };
}

/** `daemon`: that of the running one; undefined where none runs. */
export function judgePrivileges(own: Privileges | undefined, daemon: Privileges | undefined): Finding[] {
  const ofDaemon = daemon && lacking(daemon);
  const ofOwn = own ? lacking(own) : Object.keys(needed);
  return [
    ...(ofDaemon === undefined
      ? []
      : ofDaemon.length === 0
        ? [ok(`the daemon runs as user ${daemon?.uid} with the capabilities that it needs`)]
        : [
            fault(
              `the daemon runs as user ${daemon?.uid} without ${ofDaemon.join(' and ')}: it cannot configure the network`,
              'systemctl edit moenet-agent   # AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW',
            ),
          ]),
    ofOwn.length === 0
      ? ok(`this command runs as user ${own?.uid} and may look at all`)
      : warning(
          `this command runs without ${ofOwn.join(' and ')}: it cannot see all that it checks`,
          'sudo moenet-agent doctor',
        ),
  ];
}

function lacking({ effective }: Privileges): string[] {
  return Object.entries(needed).flatMap(([name, bit]) => ((effective >> bit) & 1n ? [] : [name]));
}

export const privilegeCheck: Check = {
  name: 'privileges',
  limitMs: 5_000,
  look: async ({ daemonPid }) => {
    const read = (pid: number | 'self') =>
      readFile(`/proc/${pid}/status`, 'utf8').then(parsePrivileges, () => undefined);
    return judgePrivileges(await read('self'), daemonPid === undefined ? undefined : await read(daemonPid));
  },
};
