import { describe, expect, it } from 'vitest';
import { findPreviousTunnels } from '../../../../src/core/adopt/tunnels.js';
import { makeEntry, makeLink, makeObserved, makeWireGuard, otherKey, ownKey } from '../../make.js';

const certain = 'dn42_4242421080';
const doubtful = 'dn42_4242421081';
const orphan = 'dn42_4242421082';
const foreign = 'dn42_4242421083';
const listed = [
  makeEntry({ interface: certain }),
  makeEntry({ uuid: 'abc-124', interface: doubtful, publicKey: otherKey, asn: 4242421081 as never }),
];
const mesh = { peers: [], refused: [] };
const names = [certain, doubtful, orphan, foreign];
const observed = makeObserved({
  links: names.map((name) => makeLink({ name, alias: undefined })),
  // `foreign` has the look of the previous agent's, and is no tunnel.
  wireguard: names.slice(0, 3).map((name) => makeWireGuard({ interface: name })),
});

function find(
  adopt: boolean,
  lists: { sessions?: typeof listed; mesh?: typeof mesh } = { sessions: listed, mesh },
) {
  const snapshot = {
    config: undefined,
    birdConfig: undefined,
    mesh: undefined,
    sessions: undefined,
    ...lists,
  };
  const found = findPreviousTunnels(observed, snapshot, { publicKey: ownKey, creating: [], adopt });
  return {
    adopted: [...found.adopted.keys()],
    orphans: found.orphans,
    doubtful: found.doubtful.map((each) => each.interface),
  };
}

describe('of the interfaces that a previous agent left', () => {
  it('a pass takes over those beyond doubt, and removes none', () => {
    expect(find(false)).toEqual({ adopted: [certain], orphans: [], doubtful: [doubtful, orphan, foreign] });
  });

  it('adopt takes over those in doubt, removes those that no session has any more, and leaves what is no tunnel', () => {
    expect(find(true)).toEqual({ adopted: [certain, doubtful], orphans: [orphan], doubtful: [foreign] });
  });

  it.each([{ sessions: listed }, { mesh }, {}])(
    'adopt removes none while a list is not known: %j',
    (lists) => {
      expect(find(true, lists).orphans).toEqual([]);
    },
  );
});
