import { beforeEach, expect, it } from 'vitest';
import { renderStatus } from '../../../../src/cli/status/view.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { healthOf } from '../../../../src/telemetry/health.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
const crowd = Array.from({ length: 5000 }, (_, index): SessionEntry => {
  const uuid = sessionId.parse(`bad-${index}`);
  return { kind: 'refused', uuid, status: 'active', asn: undefined, interface: undefined, reason: 'mtu: 40' };
});
const failing = 'session good-1 (AS4242421080): no /dev/net/tun';

let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
  node.controlPlane.sessions = [...crowd, makeEntry({ uuid: 'good-1', status: 'queued-for-setup' })];
  agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
});

it('does not keep a session that fails out of the log, which has 50 lines of it and no more', async () => {
  await agent.pass();
  const ofSessions = node.problems.filter((problem) => problem.startsWith('session '));
  expect(ofSessions[0]).toBe('session good-1: no /dev/net/tun');
  expect(ofSessions).toHaveLength(50);
  node.problems.length = 0;
  await agent.pass();
  expect(node.problems).toEqual([]);
});

it('comes last in the status, and does not fill it', async () => {
  await agent.pass();
  const status = agent.status();
  expect(status.problems[0]).toContain('session good-1 (AS4242421080): no /dev/net/tun');
  expect(status.problems.length).toBeGreaterThan(5000);
  expect(healthOf(status).problems).toHaveLength(41);
  const view = renderStatus(status, { width: 100, paint: (_, text) => text, nowSeconds: 0 });
  expect(view.split('\n').length).toBeLessThan(200);
  expect(view).toMatch(/^needs you \(5\d\d\d\)$/m);
  expect(view).toContain('4960 more refused sessions: moenet-agent status --json');
});

it('comes last among the errors of a resync', async () => {
  const { errors } = await agent.sync(signal);
  expect(errors.slice(0, 3)).toContain(failing);
});
