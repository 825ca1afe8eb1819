import type { AgentConfig } from '../config/agent-config.js';
import { controlSocketPath } from '../http/client.js';
import { claimNode } from '../http/control-socket.js';
import { systemClock } from '../platform/clock.js';
import type { Agent } from '../shell/agent.js';
import { type AnswerOf, type OperationName, operationOf, type RequestOf } from '../shell/daemon-api.js';
import { selectEvents } from '../shell/events/select-events.js';
import { maintenanceStatus, storeMaintenance } from '../shell/operations/maintenance.js';
import { describeBirdRestart, restartBird } from '../shell/operations/restart-bird.js';
import { bootstrap } from '../shell/talk/bootstrap.js';
import type { Node } from './open-node.js';
import { type PassOptions, withNode } from './with-node.js';

/** What works without a daemon: there is no status of what does not run, and only the daemon remembers. */
export type AloneName = Exclude<OperationName, 'status' | 'explain' | 'explainRoute' | 'plan' | 'history'>;

type Way<N extends AloneName> = (
  node: Node,
  request: RequestOf<N>,
  signal: AbortSignal,
) => Promise<AnswerOf<N>>;

/**
 * Does in this process what the daemon would do. A change keeps other agents out; throws where one works on the node.
 */
export async function alone<N extends AloneName>(
  config: AgentConfig,
  name: N,
  request: RequestOf<N>,
  options: PassOptions,
): Promise<AnswerOf<N>> {
  const { method, run } = operationOf(name);
  const way = (ways[name] as Way<N> | undefined) ?? runOnNewAgent;
  const claim = method === 'GET' ? undefined : await claimNode(controlSocketPath(config.runtimeDir));
  try {
    return await withNode(config, options, (node, signal) => way(node, request, signal));
  } finally {
    await claim?.release();
  }

  async function runOnNewAgent(node: Node, wanted: RequestOf<N>, signal: AbortSignal): Promise<AnswerOf<N>> {
    return run(await openAgent(node, signal), wanted, signal);
  }
}

/** The operations for which a new agent must first learn or do more. */
const ways: { readonly [N in AloneName]?: Way<N> } = {
  /** From the state directory. Asks nobody. */
  maintenance: async (node, _, signal) => {
    const known = await node.controlPlane.recall();
    const context = { host: node.openHost(known.config), memory: await node.openMemory() };
    return maintenanceStatus(context, known.sessions, signal);
  },
  /** Stores it first, so that it holds even where no pass can be made. */
  setMaintenance: async (node, { on }, signal) => {
    const memory = await node.openMemory();
    await storeMaintenance(on, memory, systemClock);
    if (memory.problem !== undefined) throw new Error(memory.problem);
    const { agent } = await openInformedAgent(node, signal);
    return agent.setMaintenance(on, signal);
  },
  /** Where traffic is led away first, waits until that is over. */
  switchSession: async (node, request, signal) => {
    const { agent } = await openInformedAgent(node, signal);
    await agent.pass();
    const begun = await agent.switchSession(request);
    if (begun.drainedAtSeconds === undefined) return begun;
    await systemClock.sleep(begun.drainedAtSeconds * 1000 - systemClock.now(), signal);
    return agent.switchSession(request);
  },
  /** Needs only BIRD. */
  restartBird: async (node, _, signal) => {
    const known = await node.controlPlane.recall();
    const result = await restartBird(node.openHost(known.config), signal);
    const { level, text } = describeBirdRestart(result);
    node.log[level](text, { kind: 'restart', isQuiet: true });
    await node.close(true);
    return result;
  },
  /** From the state directory. Asks nobody. */
  events: async (node, request) => selectEvents(await node.events.read(), request),
  /** By the control plane's present lists. Throws where the agent cannot get them. */
  adoption: async (node, _, signal) => {
    const { agent, errors } = await openInformedAgent(node, signal);
    if (errors.length > 0) throw new Error(errors.join('; '));
    return agent.adoption();
  },
};

async function openAgent(node: Node, signal: AbortSignal): Promise<Agent> {
  return node.openAgent(await bootstrap(node.controlPlane, signal));
}

/** An agent that has fetched the control plane's lists. */
async function openInformedAgent(node: Node, signal: AbortSignal) {
  const agent = await openAgent(node, signal);
  return { agent, errors: await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal) };
}
