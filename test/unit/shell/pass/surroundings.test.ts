import { beforeEach, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { makeFakeHost } from '../../../../src/lab/simulated/machine/fake-host.js';
import type { FakeHost } from '../../../../src/lab/simulated/machine/fake-machine.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import type { KnownSnapshot, ReconcilerContext } from '../../../../src/shell/pass/context.js';
import { openMemory } from '../../../../src/shell/pass/memory.js';
import { observe } from '../../../../src/shell/pass/observe.js';
import { reconcile } from '../../../../src/shell/pass/pass.js';
import { bootstrap, makeEntry, nodeSettings, v4 } from '../../make.js';

const { signal } = new AbortController();
let host: FakeHost;
let context: ReconcilerContext;

const rpkiServers = [
  { name: 'one', host: '10.5.0.3', port: 8082 },
  { name: 'two', host: 'rpki.example.net', port: 8082 },
];
const snapshot: KnownSnapshot = {
  config: bootstrap,
  birdConfig: parseBirdConfig({
    node: { id: 1 },
    policy: { dn42As: 4242420998, rpkiServers },
    ibgpPeers: [],
  }),
  mesh: undefined,
  sessions: [makeEntry({ endpoint: parseEndpoint('peer.example.net:1') })],
};

beforeEach(async () => {
  host = makeFakeHost();
  host.resolvers.push(v4('172.31.0.2'), v4('10.0.0.53'));
  host.names.set('control.example.net', ['10.99.0.2', '10.99.0.1']);
  host.names.set('rpki.example.net', ['10.5.0.4']);
  context = {
    host,
    memory: await openMemory(makeFakeState()),
    templates: await loadTemplates(),
    settings: nodeSettings,
  };
});

const pass = () => reconcile(context, snapshot, signal);
/** The protected networks in BIRD's file, with what they are. */
const inBird = () => {
  const text = host.files.get('moenet-agent/policy.conf') ?? '';
  return Array.from(text.matchAll(/^ {4}(\S+?),? +# (.*)$/gm), ([, network, what]) => `${network} ${what}`);
};

describe('a pass', () => {
  it('sees the control plane, the resolvers and the RPKI caches, by address and by name', async () => {
    expect((await observe(host, snapshot, signal, { withBesides: false })).surroundings).toEqual({
      controlPlane: ['10.99.0.1', '10.99.0.2'],
      resolvers: ['172.31.0.2', '10.0.0.53'],
      rtrCaches: ['10.5.0.3', '10.5.0.4'],
    });
  });

  it('sees the proxy that the control plane is asked through, by name too', async () => {
    host.names.set('proxy.example.net', ['10.98.0.1']);
    const proxied = { ...host, uplink: { ...host.uplink, proxyHost: 'proxy.example.net' } };
    expect((await observe(proxied, snapshot, signal, { withBesides: false })).surroundings).toMatchObject({
      controlPlane: ['10.99.0.1', '10.99.0.2'],
      proxy: ['10.98.0.1'],
    });
  });

  it('complains of names of endpoints only that do not resolve', async () => {
    host.names.clear();
    expect((await observe(host, snapshot, signal, { withBesides: false })).unresolved).toEqual([
      'peer.example.net',
    ]);
  });

  it('tells BIRD of them', async () => {
    await pass();
    expect(inBird()).toEqual(
      expect.arrayContaining([
        '10.0.0.53/32- resolver',
        '10.5.0.3/32- RPKI cache',
        '10.5.0.4/32- RPKI cache',
        '10.99.0.1/32- control plane',
        '10.99.0.2/32- control plane',
        '172.31.0.2/32- resolver',
      ]),
    );
  });

  it('does nothing where they come in another order, or public addresses change', async () => {
    host.names.set('peer.example.net', ['192.0.2.7']);
    await pass();
    host.resolvers.reverse();
    host.names.set('control.example.net', ['10.99.0.1', '10.99.0.2']);
    host.names.set('rpki.example.net', ['10.5.0.4', '198.51.100.7']);
    expect((await pass()).plan.changes).toEqual([]);
  });

  it('changes one file and loads it where one of them changes', async () => {
    await pass();
    host.resolvers.pop();
    expect((await pass()).plan.changes.map(({ kind }) => kind)).toEqual(['write-file', 'reload-bird']);
    expect(inBird()).not.toContain('10.0.0.53/32- resolver');
  });

  it('does what the operator says of those that are to be reached through DN42', async () => {
    const { settings } = context;
    const throughDn42 = [`${v4('172.31.0.2')}/32` as never];
    context = { ...context, settings: { ...settings, policy: { ...settings.policy, throughDn42 } } };
    await pass();
    expect(inBird()).not.toContain('172.31.0.2/32- resolver');
    expect(inBird()).toContain('10.0.0.53/32- resolver');
  });
});

describe('RPKI caches by name', () => {
  const rpki = () => host.files.get('moenet-agent/rpki.conf') ?? '';
  const remotes = () => Array.from(rpki().matchAll(/^ {4}remote (.*);$/gm), ([, remote]) => remote);

  it('reach BIRD as addresses, with a protocol name that does not depend on the address', async () => {
    await pass();
    expect(remotes()).toEqual(['10.5.0.3 port 8082', '10.5.0.4 port 8082']);
    host.names.set('rpki.example.net', ['10.5.0.9', '10.5.0.4']);
    expect((await pass()).plan.changes.map(({ kind }) => kind)).toEqual(['write-file', 'reload-bird']);
    expect(remotes()).toEqual(['10.5.0.3 port 8082', '10.5.0.4 port 8082']);
    host.names.set('rpki.example.net', ['10.5.0.9']);
    await pass();
    expect(remotes()).toEqual(['10.5.0.3 port 8082', '10.5.0.9 port 8082']);
    expect(rpki()).toContain('protocol rpki moenet_rpki_two {');
  });

  it('keep their last address while DNS is dead, also over a restart, and stay protected', async () => {
    const state = makeFakeState();
    context = { ...context, memory: await openMemory(state) };
    await pass();
    host.names.delete('rpki.example.net');
    context = { ...context, memory: await openMemory(state) };
    const after = await pass();
    expect(remotes()).toEqual(['10.5.0.3 port 8082', '10.5.0.4 port 8082']);
    expect(inBird()).toContain('10.5.0.4/32- RPKI cache');
    expect(after.desired.cacheProblems).toEqual([
      'RPKI cache two: its name rpki.example.net does not resolve now; BIRD goes on with its last address 10.5.0.4',
    ]);
  });

  it('are left out of BIRD and named until they have an address', async () => {
    host.names.delete('rpki.example.net');
    const { desired } = await pass();
    expect(remotes()).toEqual(['10.5.0.3 port 8082']);
    expect(desired.cacheProblems.join()).toContain(
      'RPKI cache two: its name rpki.example.net has no address yet',
    );
  });
});
