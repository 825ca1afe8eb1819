import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import { nodeProtocols } from '../../../../src/core/desired/node-protocols.js';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { renderBird } from '../../../../src/core/render/bird.js';
import { routings } from '../render/routings.js';

const templates = await loadTemplates();

function namesOf(name: string): string[] {
  const routing = routings[name];
  if (!routing) throw new Error(`no routing ${name}`);
  return nodeProtocols(renderBird(routing, templates)).map((protocol) => protocol.name);
}

function file(content: string, owner: BirdFile['owner'] = { kind: 'node' }): BirdFile {
  return { path: 'bird.conf', owner, content };
}

const read = (content: string) => nodeProtocols([file(content)]);

describe('the protocols of the node', () => {
  it('are those of its own files, each after what it needs', () => {
    expect(namesOf('documented')).toEqual([
      'device1',
      'moenet_kernel_v4',
      'moenet_kernel_v6',
      'moenet_loopback',
      'moenet_own_v4',
      'moenet_own_v6',
      'moenet_babel',
      'moenet_rpki_akae',
      'moenet_rpki_launchpadx',
      'ibgp_2',
    ]);
  });

  it('have no device and kernel protocol if the operator has those', () => {
    expect(namesOf('include')).toEqual(namesOf('documented').filter((name) => !/device|kernel/.test(name)));
  });

  it('are with the route collector, and with routes to nodes that only the mesh leads to', () => {
    expect(namesOf('every-option')).toEqual(
      expect.arrayContaining(['moenet_collector', 'moenet_mesh_only_v4', 'moenet_mesh_only_v6']),
    );
  });

  it('have the names that a previous agent gave them', () => {
    expect(namesOf('taken-over')).toEqual(expect.arrayContaining(['main_device', 'kernel1', 'ibgp_2']));
  });

  it('are not those of sessions', () => {
    const owner = { kind: 'session', uuid: sessionId.parse('abc-123') } as const;
    expect(nodeProtocols([file('protocol bgp dn42_1 { ipv4; }', owner)])).toEqual([]);
  });
});

describe('a protocol of an operator’s template', () => {
  it('is found with its type, its channels and its file', () => {
    expect(read("protocol kernel 'my-kernel' {\n  ipv6 { export all; };\n  learn;\n}")).toEqual([
      {
        name: 'my-kernel',
        type: 'kernel',
        owner: { kind: 'node' },
        families: ['ipv6'],
        file: 'bird.conf',
        lack: "without it no IPv6 route of BIRD's reaches the kernel",
      },
    ]);
  });

  it('without a name has the number that BIRD gives it', () => {
    const text = 'protocol static { ipv4; }\nprotocol device { }\nprotocol static from other { ipv6; }';
    expect(read(text).map(({ name }) => name)).toEqual(['device1', 'static1', 'static2']);
  });

  it.each([
    ['disabled in its text', 'protocol ospf own { disabled; ipv4; }'],
    ['disabled with a value', 'protocol ospf own { ipv4; disabled yes; }'],
    ['of a BIRD template that is disabled', 'template bgp off { disabled; }\nprotocol bgp own from off { }'],
    ['only in a comment', '# protocol kernel own { }\n/* protocol kernel own { } */'],
    ['only in a string', 'define X = "protocol kernel own { }";'],
    ['in a text that BIRD cannot read either', 'protocol kernel own { ipv4 {'],
  ])('is not wanted when it is %s', (_, text) => {
    expect(read(text)).toEqual([]);
  });

  it.each(['disabled no;', 'disabled off;', 'description "disabled";'])('is wanted with %s', (option) => {
    expect(read(`protocol ospf own { ${option} }`).map(({ name }) => name)).toEqual(['own']);
  });

  it('is found behind functions and filters with blocks of their own', () => {
    const text =
      'function f(int x) { if x > 1 then { accept; } reject; }\nfilter g { f(1); }\nprotocol rip own { }';
    expect(read(text).map(({ name, type }) => [name, type])).toEqual([['own', 'rip']]);
  });
});
