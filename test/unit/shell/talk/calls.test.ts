import { expect, it } from 'vitest';
import { newNodeState } from '../../../../src/shell/pass/node-state.js';
import { accountedCalls } from '../../../../src/shell/talk/calls.js';
import { makeFakeNode } from '../../../fakes/fake-node.js';
import { bootstrap } from '../../make.js';

const { signal } = new AbortController();

it('a call that asked nothing, as a dialect without it does, is no answer of the control plane', async () => {
  const { host } = makeFakeNode();
  const state = newNodeState({
    config: bootstrap,
    birdConfig: undefined,
    mesh: undefined,
    sessions: undefined,
  });
  const call = accountedCalls(state, { host, logOnChange: () => undefined });
  await call('POST mesh/status', signal, async () => false);
  expect([state.isHeard, state.lastAnswerSeconds]).toEqual([false, undefined]);
  await call('POST heartbeat', signal, async () => true);
  expect([state.isHeard, state.lastAnswerSeconds]).toEqual([true, Math.floor(host.clock.now() / 1000)]);
});
