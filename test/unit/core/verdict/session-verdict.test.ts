import { describe, expect, it } from 'vitest';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import type { Change } from '../../../../src/core/model/change.js';
import { OwnerMap } from '../../../../src/core/model/owner.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { SessionHealth } from '../../../../src/core/verdict/session-health.js';
import {
  isUpAgain,
  judgeAgain,
  judgeSessions,
  type Verdict,
  verdictOf,
} from '../../../../src/core/verdict/session-verdict.js';
import { makeProtocol } from '../../../../src/lab/simulated/machine/fake-bird.js';
import { makeEntry, makeObserved } from '../../make.js';

const health: SessionHealth = { lookedAtSeconds: 1, isSetUp: true } as never;
const before = Object.fromEntries(
  ['abc-123', 'refused', 'ending', 'doubted', 'gone'].map((uuid) => [uuid, health]),
);
const entries = [
  makeEntry(),
  { kind: 'refused', uuid: 'refused', reason: '' },
  { kind: 'ignored', uuid: 'ending', status: 'queued-for-delete' },
] as never as readonly SessionEntry[];

const uuid = sessionId.parse('abc-123');
const entry = makeEntry();
const session = entry.kind === 'session' ? entry.session : expect.fail('no session');
const item = {
  session,
  tunnel: { interface: 'wg_24001', peer: {} },
  protocol: 'dn42',
  preservedNames: ['dn42'],
} as never as DesiredSession;
const nothing = { changes: [], putOff: [] };
const remove: Change = {
  kind: 'remove-tunnel',
  owner: { kind: 'session', uuid },
  interface: 'wg_24001' as never,
  first: false,
  why: 'it is not wanted',
};

interface Case {
  readonly list?: readonly SessionEntry[] | undefined;
  readonly desired?: object;
  readonly healths?: Readonly<Record<string, SessionHealth>>;
  readonly isUp?: boolean;
  readonly part?: object;
}

function judge({ list = [entry], desired = {}, healths = {}, isUp = true, part = {} }: Case) {
  const protocol = {
    ...makeProtocol('dn42', 'bgp'),
    ...(isUp ? {} : { state: 'start', bgp: { state: 'Active' } }),
  };
  return judgeSessions({
    entries: list,
    desired: {
      sessions: [],
      tunnels: [],
      refusals: [],
      files: [],
      doubted: [],
      birdBlocked: undefined,
      problems: [],
      previousAgent: { ended: [], doubtful: [] },
      ...desired,
    } as never,
    observed: makeObserved({
      nowSeconds: 1_700_000_000,
      bird: { running: true, version: '2.0.12', protocols: [protocol] },
    } as never),
    tried: nothing,
    remaining: nothing,
    failures: new OwnerMap(),
    rejected: {},
    limitHits: {},
    before: healths,
    ownFault: undefined,
    ...part,
  });
}

describe('what is known of the BGP of a session', () => {
  const doubted = { doubted: ['doubted'] };

  it('is forgotten when the session is not listed or is to end, but not while that is doubted', () => {
    const { healths } = judge({ list: entries, desired: doubted, healths: before });
    expect(Object.keys(healths)).toEqual(['abc-123', 'refused', 'doubted']);
  });

  it('is remembered unchanged without a list', () => {
    const part = { entries: undefined };
    expect(judge({ desired: doubted, healths: before, part }).healths).toEqual(before);
  });
});

