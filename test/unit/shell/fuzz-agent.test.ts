import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMark } from '../../../src/core/model/owner.js';
import { listedUuids, uuidOf } from '../../../src/core/model/session.js';
import type { Agent } from '../../../src/shell/agent.js';
import type { ControlPlane } from '../../../src/shell/ports/control-plane.js';
import { type FakeNode, makeFakeNode } from '../../fakes/fake-node.js';
import { type Answers, clientOf, goodAnswers, hostileAnswers } from '../../fakes/fuzz-answers.js';
import { stateOf } from './pass/crash-node.js';

const { signal } = new AbortController();

interface Fuzzed {
  readonly node: FakeNode;
  readonly client: ControlPlane;
  answers: Answers;
}

/** A node with other people's things on it, which asks the real client. */
function makeFuzzed(): Fuzzed {
  const node = makeFakeNode();
  const { host, controlPlane } = node;
  const client = clientOf(() => fuzzed.answers);
  const { fetchSessions, fetchMesh, fetchBirdConfig } = client;
  Object.assign(controlPlane, { fetchSessions, fetchMesh, fetchBirdConfig });
  host.names.set('peer.example.net', ['192.0.2.80']);
  host.names.set('hk.example.net', ['192.0.2.82']);
  host.files.set('peers/manual.conf', 'protocol bgp by_hand {}\n');
  host.linkTable.set('wg_foreign', { ...foreign, name: 'wg_foreign', kind: 'wireguard' });
  Object.assign(host.linkTable.get('lo') ?? {}, { addresses: foreign.addresses });
  const fuzzed: Fuzzed = { node, client, answers: goodAnswers };
  return fuzzed;
}

const foreign = {
  alias: undefined,
  mtu: 1400,
  up: true,
  addresses: [{ local: '10.9.9.9', prefixLength: 32, peer: undefined }],
};

function foreignThings({ host }: FakeNode): unknown {
  const links = ['lo', 'eth0', 'wg_foreign'].map((name) => host.linkTable.get(name));
  return JSON.stringify([links, host.files.get('peers/manual.conf')]);
}

/** A start with the configuration that the answers give, as far as they give one. */
async function start({ node, client }: Fuzzed): Promise<Agent> {
  node.config = await client.fetchConfig().catch(() => node.config);
  return node.startAgent();
}

/** All that the daemon does, and nothing of it may fail for what the control plane says. */
async function everything(agent: Agent): Promise<void> {
  const { errors } = await agent.sync(signal);
  expect(errors.filter((error) => error.includes('cannot read or change the system'))).toEqual([]);
  await agent.foresee();
  JSON.stringify(agent.status());
}

/** Tunnels of sessions that stay whatever else the list says: it is no list, or what it says of them cannot be read. */
async function unknownSessions({ node, client }: Fuzzed): Promise<string[]> {
  const tunnels = [...node.host.linkTable.values()].flatMap(({ name, alias }) => {
    const owner = parseMark(alias);
    return owner?.kind === 'session' ? [{ name, uuid: owner.uuid }] : [];
  });
  const list = await client.fetchSessions().catch(() => undefined);
  if (!list) return tunnels.map(({ name }) => name);
  const refused = new Set(list.flatMap((entry) => (entry.kind === 'refused' ? [entry.uuid] : [])));
  const others = new Set(list.flatMap((entry) => (entry.kind === 'refused' ? [] : [uuidOf(entry)])));
  const listed = listedUuids(list);
  return tunnels
    .filter(({ uuid }) =>
      listed.has(uuid) ? refused.has(uuid) && !others.has(uuid) : refused.has(undefined),
    )
    .map(({ name }) => name);
}

it('hostile answers stop no pass, change no foreign object, remove nothing for an unknown wish, and leave no trace', async () => {
  const expected = await settledState();
  await fc.assert(
    fc.asyncProperty(
      fc.array(hostileAnswers, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (list, restart) => {
        const fuzzed = makeFuzzed();
        const { node } = fuzzed;
        const others = foreignThings(node);
        let agent = await start(fuzzed);
        await everything(agent);
        for (const answers of list) {
          fuzzed.answers = answers;
          if (restart) agent = await start(fuzzed);
          const kept = await unknownSessions(fuzzed);
          await everything(agent);
          expect([...node.host.linkTable.keys()]).toEqual(expect.arrayContaining(kept));
          expect(foreignThings(node)).toBe(others);
        }
        fuzzed.answers = goodAnswers;
        agent = await start(fuzzed);
        for (let poll = 0; poll < 7; poll += 1) await everything(agent);
        expect(await agent.pass()).toMatchObject({ changes: [] });
        expect(foreignThings(node)).toBe(others);
        expect(stateOf(node)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

async function settledState(): Promise<unknown> {
  const fuzzed = makeFuzzed();
  const agent = await start(fuzzed);
  await everything(agent);
  await everything(agent);
  return stateOf(fuzzed.node);
}
