import { expect, it } from 'vitest';
import { makeFakeNode } from '../../../../fakes/fake-node.js';
import { makeEntry } from '../../../make.js';
import { round } from '../crash-node.js';

it('a reload of files that lie there already, which BIRD refuses, is an error of the node', async () => {
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry()];
  await round(await node.startAgent());
  node.state.documents.clear();
  const message = 'syntax error';
  const { check, commit } = node.host.bird;
  const rejected = { kind: 'rejected', message, file: 'local.conf' } as const;
  Object.assign(node.host.bird, { check: async () => rejected, commit: async () => rejected });
  const agent = await node.startAgent();
  const { errors } = await agent.pass();
  expect(errors).toEqual(['node: BIRD refuses the configuration in local.conf: syntax error']);
  Object.assign(node.host.bird, { check, commit });
  expect((await agent.pass()).errors).toEqual([]);
  expect((await agent.pass()).changes).toEqual([]);
});
