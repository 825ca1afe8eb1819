import { readFile } from 'node:fs/promises';
import { type AnyLab, startedIn } from '../any-lab.js';
import { postsOf, type RequestRecord } from '../control-plane/control-plane-state.js';
import type { Dialect } from '../control-plane/dialect.js';
import { wires } from '../control-plane/wires.js';
import { type NodeHost, nodePaths } from '../hosts/node-host.js';
import type { Lab } from '../running-lab.js';
import type { NodeSpec } from '../scenario/node-spec.js';
import { type Check, checksOf } from './check.js';

/** A request that was sent before the answer came. */
const underWayMs = 1000;

/** How an agent must get on with a control plane of whose dialect nobody has told it. */
export function dialectChecks(lab: Lab, node: NodeHost): Check[] {
  return spokenChecks(lab, node.spec, () => readFile(node.root + nodePaths.log, 'utf8'));
}

/** The same of any node; `log`: reads its agent's. */
export function spokenChecks(lab: AnyLab, { name }: NodeSpec, log: () => Promise<string>): Check[] {
  const check = checksOf(name, name);
  return [
    check('detected the dialect by itself', async () => isFoundOut(lab, name, await log())),
    check('every post was accepted', async () => postsAreUnderstood(lab, name)),
    check('posts what only moenet-core asks for', async () => moenetCoreHasAll(lab, name)),
  ];
}

function isFoundOut(lab: AnyLab, name: string, log: string): string | undefined {
  const requests = lab.controlPlane.requests.filter((request) => request.node === name);
  const dialects = [...new Set(requests.map(({ dialect }) => dialect))];
  const silent = dialects.find((dialect) => log.split(`speaks the ${dialect} dialect`).length !== 2);
  if (silent !== undefined)
    return `its log does not say exactly once that the control plane speaks ${silent}`;
  return firstContact(requests) ?? lastWord(requests);
}

/** The other dialect may be asked once for the configuration, and for nothing else. */
function firstContact(requests: readonly RequestRecord[]): string | undefined {
  const first = requests.findIndex(({ httpStatus }) => httpStatus < 400);
  const wrong = requests.slice(0, first).find((request) => !isQuestion(request));
  if (wrong) return `${wrong.method} ${wrong.path} before it knew`;
  return first <= 1 ? undefined : `${first} requests before one was good`;
}

function isQuestion(request: RequestRecord): boolean {
  return isForeign(request) && request.path.endsWith('/config');
}

/** Once an answer was good, nothing is posted in another dialect. What was being read may be tried once more in it. */
function lastWord(requests: readonly RequestRecord[]): string | undefined {
  const spoken = requests.at(-1)?.dialect;
  const present = requests.filter(({ dialect }) => dialect === spoken);
  const good = present.find((request) => request.httpStatus < 400 && !isForeign(request));
  const late = present.find(
    (request) =>
      request.method === 'POST' && isForeign(request) && request.atMs > (good?.atMs ?? 0) + underWayMs,
  );
  return late && `${late.method} ${late.path} still, where ${late.dialect} is spoken`;
}

/** True for a request in another dialect than was spoken. */
export function isForeign({ path, dialect }: RequestRecord): boolean {
  return !path.startsWith(`${wires[dialect].base}/`);
}

function postsAreUnderstood(lab: AnyLab, name: string): string | undefined {
  const bad = lab.controlPlane.requests.find(
    (request) =>
      request.node === name &&
      request.method === 'POST' &&
      !isForeign(request) &&
      request.reason !== undefined,
  );
  return bad && `${bad.path}: ${bad.httpStatus} ${bad.reason}`;
}

/** True where a round-trip time was posted under a loopback of another node, or there is none. */
function knowsOtherNodes({ controlPlane, scenario }: AnyLab, name: string): boolean {
  const others = scenario.nodes.filter((node) => node.name !== name);
  const loopbacks = new Set(others.flatMap((node) => [node.loopbackIpv4, node.loopbackIpv6]));
  const isToOther = (target: string) => loopbacks.has(target);
  return (
    others.length === 0 || postsOf(controlPlane, 'rtt', name).some(({ body }) => body.targets.some(isToOther))
  );
}

/** The node's data and round-trip times, and BIRD's protocols by the names that BIRD has for them. */
function moenetCoreHasAll(lab: AnyLab, name: string): string | undefined {
  const dialect: Dialect = 'moenet-core';
  if (!lab.controlPlane.requests.some((request) => request.dialect === dialect)) return undefined;
  for (const call of ['alive', 'heartbeat', 'report', 'rtt', 'mesh/status'] as const) {
    const posts = postsOf(lab.controlPlane, call, name);
    if (!posts.some((post) => post.dialect === dialect)) return `no post "${call}"`;
  }
  // It is told every five minutes: in a dialect that comes later, not yet.
  if (startedIn(lab) === dialect && !knowsOtherNodes(lab, name)) return 'no round-trip time to another node';
  const wanted = lab.scenario.nodes.find((node) => node.name === name)?.address;
  const address = lab.controlPlane.publicAddresses.get(name);
  if (address !== wanted) return `it posts the public address ${address}, not ${wanted}`;
  const reports = postsOf(lab.controlPlane, 'report', name).filter((post) => post.dialect === dialect);
  const told = (reports.at(-1)?.body.sessions ?? []).flatMap(({ protocols }) => protocols);
  const known = (lab.view.nodes.get(name)?.bgp ?? []).map((protocol) => protocol.name);
  const wrong = told.find((protocol) => !known.includes(protocol));
  return wrong === undefined ? undefined : `reports name protocol ${wrong}, BIRD has ${known.join(', ')}`;
}
