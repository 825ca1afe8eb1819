import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../../src/core/verdict/session-verdict.js';
import {
  countTroubles,
  type MeshFacts,
  type SessionFacts,
  troubleOfMesh,
  troubleOfSession,
} from '../../../../src/core/verdict/trouble.js';

const down = 'BGP is Active; no WireGuard handshake yet';
const facts: SessionFacts = {
  down,
  wasUp: false,
  isIgnored: false,
  isRejected: false,
  doubt: undefined,
  nextTry: undefined,
  nodeFault: undefined,
};
const waiting: Verdict = { state: 'waiting', reason: undefined, isUp: false };
const error: Verdict = { state: 'error', reason: 'BGP is not established: Connect', isUp: false };
const failed: Verdict = { state: 'failed', reason: 'no /dev/net/tun', isUp: false };
const kindOf = (verdict: Verdict, part: Partial<SessionFacts> = {}) =>
  troubleOfSession(verdict, { ...facts, ...part })?.kind;

describe('a neighbor that is merely offline', () => {
  it('is the peer’s side at once where it was never up, with what BGP and tunnel are now', () => {
    expect(troubleOfSession(waiting, facts)).toEqual({ kind: 'peer-side', words: down });
  });

  it('is worked on for as long as it may come back, and then the peer’s side', () => {
    expect(troubleOfSession(waiting, { ...facts, wasUp: true })).toMatchObject({
      kind: 'working',
      next: expect.stringContaining('BIRD connects again by itself'),
    });
    expect(troubleOfSession(error, { ...facts, wasUp: true })).toEqual({ kind: 'peer-side', words: down });
  });

  it('is not blamed while BIRD does not run, or its addresses are in doubt', () => {
    const needsYou = { kind: 'needs-you', words: down, isOfNode: true };
    expect(troubleOfSession(error, { ...facts, nodeFault: { isRepaired: false } })).toEqual(needsYou);
    expect(kindOf(error, { nodeFault: { isRepaired: true } })).toBe('working');
    expect(troubleOfSession(error, { ...facts, doubt: 'swapped?' })).toEqual({
      kind: 'needs-you',
      words: `${down}; swapped?`,
    });
  });
});

describe('what fails on this node', () => {
  it('is worked on until the agent tries only once an hour', () => {
    const nextTry = { words: 'tried 3 times, next try in 4 min', isHourly: false };
    expect(troubleOfSession(failed, { ...facts, nextTry })).toEqual({
      kind: 'working',
      words: 'no /dev/net/tun',
      next: nextTry.words,
    });
    expect(kindOf(failed, { nextTry: { ...nextTry, isHourly: true } })).toBe('needs-you');
    expect(kindOf(failed)).toBe('working');
  });

  it('needs you where BIRD refused its file: the agent does not load that again', () => {
    expect(kindOf(failed, { isRejected: true })).toBe('needs-you');
  });

  it('is shown also where the session is not to run any more', () => {
    expect(kindOf(failed, { isIgnored: true })).toBe('working');
    expect(kindOf(waiting, { isIgnored: true })).toBeUndefined();
  });
});

it.each<[string, Verdict, string | undefined]>([
  ['a row that cannot be used', { state: 'refused', reason: 'mtu: 40', isUp: true }, 'needs-you'],
  ['a session that an operator disabled', { state: 'disabled', reason: 'by hand', isUp: false }, 'needs-you'],
  ['one that is up again', { state: 'disabled', reason: 'by hand', isUp: true }, undefined],
  ['one that is up again after an error', { ...error, isUp: true }, undefined],
  ['one that no pass has decided on', { state: 'undecided', reason: undefined, isUp: false }, 'working'],
  ['one that works', { state: 'ok', reason: undefined, isUp: true }, undefined],
  ['one that is gone', { state: 'gone', reason: undefined, isUp: false }, undefined],
  [
    'one whose neighbor lacks a family',
    { state: 'ok', reason: undefined, isUp: true, degraded: 'no IPv6', degradedKind: 'peer-side' },
    'peer-side',
  ],
])('%s', (_, verdict, kind) => {
  expect(kindOf(verdict)).toBe(kind);
});

describe('a mesh peer', () => {
  const peer: MeshFacts = {
    refused: undefined,
    failed: undefined,
    nextTry: undefined,
    silent: undefined,
    isDownLately: false,
  };
  const silent = { words: 'iBGP with node 2 is not established: Active', isUp: false };

  it.each<[string, Partial<MeshFacts>, string | undefined]>([
    ['that works has no trouble', {}, undefined],
    ['that cannot be configured needs you', { refused: 'no key yet' }, 'needs-you'],
    ['whose tunnel failed is worked on', { failed: 'no /dev/net/tun' }, 'working'],
    ['that has just gone silent is worked on', { silent, isDownLately: true }, 'working'],
    ['that is offline is the peer’s side', { silent }, 'peer-side'],
    ['that lacks a family needs you: both ends are ours', { silent: { ...silent, isUp: true } }, 'needs-you'],
  ])('%s', (_, part, kind) => {
    expect(troubleOfMesh({ ...peer, ...part })?.kind).toBe(kind);
  });
});

it('counts the troubles by who has to act', () => {
  const troubles = [waiting, error, failed].map((verdict) => troubleOfSession(verdict, facts));
  expect(countTroubles([...troubles, undefined])).toEqual({ needsYou: 0, working: 1, peerSide: 2 });
});
