import { z } from 'zod';
import type { Desired } from '../../core/desired/desired.js';
import type { BirdFile } from '../../core/model/artifacts.js';
import type { SessionEntry } from '../../core/model/session.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { MemoryStore } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import type { Clock, Host } from '../ports/host.js';
import { resyncResult } from '../status/status.js';
import type { OrderContext } from './context.js';
import { measureTraffic, type Traffic, trafficAnswer } from './traffic.js';

const state = {
  on: z.boolean(),
  sinceSeconds: z.number().optional().describe('Unix time in seconds; absent while it is off'),
};

/** Whether traffic is led away from this node (RFC 8326), and how much is left. */
export const maintenanceStatusAnswer = z.object({ ...state, traffic: trafficAnswer });

/** What `maintenance on` or `off` did. */
export const maintenanceAnswer = resyncResult.extend({
  ...state,
  traffic: trafficAnswer.optional().describe('absent after `off`'),
});

export const maintenanceRequest = z.object({
  on: z.boolean(),
  withTraffic: z
    .boolean()
    .default(true)
    .describe('measures the traffic that is left once it is on, which takes some seconds'),
});

export type MaintenanceStatus = z.output<typeof maintenanceStatusAnswer>;
export type MaintenanceResult = z.output<typeof maintenanceAnswer>;
export type MaintenanceRequest = z.output<typeof maintenanceRequest>;

/** Stores that maintenance is on or off. `on` while it is on keeps the first time. */
export async function storeMaintenance(on: boolean, memory: MemoryStore, clock: Clock): Promise<void> {
  const since = memory.current.maintenanceSinceSeconds ?? Math.floor(clock.now() / 1000);
  await memory.update({ maintenanceSinceSeconds: on ? since : undefined });
}

/** Stores that maintenance is on or off, makes a pass, and where it is on measures the traffic that is left. */
export async function setMaintenance(
  context: OrderContext,
  { on, withTraffic }: MaintenanceRequest,
  signal: AbortSignal,
): Promise<MaintenanceResult> {
  const { state, memory, host, log } = context;
  const wasOn = memory.current.maintenanceSinceSeconds !== undefined;
  await storeMaintenance(on, memory, host.clock);
  if (on !== wasOn) log.info(describeMaintenance(on), { kind: 'maintenance' });
  const { changes } = await context.pass();
  const errors = maintenanceErrors(state, memory);
  const sinceSeconds = memory.current.maintenanceSinceSeconds;
  const traffic = on && withTraffic ? await trafficLeft(context, errors, signal) : undefined;
  return { ok: errors.length === 0, on, sinceSeconds, changes, errors, traffic };
}

/** Undefined, with the reason among `errors`, where it cannot be measured. */
async function trafficLeft(
  { host, state }: Pick<OrderContext, 'host' | 'state'>,
  errors: string[],
  signal: AbortSignal,
): Promise<Traffic | undefined> {
  try {
    return await measureTraffic(host, state.snapshot.sessions ?? [], signal);
  } catch (error) {
    errors.push(`the agent cannot measure the traffic: ${wordsOf(error)}`);
    return undefined;
  }
}

function describeMaintenance(on: boolean): string {
  return on
    ? 'an operator switched maintenance on: the agent leads all traffic around this node'
    : 'an operator switched maintenance off: the agent leads traffic back to this node';
}

/** Says since when maintenance is on, and measures the traffic, which takes some seconds. */
export async function maintenanceStatus(
  { host, memory }: { readonly host: Host; readonly memory: MemoryStore },
  sessions: readonly SessionEntry[] | undefined,
  signal: AbortSignal,
): Promise<MaintenanceStatus> {
  const traffic = await measureTraffic(host, sessions ?? [], signal);
  const sinceSeconds = memory.current.maintenanceSinceSeconds;
  return { on: sinceSeconds !== undefined, sinceSeconds, traffic };
}

/**
 * Why BIRD may not send what maintenance asks for; empty where it does. A session that failed is no reason: no traffic
 * goes over it.
 */
function maintenanceErrors({ lastPass, passError }: NodeState, memory: MemoryStore): string[] {
  if (passError !== undefined || !lastPass) return [passError ?? 'the agent has made no pass yet'];
  const { desired, failures, observed } = lastPass;
  const failure = failures.get({ kind: 'node' });
  const errors = [
    ...desired.problems,
    ...(observed.bird.running ? [] : [observed.bird.reason]),
    ...(failure === undefined ? [] : [failure]),
    ...(memory.problem === undefined ? [] : [memory.problem]),
  ];
  const loaded = !memory.current.reloadPending && ownFiles(desired).every(isWritten);
  return errors.length > 0 || loaded
    ? errors
    : ['BIRD has not loaded its new files; see moenet-agent status'];

  function isWritten({ path, content }: BirdFile): boolean {
    return observed.birdFiles.get(path) === content;
  }
}

function ownFiles({ files }: Desired): readonly BirdFile[] {
  return (files ?? []).filter(({ owner }) => owner.kind === 'node');
}
