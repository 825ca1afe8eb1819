import { beforeEach } from 'vitest';
import type { SessionEntry } from '../../../../../src/core/model/session.js';
import type { SessionStatus } from '../../../../../src/core/model/session-status.js';
import { sessionId } from '../../../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../../../src/shell/agent.js';
import { ControlPlaneError, type FailureKind } from '../../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../../fakes/fake-node.js';
import { makeEntry } from '../../../make.js';

export const { signal } = new AbortController();
export let node: FakeNode;
export let agent: Agent;
/** What the control plane was told or asked to take, in order. */
export let calls: string[];

/** Gives each test of the file a node with an agent that has just started. */
export function useNode(): void {
  beforeEach(async () => {
    node = makeFakeNode();
    calls = [];
    const { controlPlane } = node;
    const { postModify, postHeartbeat } = controlPlane;
    controlPlane.postModify = async (report, ...rest) => {
      calls.push(`${report.uuid} ${report.status}`);
      await postModify(report, ...rest);
    };
    controlPlane.postHeartbeat = async (...args) => {
      calls.push('heartbeat');
      return postHeartbeat(...args);
    };
    agent = await node.startAgent();
  });
}

export async function restartAgent(): Promise<void> {
  agent = await node.startAgent();
}

/** A poll of the list, a pass, and a minute. */
export async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  node.host.nowMs += 60_000;
}

export async function rounds(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) await round();
}

export function session(number: number, status: SessionStatus = 'queued-for-setup'): SessionEntry {
  const port = 20_000 + number;
  return makeEntry({
    uuid: `s-${number}`,
    interface: `wg_${number}`,
    listenPort: port,
    asn: port as never,
    status,
  });
}

export function deleted(number: number): SessionEntry {
  return {
    kind: 'ignored',
    uuid: sessionId.parse(`s-${number}`),
    status: 'queued-for-delete',
    interface: undefined,
  };
}

/** The control plane refuses each update of this session from now on. */
export function refuse(uuid: string, kind: FailureKind): void {
  const { postModify } = node.controlPlane;
  node.controlPlane.postModify = async (report, ...rest) => {
    if (report.uuid === uuid) {
      calls.push(`${uuid} refused`);
      throw new ControlPlaneError('POST modify', { kind, reason: kind });
    }
    await postModify(report, ...rest);
  };
}
