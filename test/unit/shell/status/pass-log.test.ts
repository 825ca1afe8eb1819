import { expect, it } from 'vitest';
import { makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();

it('a session that the list leaves out and that cannot be removed is in the log, once', async () => {
  const node = makeFakeNode();
  const stays = makeEntry({
    uuid: 'stays-1',
    interface: 'wg_24002',
    listenPort: 24002,
    ipv6LinkLocal: 'fe80::3' as never,
  });
  node.controlPlane.sessions = [makeEntry(), stays];
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  node.problems.length = 0;
  node.host.links.apply = async (changes) =>
    new Map(changes.map((change) => [change.interface, 'no permission']));
  node.controlPlane.sessions = [stays];
  await agent.refresh(['sessions'], signal);
  for (let pass = 0; pass < 3; pass += 1) {
    node.host.nowMs += 3_600_000;
    await agent.pass();
  }
  const ofIt = node.problems.filter((problem) => problem.startsWith('session abc-123'));
  expect(ofIt).toEqual(['session abc-123: could not remove tunnel wg_24001: no permission']);
});
