import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askIfRunning } from '../../../src/http/client.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { writeFileAtomic } from '../../../src/platform/atomic-file.js';
import { run } from '../../../src/platform/exec.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { BirdTime } from '../../bird-times.js';
import { waitFor } from './wait-for.js';

const token = 'a-token-that-must-not-be-seen';

interface LogLine {
  readonly level: string;
  readonly msg: string;
}

/** A session as the control plane lists it. */
export type ListedSession = Readonly<Record<string, unknown>> & { readonly uuid: string };

/** A router node in a namespace whose parts can be broken while the daemon runs. */
export interface FaultyNode {
  readonly namespace: Namespace;
  readonly directory: string;
  readonly path: (file: string) => string;
  readonly daemon: ChildProcess;
  readonly bird: ChildProcess;
  /** What the daemon has logged since its start. */
  readonly log: readonly LogLine[];
  status(): Promise<NodeStatus>;
  /** Which fault the control plane has from now on; undefined: none. */
  setFault(name: string | undefined): Promise<void>;
  sessions(): Promise<readonly ListedSession[]>;
  setSessions(sessions: readonly ListedSession[]): Promise<void>;
  /** By how many milliseconds the clock of a daemon with shifted-clock.mjs is off. */
  setClockShift(ms: number): Promise<void>;
  /** Starts BIRD, also again; resolves when it answers. */
  startBird(): Promise<void>;
  /** Starts the daemon, also again; resolves when it answers. `build`: the directory of its program, below the node's. */
  startDaemon(build?: string): Promise<void>;
  /** Starts a program inside, which is ended with the node. */
  spawn(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  close(): Promise<void>;
}

/** A host for the control plane that is not the node's own. */
interface Elsewhere {
  readonly host: Namespace;
  readonly address: string;
}

/** What a node has otherwise than most. */
export interface NodeOptions {
  /** The operator's. */
  readonly birdConf?: string;
  /** Parts of the agent's configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** By which name the agent calls the control plane. */
  readonly controlPlaneName?: string;
  /** Gives the node's namespace a way to another host, and says where there the control plane is. */
  readonly elsewhere?: (node: Namespace) => Promise<Elsewhere>;
  /** What the daemon has in its environment, beside the rest; gets the node's directory. */
  readonly daemonEnv?: (directory: string) => Readonly<Record<string, string>>;
  /** False: the daemon is not started. */
  readonly daemon?: boolean;
}

/**
 * Opens a node: BIRD with an operator's configuration, something foreign on its network, the documented fixtures'
 * control plane over HTTPS, and the built agent, which asks for the sessions every `sessionsSeconds`, and for the rest every 3 s.
 */
export async function openFaultyNode(
  name: string,
  sessionsSeconds = 1,
  options: NodeOptions = {},
): Promise<FaultyNode> {
  const namespace = await openNamespace(name);
  // A router forwards: its operator has switched that on.
  await namespace.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  const directory = await mkdtemp(join(tmpdir(), 'moenet-faults-'));
  const path = (file: string) => join(directory, file);
  const children: ChildProcess[] = [];
  const log: LogLine[] = [];
  let daemon: ChildProcess | undefined;
  let bird: ChildProcess | undefined;

  // A program that reads it meanwhile must not find it empty: for a clock that would be another time.
  const tell = (file: string, text: string) => writeFileAtomic(path(file), text, { mode: 0o644 });

  const elsewhere = await options.elsewhere?.(namespace);
  const address = elsewhere?.address ?? '127.0.0.1';
  await layOut(directory, sessionsSeconds, address, options);
  await addForeignParts(namespace);

  function spawn(
    program: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
    where: Namespace = namespace,
  ) {
    const env = {
      ...process.env,
      // The machine may have a proxy, which does not lead into the namespace.
      no_proxy: '*',
      ...more,
      PATH: `${path('bin')}:${process.env['PATH']}`,
      NODE_EXTRA_CA_CERTS: path('trusted.crt'),
    };
    const child = where.spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  const serverArgs = [resolve('test/faults/harness/faulty-server.mjs'), directory, token, address];
  const server = spawn('node', serverArgs, {}, elsewhere?.host);
  await once(server.stdout ?? server, 'data');

  const node: FaultyNode = {
    namespace,
    directory,
    path,
    log,
    get daemon() {
      if (!daemon) throw new Error('the daemon was not started');
      return daemon;
    },
    get bird() {
      if (!bird) throw new Error('BIRD was not started');
      return bird;
    },
    status: async () => {
      const status = await askIfRunning(path('run'), 'status', {});
      if (!status) throw new Error('the daemon does not answer on its control socket');
      return status;
    },
    setFault: (fault = '') => tell('fault', fault),
    sessions: async () => JSON.parse(await readFile(path('sessions.json'), 'utf8')).sessions,
    setSessions: (sessions) => tell('sessions.json', JSON.stringify({ sessions })),
    setClockShift: (ms) => tell('clock-shift', String(ms)),
    startBird: async () => {
      bird = spawn('bird', ['-f', '-c', path('bird/bird.conf'), '-s', '/run/bird/bird.ctl']);
      bird.stderr?.resume();
      await waitFor('BIRD answers', async () => (await birdProtocols(namespace)) !== undefined);
    },
    startDaemon: async (build) => {
      const main = build === undefined ? resolve('dist/main.js') : path(`${build}/main.js`);
      const args = [main, '-c', path('agent.json'), 'run'];
      daemon = spawn('node', args, options.daemonEnv?.(directory));
      collectLines(daemon, log);
      await waitFor(
        'the daemon answers',
        async () => (await askIfRunning(path('run'), 'status', {})) !== undefined,
      );
    },
    spawn,
    close: async () => {
      await Promise.all(children.map(end));
      await removeTunnels(namespace);
      await elsewhere?.host.close();
      await namespace.close();
      await rm(directory, { recursive: true });
    },
  };
  try {
    await node.startBird();
    if (options.daemon ?? true) await node.startDaemon();
  } catch (error) {
    await node.close();
    throw error;
  }
  return node;
}

/** A row of BIRD's list of protocols. */
export interface BirdRow {
  readonly name: string;
  readonly proto: string;
  readonly table: string;
  readonly state: string;
  /** Undefined for BGP that is down: every attempt to connect is a new time. */
  readonly since: BirdTime | undefined;
}

/** Every protocol of BIRD; undefined where it does not answer. */
export async function birdProtocols(namespace: Namespace): Promise<readonly BirdRow[] | undefined> {
  const args = ['-s', '/run/bird/bird.ctl', 'show', 'protocols'];
  const options = { okExitCodes: [0, 1], timeoutMs: 2_000 };
  const { stdout } = await namespace.run('birdc', args, options).catch(() => ({ stdout: '' }));
  const lines = stdout.split('\n').filter(Boolean);
  const head = lines.findIndex((line) => /^name +proto /i.test(line));
  return head === -1 ? undefined : lines.slice(head + 1).map(birdRow);
}

function birdRow(line: string): BirdRow {
  const [name = '', proto = '', table = '', state = '', ...rest] = line.split(/\s+/);
  const isTrying = proto === 'BGP' && state !== 'up';
  return { name, proto, table, state, since: isTrying ? undefined : new BirdTime(rest.join(' ')) };
}

async function layOut(
  directory: string,
  sessionsSeconds: number,
  address: string,
  options: NodeOptions,
): Promise<void> {
  const path = (file: string) => join(directory, file);
  await cp('test/fixtures/control-plane/documented', directory, { recursive: true });
  await mkdir(path('bird'));
  await mkdir(path('bin'));
  const { birdConf = 'router id 192.0.2.1;\nprotocol device {}\n' } = options;
  await writeFile(path('bird/bird.conf'), birdConf);
  await writeFile(path('bird/operators-own.conf'), '# of the operator\n');
  await writeFile(
    path('agent.json'),
    JSON.stringify(configOf(directory, sessionsSeconds, address, options)),
    {
      mode: 0o600,
    },
  );
  for (const name of ['trusted', 'wrong']) await makeCertificate(path(name), address);
}

function configOf(
  directory: string,
  sessions: number,
  address: string,
  { config, controlPlaneName = address }: NodeOptions,
) {
  return {
    bootstrap: { apiUrl: `https://${controlPlaneName}:18443`, nodeName: 'jp1', token },
    stateDir: join(directory, 'state'),
    runtimeDir: join(directory, 'run'),
    bird: { configDir: join(directory, 'bird') },
    wireguard: {
      privateKeyPath: join(directory, 'keys/private.key'),
      publicKeyPath: join(directory, 'keys/public.key'),
    },
    // Below the 300 requests a minute that the agent never exceeds, also when they are tried again.
    intervals: { sessions, report: 3600, mesh: 3, birdConfig: 3, heartbeat: 3 },
    // No other node is there: what the node does about that after half a minute would come in the middle of a fault.
    policy: { whenAlone: 'announce' },
    ...config,
  };
}

async function makeCertificate(path: string, address: string): Promise<void> {
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${path}.key`,
  ];
  const name = [
    '-subj',
    '/CN=control plane',
    '-addext',
    `subjectAltName=IP:${address},DNS:control.example.net`,
    '-days',
    '2',
  ];
  await run('openssl', ['req', '-x509', ...key, ...name, '-out', `${path}.crt`]);
}

async function addForeignParts({ run: inside }: Namespace): Promise<void> {
  await inside('ip', ['tuntap', 'add', 'dev', 'foreign0', 'mode', 'tun']);
  await inside('ip', ['addr', 'add', '192.0.2.77/32', 'dev', 'foreign0']);
  await inside('ip', ['link', 'set', 'foreign0', 'up']);
}

function collectLines({ stderr }: ChildProcess, log: LogLine[]): void {
  let rest = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.push(parseLine(line));
  });
}

/** What is not of the log, such as the stack of a crash, is an error by itself. */
function parseLine(line: string): LogLine {
  return line.startsWith('{') ? JSON.parse(line) : { level: 'error', msg: line };
}

/** Tunnels keep their wireguard-go processes, and those the namespace. */
async function removeTunnels({ run: inside }: Namespace): Promise<void> {
  const { stdout } = await inside('wg', ['show', 'interfaces']);
  for (const link of stdout.split(/\s+/).filter(Boolean)) await inside('ip', ['link', 'del', 'dev', link]);
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
