import { beforeEach, expect, it } from 'vitest';
import { drainSeconds } from '../../../../src/core/desired/disabled/disabled.js';
import type { SessionOptions } from '../../../../src/core/model/session-options.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
const name = 'dn42_4242421080';
let node: FakeNode;
let agent: Agent;

const row = () => agent.status().sessions[0];
const isOff = () => node.host.protocols.get(name)?.disabled;

/** The control plane's data of the session says this, and two passes see it. */
async function passesWith(options: SessionOptions | undefined): Promise<void> {
  node.controlPlane.sessions = [makeEntry({ status: 'active', options })];
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  await agent.pass();
}

beforeEach(async () => {
  node = makeFakeNode();
  agent = await node.startAgent();
  await passesWith(undefined);
});

it('status shows what a session has of its own, and of a password only that there is one', async () => {
  expect(row()?.options).toBeUndefined();
  await passesWith({ prepend: 2, password: new Secret('hunter2') });
  expect(row()?.options).toEqual({ prepend: 2, password: 'set' });
  expect(row()?.pending).toEqual(['a password']);
  const shown = [agent.status(), [...node.state.documents], node.problems, node.controlPlane.told];
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});

it('a session with the option shutdown goes off after its traffic was led away, and comes back without it', async () => {
  await passesWith({ shutdown: true });
  expect([isOff(), row()?.state]).toEqual([false, 'ok']);
  node.host.nowMs += (drainSeconds + 1) * 1000;
  await passesWith({ shutdown: true });
  expect(isOff()).toBe(true);
  expect(row()).toMatchObject({
    state: 'disabled',
    error: expect.stringMatching(
      /^shut down on this node since .* UTC, because its option "shutdown" is on: dn42_4242421080 stays off until that is off/,
    ),
  });
  const request = { session: 'wg_24001', to: 'enabled', now: false } as const;
  expect(await agent.switchSession(request)).toMatchObject({
    ok: false,
    errors: [
      expect.stringMatching(
        /^wg_24001 stays off, because its option "shutdown" is on; take it out of "sessions"/,
      ),
    ],
  });
  expect(isOff()).toBe(true);

  await passesWith(undefined);
  expect([isOff(), row()?.state]).toEqual([false, 'ok']);
});
