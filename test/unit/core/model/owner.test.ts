import { describe, expect, it } from 'vitest';
import { type Owner, OwnerMap, readOwnerMap, sameOwner } from '../../../../src/core/model/owner.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';

const session = (): Owner => ({ kind: 'session', uuid: sessionId.parse('abc-123') });
const peer = (nodeId: number): Owner => ({ kind: 'mesh', nodeId });

it('an owner is the same as itself, and as no other', () => {
  const owners = (): Owner[] => [
    session(),
    { kind: 'session', uuid: sessionId.parse('abc-124') },
    peer(2),
    peer(3),
    { kind: 'node' },
  ];
  for (const [index, one] of owners().entries())
    for (const [place, other] of owners().entries())
      expect([one, other, sameOwner(one, other)]).toEqual([one, other, index === place]);
});

describe('values by owner', () => {
  it('two objects that name the same owner are the same key, which keeps its place', () => {
    const map = new OwnerMap([
      [session(), 1],
      [peer(2), 2],
      [session(), 3],
    ]);
    expect([map.size, map.get(session()), map.has(peer(2)), map.has(peer(3))]).toEqual([2, 3, true, false]);
    expect([...map]).toEqual([
      [session(), 3],
      [peer(2), 2],
    ]);
  });

  it('an owner of one kind is not an owner of another', () => {
    const map = new OwnerMap([[{ kind: 'node' }, 'node']]);
    expect([map.get(session()), map.get(peer(0)), map.get({ kind: 'node' })]).toEqual([
      undefined,
      undefined,
      'node',
    ]);
  });

  it('are stored by mark, and read back as they were, without what is no mark', () => {
    const map = new OwnerMap<number>([
      [session(), 1],
      [peer(2), 2],
      [{ kind: 'node' }, 3],
    ]);
    const stored = JSON.parse(JSON.stringify(map));
    expect(stored).toEqual({
      'moenet-agent:abc-123': 1,
      'moenet-agent:mesh:2': 2,
      'moenet-agent:node:': 3,
    });
    expect([...readOwnerMap({ ...stored, other: 4 })]).toEqual([...map]);
  });
});
