import { birdConfigDocument } from '../../src/lab/control-plane/bird-config-document.js';
import { acceptPost, type emptyState, sessionsOf } from '../../src/lab/control-plane/control-plane-state.js';
import { moenetCore as wire } from '../../src/lab/control-plane/moenet-core.js';
import type { Post } from '../../src/lab/control-plane/posts.js';
import type { NodeSpec } from '../../src/lab/scenario/node-spec.js';
import type { Scenario } from '../../src/lab/scenario/scenario.js';
import type { VirtualTime } from './virtual-time.js';

/** What is wrong with the control plane, or with the way to it. */
export type Outage =
  | 'refuses connections'
  | 'does not answer'
  | 'fails (500)'
  | 'is overloaded (503)'
  | 'loses its answers';

/** One network of the control plane's: nodes that mesh with each other, and what is stored of their sessions. */
export interface Network {
  readonly scenario: Scenario;
  readonly state: ReturnType<typeof emptyState>;
  /** When somebody last switched a session off, or deleted it, by its uuid. */
  readonly endedAt: Map<string, number>;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The control plane of the fleet, with the limits of the real one. */
export interface Server {
  /** Undefined: all is well. */
  outage: Outage | undefined;
  /** Nodes whose next list of sessions is empty, as after a bug. */
  readonly emptyLists: Set<string>;
  /** Requests in each second since the start. */
  readonly perSecond: number[];
  /** What nobody may post: a body that the control plane does not take, by whom. */
  readonly refusals: string[];
  /** Takes a request of a node. Resolves to when the answer is ready. Rejects as a connection does. */
  ask(node: NodeSpec, network: Network, request: Request): Promise<Answer>;
}

/** Of each node; as counted by the real one. */
const requestsPerMinute = 300;

export function openServer(time: VirtualTime, requestsPerSecond: number): Server {
  const startMs = time.now();
  const recent = new Map<NodeSpec, number[]>();
  let freeAtMs = startMs;

  const server: Server = {
    outage: undefined,
    emptyLists: new Set(),
    perSecond: [],
    refusals: [],
    ask: async (node, network, request) => {
      const second = Math.floor((time.now() - startMs) / 1000);
      server.perSecond[second] = (server.perSecond[second] ?? 0) + 1;
      if (server.outage === 'refuses connections')
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      if (server.outage === 'does not answer') {
        await time.sleep(20_000);
        throw Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
      }
      // One request after the other.
      freeAtMs = Math.max(freeAtMs, time.now()) + 1000 / requestsPerSecond;
      await time.sleep(freeAtMs - time.now());
      if (server.outage === 'fails (500)') return no(500, 'Internal Server Error');
      if (server.outage === 'is overloaded (503)') return no(503, 'busy', { 'retry-after': '20' });
      if (isTooMuch(node)) return no(429, 'too many requests', { 'retry-after': '10' });
      const answer = respond(node, network, request);
      if (server.outage === 'loses its answers')
        throw Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
      return answer;
    },
  };

  function isTooMuch(node: NodeSpec): boolean {
    const times = (recent.get(node) ?? []).filter((atMs) => atMs > time.now() - 60_000);
    recent.set(node, times);
    if (times.length >= requestsPerMinute) return true;
    times.push(time.now());
    return false;
  }

  function respond(node: NodeSpec, network: Network, { method, path, body }: Request): Answer {
    const call = path.slice(wire.base.length + 1);
    if (!path.startsWith(`${wire.base}/`)) return no(404, 'no such call');
    const own = call.replace(`${node.name}/`, ':router/');
    if (method === 'GET') return list(node, network, own.slice(':router/'.length));
    const schema = wire.posts[own];
    if (!schema) return no(404, 'no such call');
    const read = schema.safeParse(JSON.parse(body ?? 'null'));
    if (!read.success) {
      const [issue] = read.error.issues;
      // What a clock says that is an hour off is refused by the real one, too.
      if (issue?.message !== 'is not now') server.refusals.push(`${node.name}: ${call}: ${issue?.message}`);
      return no(422, 'not valid');
    }
    const post: Post = { ...read.data, node: node.name, atMs: time.now(), dialect: wire.dialect };
    const acceptance = acceptPost(network.state, post, wire);
    // Hours of posts need not be kept.
    network.state.posts.length = 0;
    if (acceptance === 'no such session') return no(404, acceptance);
    const isModify = post.name === 'modify' || post.name === 'observed endpoint';
    const reason = acceptance === 'taken' ? undefined : acceptance;
    return yes(isModify ? wire.modified(reason) : { received: true });
  }

  function list(node: NodeSpec, { scenario, state }: Network, call: string): Answer {
    const { policyRevision } = state;
    if (call === 'config') return yes(wire.config(node));
    if (call === 'bird-config')
      return yes(wire.birdConfig(birdConfigDocument(scenario, node, policyRevision)));
    if (call === 'mesh') return yes(wire.mesh(scenario, node, state));
    if (call !== 'sessions') return no(404, 'no such call');
    return yes(wire.sessions(server.emptyLists.delete(node.name) ? [] : sessionsOf(state, node.name)));
  }

  return server;
}

function yes(document: object): Answer {
  return { status: 200, headers: {}, text: JSON.stringify(wire.success(document)) };
}

function no(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, text: JSON.stringify({ code: status, message: reason, data: null }) };
}
