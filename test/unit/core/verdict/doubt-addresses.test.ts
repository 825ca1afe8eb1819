import { describe, expect, it } from 'vitest';
import { doubtAddresses } from '../../../../src/core/verdict/doubt-addresses.js';
import type { SessionView } from '../../../../src/core/verdict/session-view.js';
import { makeWireGuard, v6 } from '../../make.js';

const now = 1_800_000_000;
const [peer] = makeWireGuard({}, { latestHandshakeSeconds: now - 30 }).peers;
const view = {
  peer,
  established: false,
  pingTarget: 'fe80::5%wg_24001',
  otherTarget: undefined,
} as Partial<SessionView> as SessionView;
const ownIpv6 = v6('fe80::998');
const other = { ...view, otherTarget: 'fd42:1::1' };

/** `answers`: the targets that answered pings; `silent`: those that did not. */
function doubt(
  session: { ownIpv6?: typeof ownIpv6 },
  given: SessionView,
  answers: readonly string[],
  silent: readonly string[],
) {
  const losses = new Map([
    ...answers.map((each) => [each, 0] as const),
    ...silent.map((each) => [each, 1] as const),
  ]);
  return doubtAddresses(
    session,
    given,
    (target) => (losses.has(target) ? { loss: losses.get(target) ?? 0 } : undefined),
    now,
  );
}

describe('the addresses of a row are doubted', () => {
  it('where the neighbor answers at the other one, with both of them', () => {
    expect(doubt({}, other, ['fd42:1::1'], ['fe80::5%wg_24001'])).toBe(
      "the neighbor answers pings at fd42:1::1, but not at fe80::5, which BGP uses: if fe80::5 is this node's address, correct the session's addresses",
    );
  });

  it('where it is silent and the other address is ours by the row', () => {
    expect(doubt({ ownIpv6 }, view, [], ['fe80::5%wg_24001'])).toBe(
      "the neighbor answers no pings at fe80::5, and fe80::998 is this node's own address according to the session's row: if it is the neighbor's, correct the session's addresses",
    );
  });
});

describe('they are not doubted', () => {
  it.each<[string, SessionView, readonly string[], readonly string[]]>([
    ['while BGP is Established', { ...other, established: true }, ['fd42:1::1'], ['fe80::5%wg_24001']],
    ['where nobody answers', other, [], ['fe80::5%wg_24001', 'fd42:1::1']],
    ['where the neighbor answers', other, ['fd42:1::1', 'fe80::5%wg_24001'], []],
    ['before anything was pinged', other, [], []],
    ['over a tunnel without a handshake', { ...other, peer: undefined }, ['fd42:1::1'], ['fe80::5%wg_24001']],
    [
      'over a tunnel that lost its peer',
      { ...other, peer: peer && { ...peer, latestHandshakeSeconds: now - 181 } },
      ['fd42:1::1'],
      ['fe80::5%wg_24001'],
    ],
    ['without a second address', view, [], ['fe80::5%wg_24001']],
  ])('%s', (_, given, answers, silent) => {
    expect(doubt({}, given, answers, silent)).toBe(undefined);
  });
});
