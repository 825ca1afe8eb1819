import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { publicKeyOf } from '../../adapters/wireguard/public-key.js';
import { selfCommand } from '../../platform/self.js';
import type { AnyLab } from '../any-lab.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import { type NodeHost, nodePaths } from '../hosts/node-host.js';
import type { PeerSecrets } from '../hosts/peer-tunnel.js';
import type { Lab } from '../running-lab.js';
import type { NodeSpec } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { type Check, checksOf } from './check.js';
import { isForeign } from './dialect-checks.js';

/** How an agent must behave: towards the control plane, the machine and its secrets. */
export function agentChecks(lab: Lab, node: NodeHost): Check[] {
  const { name } = node.spec;
  const check = checksOf(name, name);
  return [
    check('heartbeats are right', async () => heartbeatsAreRight(lab, node.spec, await ownKeyOf(node))),
    check('every request was accepted', async () => requestsAreGood(lab, name)),
    check('fewer than 300 requests a minute', async () => requestRate(lab, name)),
    check('a copy of the previous bird.conf is kept', () => originalIsKept(node)),
    check('only root can read private files', () => filesArePrivate(node)),
    check('no secret in the log', () => logIsClean(lab, node)),
    check('the status command says healthy', () => statusIsHealthy(node)),
  ];
}

async function ownKeyOf(node: NodeHost): Promise<string | undefined> {
  return publicKeyOf((await readFile(node.root + nodePaths.privateKey, 'utf8')).trim());
}

/** Says what is wrong with the heartbeats of a node; `own`: its public key. */
export function heartbeatsAreRight(lab: AnyLab, node: NodeSpec, own: string | undefined): string | undefined {
  const beats = postsOf(lab.controlPlane, 'heartbeat', node.name);
  const [before, last] = [beats.at(-2), beats.at(-1)];
  if (!before || !last) return `${beats.length} heartbeats`;
  if (last.body.uptime <= before.body.uptime) return `uptime ${before.body.uptime}, then ${last.body.uptime}`;
  return last.body.meshPublicKey === own
    ? undefined
    : `meshPublicKey ${last.body.meshPublicKey}, the node's is ${own}`;
}

/** Names a request of a node that was refused. */
export function requestsAreGood(lab: AnyLab, name: string): string | undefined {
  // What it asks in another dialect, to find out which is spoken, is looked at by itself.
  const bad = lab.controlPlane.requests.find(
    (request) => request.node === name && request.httpStatus >= 400 && !isForeign(request),
  );
  return bad && `${bad.method} ${bad.path}: ${bad.httpStatus} ${bad.reason ?? ''}`;
}

/** Says how many requests a node has sent in some minute where that is more than it may. */
function requestRate(lab: AnyLab, name: string): string | undefined {
  const times = lab.controlPlane.requests.filter(({ node }) => node === name).map(({ atMs }) => atMs);
  const most = Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length),
  );
  return most < 300 ? undefined : `${most} requests in one minute`;
}

async function originalIsKept(node: NodeHost): Promise<string | undefined> {
  const directory = node.root + nodePaths.birdDirectory;
  const kept = await readFile(join(directory, 'bird.conf.orig'), 'utf8');
  return kept.includes('written before the agent came')
    ? undefined
    : 'bird.conf.orig is not the previous file';
}

async function filesArePrivate(node: NodeHost): Promise<string | undefined> {
  const state = await readdir(node.root + nodePaths.state, { recursive: true });
  const files = [nodePaths.privateKey, ...state.map((file) => join(nodePaths.state, file))];
  for (const file of files) {
    const found = await stat(node.root + file);
    const mode = found.mode & 0o777;
    if (found.isFile() && (mode & 0o077) !== 0) return `${file} has mode ${mode.toString(8)}`;
  }
  return undefined;
}

async function logIsClean(lab: Lab, node: NodeHost): Promise<string | undefined> {
  const log = await readFile(node.root + nodePaths.log, 'utf8');
  const privateKey = await readFile(node.root + nodePaths.privateKey, 'utf8');
  const leak =
    secretIn(log, lab, node.spec) ?? (log.includes(privateKey.trim()) ? 'the private key' : undefined);
  return leak && `${leak} is in ${nodePaths.log}`;
}

/** Names the secret of the control plane or of a session that is in a node's log. */
export function secretIn(
  log: string,
  { controlPlane, peers }: Pick<AnyLab, 'controlPlane'> & { readonly peers: readonly Keyed[] },
  { name }: NodeSpec,
): string | undefined {
  const secrets = new Map([
    ['the token', controlPlane.tokens.get(name) ?? ''],
    ...peers.map(
      ({ spec, secrets: { presharedKey } }) =>
        [`the preshared key of AS${spec.asn}`, presharedKey ?? ''] as const,
    ),
  ]);
  return [...secrets].find(([, secret]) => secret !== '' && log.includes(secret))?.[0];
}

interface Keyed {
  readonly spec: PeerSpec;
  readonly secrets: PeerSecrets;
}

async function statusIsHealthy({ host }: NodeHost): Promise<string | undefined> {
  const [program = '', ...args] = selfCommand;
  const { exitCode, stdout, stderr } = await host.run(program, [...args, 'status', '-c', nodePaths.config], {
    okExitCodes: [0, 1, 3, 64, 78],
    // An emulated processor takes longer than the usual limit to start the program.
    timeoutMs: 60_000,
  });
  return exitCode === 0 ? undefined : `exit code ${exitCode}: ${(stderr || stdout).trim().slice(0, 500)}`;
}
