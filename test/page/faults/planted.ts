import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePeerSecrets } from '../../../src/lab/hosts/keys.js';
import { type AgentNode, birdc } from '../../e2e/agent-node.js';
import { asnOf, type Neighbors } from './neighbors.js';

type Row = Readonly<Record<string, unknown>>;

/** A fault that an operator meets, and what the page has to say of it. */
export interface Fault {
  readonly name: string;
  /** The session that it concerns; undefined where it is the node's own. */
  readonly place: number | undefined;
  /** What the control plane lists instead of the session's own row, while the fault is there. */
  readonly row?: (row: Row) => Row;
  plant?(): Promise<unknown>;
  mend?(): Promise<unknown>;
  /** The overview names the cause. */
  readonly overview: string;
  /** The page of the session names what to do. */
  readonly remedy: string;
  /** Of a fault of the node, what the page of any session says. */
  readonly inSession?: string;
}

const otherKey = makePeerSecrets(false).publicKey;

/** Faults of single sessions: they are there together, each on a session of its own. */
export function sessionFaults(node: AgentNode, neighbors: Neighbors): readonly Fault[] {
  const { namespace } = node;
  let thief: ReturnType<typeof namespace.spawn> | undefined;
  return [
    {
      name: 'the row has another public key than the peer',
      place: 1,
      row: (row) => ({ ...row, credential: { publicKey: otherKey } }),
      overview:
        '198.51.100.2:51801 answers no WireGuard handshake: it is down, a firewall is in the way, or a key is wrong at one end: BGP is ',
      remedy: `that its public key is ${otherKey} as in the session's row, and that its peer with the public key `,
    },
    {
      name: 'the name of the endpoint has a spelling mistake',
      place: 2,
      row: (row) => ({ ...row, endpoint: 'peer.exmaple.net:51802' }),
      overview: `DNS: peer.exmaple.net does not resolve; existing tunnels keep their endpoint, and the agent asks again at each pass. To mend it, correct the endpoint of AS${asnOf(2)}, or the DNS record`,
      remedy:
        "the name peer.exmaple.net of the session's endpoint does not resolve: correct the endpoint in the session's row, or the DNS record of peer.exmaple.net; the agent asks again at each pass, and until then the tunnel keeps the address that it has",
    },
    {
      name: 'the neighbor calls itself by another AS number',
      place: 3,
      plant: () => neighbors.configure(3, { asn: 4_242_423_914 }),
      mend: () => neighbors.configure(3),
      overview: `the neighbor calls itself by another AS number than AS${asnOf(3)}: BGP is `,
      remedy: `set AS${asnOf(3)} as its own AS number of the session there, or correct the AS number in the session's row`,
    },
    {
      name: 'only the neighbor has a BGP password',
      place: 4,
      plant: () => neighbors.configure(4, { password: 'swordfish' }),
      mend: () => neighbors.configure(4),
      overview:
        'nobody answers BGP: TCP port 179 is closed there, or only the neighbor has a password: BGP is ',
      remedy:
        'take the password (TCP-MD5) out there or enter it for the session, and check that the session with fe80::998:101:1:1 as 4242420998 is enabled',
    },
    {
      name: 'the neighbor announces more routes than the limit',
      place: 5,
      plant: () => neighbors.configure(5, { networks: 20 }),
      mend: async () => {
        await neighbors.configure(5);
        // Its operator; the agent itself would wait for two minutes, whether it stays so.
        await neighbors.restart(5);
      },
      overview: `BIRD blocked routes of the neighbor in the session dn42_${asnOf(5)}: they are more than the receive limit of 10 IPv4 routes`,
      remedy:
        "To mend it, ask the neighbor why it announces so many, or raise the limit: importLimit in the session's row, or the network's policy",
    },
    {
      name: "another program has the tunnel's UDP port",
      place: 6,
      plant: async () => {
        const code = "require('node:dgram').createSocket('udp4').bind(21086, () => console.log('bound'))";
        thief = namespace.spawn('node', ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(thief.stdout ?? thief, 'data');
      },
      mend: async () => {
        thief?.kill('SIGKILL');
      },
      overview: 'port: 21086 is already used by node (pid ',
      remedy:
        'the agent tries the row again at every pass; correct it at the control plane, or end what is in its way on this node',
    },
    {
      name: "somebody's own interface has the tunnel's name",
      place: 7,
      plant: () => namespace.run('ip', ['link', 'add', 'dn42_7', 'type', 'bridge']),
      mend: () => namespace.run('ip', ['link', 'del', 'dev', 'dn42_7']),
      overview:
        'interface: dn42_7 exists and was not made by the agent; choose another name, remove it, or adopt it (moenet-agent adopt)',
      remedy:
        'the agent tries the row again at every pass; correct it at the control plane, or end what is in its way on this node',
    },
  ];
}

/** Faults of the node itself: one after another. */
export function nodeFaults(node: AgentNode): readonly Fault[] {
  const token = join(node.directory, 'token');
  const forward = (value: 0 | 1) => node.namespace.run('sysctl', ['-qw', `net.ipv4.ip_forward=${value}`]);
  return [
    {
      name: 'BIRD has crashed',
      place: undefined,
      plant: node.stopBird,
      mend: node.startBird,
      overview:
        'BIRD does not answer on /run/bird/bird.ctl: connection refused (bird ended and left its socket behind)',
      remedy: "The agent keeps BIRD's files ready; start BIRD (systemctl start bird) to load them.",
      inSession: 'start BIRD (systemctl start bird); the agent loads its files as soon as BIRD answers',
    },
    {
      name: 'the control plane has another token for the node',
      place: undefined,
      plant: async () => {
        await writeFile(token, 'another-token');
        await node.resync();
      },
      mend: async () => {
        await rm(token);
        await node.resync();
      },
      overview:
        "control plane: GET sessions, GET bird-config, GET mesh, POST heartbeat, POST mesh/status, POST report: 401, the control plane refuses this node's token",
      remedy:
        'Put the token that the control plane has for jp1 into the configuration (bootstrap.token or bootstrap.tokenFile), then run: systemctl reload moenet-agent',
    },
    {
      name: 'somebody has switched forwarding off',
      place: undefined,
      plant: () => forward(0),
      mend: () => forward(1),
      overview: 'IPv4 forwarding is off: the kernel drops every IPv4 packet from one neighbor to another.',
      remedy: 'Run: sysctl -w net.ipv4.ip_forward=1, and put the same setting into a file in /etc/sysctl.d/',
    },
  ];
}

/** True where BIRD of the node has all sessions up. */
export async function allUp({ namespace }: AgentNode, count: number): Promise<boolean> {
  const { stdout } = await birdc(namespace, 'show protocols');
  return stdout.split('\n').filter((line) => /BGP .*Established/.test(line)).length === count;
}
