import { describe, expect, it } from 'vitest';
import { sessionFile } from '../../../../src/core/model/names.js';
import type { BirdProtocol, ObservedBird } from '../../../../src/core/model/observed.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import {
  type BeforeLoad,
  hasCollapsed,
  lostSessions,
  missingProtocols,
} from '../../../../src/core/verdict/after-load.js';
import { makeObserved } from '../../make.js';

const names = ['dn42_1', 'dn42_2', 'dn42_3', 'dn42_4'];
const ownerOf = (name: string) => ({ kind: 'session' as const, uuid: sessionId.parse(name) });

function birdWith(established: readonly string[], idle: readonly string[] = []): ObservedBird {
  const protocol = (name: string, state: string): BirdProtocol => ({
    name,
    proto: 'BGP',
    state: 'up',
    since: '',
    info: state,
    disabled: false,
    bgp: { state, neighborAddress: undefined, neighborAs: undefined, lastError: undefined },
    channels: [],
  });
  const protocols = [
    ...established.map((name) => protocol(name, 'Established')),
    ...idle.map((name) => protocol(name, 'Idle')),
  ];
  return { running: true, version: '2.0.12', protocols };
}

/** All four sessions were Established; the files of `written` were to be written. */
function beforeWith(written: readonly string[]): BeforeLoad {
  return {
    observed: makeObserved({ bird: birdWith(names) }),
    desired: { protocols: names.map((name) => ({ name, owner: ownerOf(name) })) },
    touched: written.map((name) => ({ path: sessionFile(name), owner: ownerOf(name) })),
  };
}

describe('after a new configuration', () => {
  it('a session that should not have changed and is no longer Established is lost', () => {
    expect(lostSessions(beforeWith([]), birdWith(names.slice(1), ['dn42_1']))).toEqual(['dn42_1']);
  });

  it('a session whose configuration changed may restart', () => {
    expect(lostSessions(beforeWith(['dn42_1']), birdWith(names.slice(1), ['dn42_1']))).toEqual([]);
  });

  it('a protocol that should be new but does not run is missing', () => {
    expect(missingProtocols(beforeWith(['dn42_1']), birdWith(names.slice(1)))).toEqual(['dn42_1']);
  });

  it('a protocol of the node’s own is missing only where its file was written: another may have to wait', () => {
    const owner = { kind: 'node' as const };
    const declared = [
      { name: 'moenet_babel', owner, file: 'moenet-agent/internal.conf' },
      { name: 'moenet_rpki_1', owner, file: 'moenet-agent/rpki.conf' },
    ];
    const touching = (...paths: string[]): BeforeLoad => ({
      ...beforeWith([]),
      desired: { protocols: declared },
      touched: paths.map((path) => ({ path, owner })),
    });
    const without = birdWith(names);
    expect(missingProtocols(touching('moenet-agent/rpki.conf'), without)).toEqual(['moenet_rpki_1']);
    expect(missingProtocols(touching('moenet-agent/policy.conf'), without)).toEqual([]);
    expect(missingProtocols(touching(...declared.map(({ file }) => file)), without)).toEqual([
      'moenet_babel',
      'moenet_rpki_1',
    ]);
  });

  it('the sessions have collapsed when fewer than half of them are left, also if all were to change', () => {
    expect(hasCollapsed(beforeWith(names), birdWith(['dn42_1', 'dn42_2'], ['dn42_3', 'dn42_4']))).toBe(false);
    expect(hasCollapsed(beforeWith(names), birdWith(['dn42_1'], ['dn42_2', 'dn42_3', 'dn42_4']))).toBe(true);
  });

  it('a session that an operator disables meanwhile counts neither as lost nor as collapsed', () => {
    const off = (bird: ObservedBird, ...disabled: string[]): ObservedBird => {
      if (!bird.running) return bird;
      const protocols = bird.protocols.map((protocol) =>
        disabled.includes(protocol.name) ? { ...protocol, state: 'down', disabled: true } : protocol,
      );
      return { ...bird, protocols };
    };
    const after = off(birdWith(['dn42_4'], ['dn42_1', 'dn42_2', 'dn42_3']), 'dn42_1', 'dn42_2');
    expect(lostSessions(beforeWith([]), after)).toEqual(['dn42_3']);
    expect(hasCollapsed(beforeWith(names), after)).toBe(false);
  });

  it('the sessions that are to be off are no collapse', () => {
    const before = beforeWith(['dn42_1']);
    const protocols = before.desired.protocols.map((protocol) => ({
      ...protocol,
      off: protocol.name !== 'dn42_4',
    }));
    expect(hasCollapsed({ ...before, desired: { protocols } }, birdWith(['dn42_4']))).toBe(false);
  });

  it('a session whose name passes to a new session has not collapsed: it was to end', () => {
    const before = beforeWith(['dn42_1']);
    const uuid = sessionId.parse('newcomer');
    const taken = {
      ...before,
      observed: makeObserved({
        bird: birdWith(['dn42_1']),
        birdFiles: new Map([['peers/dn42_1.conf', '# moenet-agent:deleted\n']]),
      }),
      desired: { protocols: [{ name: 'dn42_1', owner: { kind: 'session' as const, uuid } }] },
    };
    expect(hasCollapsed(taken, birdWith([], ['dn42_1']))).toBe(false);
    const own = new Map([['peers/dn42_1.conf', '# moenet-agent:newcomer\n']]);
    const kept = { ...taken, observed: makeObserved({ bird: birdWith(['dn42_1']), birdFiles: own }) };
    expect(hasCollapsed(kept, birdWith([], ['dn42_1']))).toBe(true);
  });

  it('nothing has collapsed if nothing was Established', () => {
    const nothing = { ...beforeWith([]), observed: makeObserved({ bird: birdWith([], names) }) };
    expect(hasCollapsed(nothing, birdWith([], names))).toBe(false);
  });
});

it.each([
  [false, ['dn42_1']],
  [true, []],
])(
  'a preserved session whose file changes is lost if it does not stay up, unless it is disabled (%s)',
  (off, lost) => {
    const before = beforeWith(['dn42_1']);
    const preserved = { sessions: { 'moenet-agent:dn42_1': { protocols: [{ name: 'dn42_1' }] } } };
    const protocols = before.desired.protocols.map((each) => ({
      ...each,
      off: off && each.name === 'dn42_1',
    }));
    const desired = { protocols, previousAgent: { preserved } } as never;
    expect(lostSessions({ ...before, desired }, birdWith(names.slice(1), ['dn42_1']))).toEqual(lost);
  },
);
