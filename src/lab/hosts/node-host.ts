import type { ChildProcess } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { shippedTemplates } from '../../core/render/shipped-templates.js';
import { selfCommand } from '../../platform/self.js';
import type { Namespace } from '../namespace.js';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { Scenario } from '../scenario/scenario.js';
import { askBird } from './bird-socket.js';
import { openHost } from './network.js';

/** One of our router nodes: a real BIRD that was there before, and the real agent. */
export interface NodeHost {
  readonly spec: NodeSpec;
  readonly host: Namespace;
  readonly agent: ChildProcess;
  /** The host's files as the lab sees them. */
  readonly root: string;
  askBird(command: string): Promise<string>;
}

// All on the host's own tmpfs: gone with the host.
const directory = '/run/lab';
export const nodePaths = {
  config: `${directory}/config.json`,
  log: `${directory}/agent.log`,
  birdDirectory: `${directory}/bird`,
  birdSocket: '/run/bird/bird.ctl',
  state: `${directory}/state`,
  templates: `${directory}/templates`,
  wireguardDirectory: `${directory}/wireguard`,
  privateKey: `${directory}/wireguard/private.key`,
  publicKey: `${directory}/wireguard/public.key`,
};

// What a distribution's package leaves behind, and an operator has not touched.
const foreignBirdConfig = `# written before the agent came
protocol device { }
`;

const sessionTemplate = 'bird/peer.conf.hbs';

/** Starts a node: host, BIRD with a configuration that is not ours, and the agent as a process of its own. */
export async function startNode(spec: NodeSpec, scenario: Scenario, token: string): Promise<NodeHost> {
  const host = await openHost(spec.name, spec.address);
  const root = `/proc/${host.pid}/root`;
  await mkdir(root + nodePaths.birdDirectory, { recursive: true });
  await writeHostNames(host, root, scenario);
  await forwardPackets(host);
  // The interface of the default route has the node's public address.
  await host.run('ip', ['route', 'add', 'default', 'via', scenario.gateway]);
  const birdConfig = `${nodePaths.birdDirectory}/bird.conf`;
  await writeFile(root + birdConfig, `router id ${spec.address};\n${foreignBirdConfig}`);
  host.spawn('bird', ['-f', '-c', birdConfig, '-s', nodePaths.birdSocket], { stdio: 'ignore' });
  const hasTemplate = scenario.misfit.node.id === spec.id;
  if (hasTemplate) await writeOperatorTemplate(root);
  const config = JSON.stringify(agentConfig(spec, scenario, token, hasTemplate), undefined, 2);
  await writeFile(root + nodePaths.config, config, { mode: 0o600 });
  const agent = await startAgent(host, root);
  return { spec, host, agent, root, askBird: (command) => askBird(root + nodePaths.birdSocket, command) };
}

/** The end of the agent's log, for whoever asks what went wrong. */
export async function logTail(node: NodeHost, lines: number): Promise<string> {
  const log = await readFile(node.root + nodePaths.log, 'utf8').catch(() => '');
  return log.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The agent's configuration file, with short intervals so that one can watch. */
function agentConfig(spec: NodeSpec, scenario: Scenario, token: string, hasTemplate: boolean) {
  const { address, port } = scenario.controlPlane;
  return {
    bootstrap: { apiUrl: `http://${address}:${port}`, nodeName: spec.name, token },
    server: { listen: '127.0.0.1:24368' },
    stateDir: nodePaths.state,
    ...(hasTemplate ? { templatesDir: nodePaths.templates } : {}),
    bird: {
      configDir: nodePaths.birdDirectory,
      ...(findsBird(spec) ? {} : { controlSocket: nodePaths.birdSocket }),
    },
    wireguard: { privateKeyPath: nodePaths.privateKey, publicKeyPath: nodePaths.publicKey },
    intervals: { sessions: 2, report: 2, heartbeat: 4, mesh: 4, birdConfig: 3 },
  };
}

/** True for the node whose file does not name BIRD's control socket: its agent has the control plane's word, or finds it. */
export function findsBird({ id }: NodeSpec): boolean {
  return id === 1;
}

/** An operator's template for sessions: the shipped one, and a BIRD constant of his own with the interface's name in it. */
async function writeOperatorTemplate(root: string): Promise<void> {
  const shipped = shippedTemplates[sessionTemplate];
  await mkdir(`${root}${nodePaths.templates}/bird`, { recursive: true });
  const own = `${shipped}\n# The operator's own: which ASN is behind an interface.\ndefine OPERATOR_{{interface}} = {{asn}};\n`;
  await writeFile(`${root}${nodePaths.templates}/${sessionTemplate}`, own);
}

async function startAgent(host: Namespace, root: string): Promise<ChildProcess> {
  const log = await open(root + nodePaths.log, 'a');
  const [program = '', ...args] = selfCommand;
  const agent = host.spawn(program, [...args, 'run', '-c', nodePaths.config], {
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' },
  });
  await log.close();
  return agent;
}

/** A router forwards: its operator has switched that on. */
async function forwardPackets(host: Namespace): Promise<void> {
  for (const setting of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding']) {
    await host.run('tee', [`/proc/sys/net/${setting}`], { input: '1' });
  }
}

/** The names of "the internet", in a hosts file over the machine's own, in this host's view only. */
async function writeHostNames(host: Namespace, root: string, scenario: Scenario): Promise<void> {
  const { peers, newcomer, misfit, companion } = scenario;
  const names = [...peers, newcomer, misfit, companion].flatMap(({ hostName, address }) =>
    hostName === undefined ? [] : [`${address} ${hostName}`],
  );
  await writeFile(`${root}${directory}/hosts`, `127.0.0.1 localhost\n${names.join('\n')}\n`);
  await host.run('mount', ['--bind', `${directory}/hosts`, '/etc/hosts']);
}