describe('the verdict on a session', () => {
  const wanted = { sessions: [item] };
  const left = { tried: { changes: [remove], putOff: [] }, remaining: { changes: [remove], putOff: [] } };
  const off = { ...item, disabled: { by: 'birdc', phase: 'off', sinceSeconds: 1_700_000_000 } };
  const broken = {
    listed: 'active',
    isSetUp: true,
    wasUp: true,
    isUp: false,
    sameForSeconds: 700,
    lookedAtSeconds: 1_700_000_000,
    error: 'BGP is not established: Idle',
  } as const;
  const reason = 'could not remove tunnel wg_24001: it is not wanted';

  it.each<[string, Verdict['state'], string | undefined, Case]>([
    ['in order, with BGP Established', 'ok', undefined, { desired: wanted }],
    ['in order, with BGP not Established yet', 'waiting', undefined, { desired: wanted, isUp: false }],
    ['with a change that could not be made', 'failed', reason, { desired: wanted, part: left }],
    [
      'that began to differ during the pass',
      'undecided',
      undefined,
      { desired: wanted, part: { remaining: left.remaining } },
    ],
    [
      'that cannot be configured as it stands, whatever else there is',
      'refused',
      'mtu: 40',
      { desired: { refusals: [{ uuid, reason: 'mtu: 40' }] }, part: left },
    ],
    [
      'that an operator has disabled',
      'disabled',
      'disabled by hand on this node since 2023-11-14 22:13:20 UTC (birdc disable): dn42 stays off until: moenet-agent enable wg_24001',
      {
        desired: { sessions: [off] },
        isUp: false,
        healths: { 'abc-123': broken },
      },
    ],
    [
      'whose BGP was down for too long',
      'error',
      'BGP is not established: Idle',
      { desired: wanted, isUp: false, healths: { 'abc-123': broken } },
    ],
    [
      'that BIRD could not run for too long',
      'failed',
      'BIRD does not answer',
      {
        desired: wanted,
        healths: { 'abc-123': { ...broken, isSetUp: false, wasUp: false, error: undefined } },
        part: {
          observed: makeObserved({ bird: { running: false, reason: 'BIRD does not answer' } } as never),
        },
      },
    ],
    [
      'that is to be deleted and of which nothing is left',
      'gone',
      undefined,
      { list: [{ kind: 'ignored', uuid, status: 'queued-for-delete', interface: undefined }] },
    ],
    ['that is not listed any more and cannot be removed', 'failed', reason, { list: [], part: left }],
  ])('%s is %s', (_, state, why, facts) => {
    const verdict = judge(facts).verdicts.get('abc-123');
    expect([verdict?.state, verdict?.reason]).toEqual([state, why]);
  });

  it('that is in error says also that BGP is up again: people see that at once, the control plane after two minutes', () => {
    const { verdicts } = judge({ desired: wanted, healths: { 'abc-123': broken } });
    const verdict = verdictOf(entry, verdicts);
    expect(verdict).toEqual({ state: 'error', reason: 'BGP is not established: Idle', isUp: true });
    expect(isUpAgain(verdict)).toBe(true);
  });

  it('follows BGP between two passes, which neither begin nor end an error', () => {
    const bird = (isUp: boolean) => ({
      limitHits: {},
      desired: { sessions: [item] } as never,
      observed: makeObserved({
        bird: { running: true, version: '2', protocols: isUp ? [makeProtocol('dn42', 'bgp')] : [] },
      }),
    });
    const { verdicts } = judge({ desired: wanted });
    const down = judgeAgain(verdicts, bird(false));
    expect(verdictOf(entry, down)).toEqual({ state: 'waiting', reason: undefined, isUp: false });
    expect(verdictOf(entry, judgeAgain(down, bird(true))).state).toBe('ok');
    const inError = judge({ desired: wanted, isUp: false, healths: { 'abc-123': broken } }).verdicts;
    expect(verdictOf(entry, judgeAgain(inError, bird(true)))).toEqual({
      state: 'error',
      reason: 'BGP is not established: Idle',
      isUp: true,
    });
  });

  it('that is refused also says what of it could not be corrected', () => {
    const { verdicts } = judge({ desired: { refusals: [{ uuid, reason: 'mtu: 40' }] }, part: left });
    expect(verdicts.get('abc-123')).toMatchObject({ difference: { reason } });
  });

  it('that no pass has seen yet is undecided, but for a row that cannot be read', () => {
    expect(verdictOf(entry, undefined).state).toBe('undecided');
    const row = { kind: 'refused', uuid, reason: 'asn: missing' } as never;
    expect(verdictOf(row, undefined)).toMatchObject({ state: 'refused', reason: 'asn: missing' });
  });
});
