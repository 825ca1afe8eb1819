import { expect, it } from 'vitest';
import type { SessionStatus } from '../../../../src/core/model/session-status.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import type { Acknowledged } from '../../../../src/core/verdict/acknowledged.js';
import { countUnapplied, type Unapplied } from '../../../../src/core/verdict/unapplied.js';

const report = {
  uuid: sessionId.parse('abc-123'),
  status: 'active',
  interface: 'wg_1',
  error: undefined,
} as const;
const acknowledged = { 'abc-123': { report, listed: 'queued-for-setup' } } as const;
const confirmed = { 'abc-123': { report, listed: 'queued-for-setup', confirmed: true } } as const;

/** Counts a list that says `status`. */
function count(
  before: ReadonlyMap<string, Unapplied>,
  taken: Readonly<Record<string, Acknowledged>> = acknowledged,
  status: SessionStatus = 'queued-for-setup',
  isOlder = false,
) {
  return countUnapplied(before, {
    acknowledged: taken,
    listed: new Map([['abc-123', status]]),
    isOlder: () => isOlder,
  });
}

function repeatsAt(polls: number, taken: Readonly<Record<string, Acknowledged>> = acknowledged): number[] {
  let unapplied: ReadonlyMap<string, Unapplied> = new Map();
  const repeats: number[] = [];
  for (let poll = 1; poll <= polls; poll += 1) {
    const counted = count(unapplied, taken);
    unapplied = counted.unapplied;
    if (counted.repeated.size > 0) repeats.push(poll);
  }
  return repeats;
}

it('is posted again after ten lists, then less and less often, in the end once in 1,280', () => {
  expect(repeatsAt(160)).toEqual([10, 30, 70, 150]);
  const all = repeatsAt(10_000);
  expect((all.at(-1) ?? 0) - (all.at(-2) ?? 0)).toBe(1280);
});

it('is answered at each list where the control plane has changed the row and queues it again; after ten times ever more rarely', () => {
  const tenTimes = Array.from({ length: 10 }, (_, index) => index + 1);
  expect(repeatsAt(160, confirmed)).toEqual([...tenTimes, 20, 40, 80, 160]);
  const all = repeatsAt(10_000, confirmed);
  expect((all.at(-1) ?? 0) - (all.at(-2) ?? 0)).toBe(1280);
});

it('says of each repeat whether the session was queued again, and how many lists later the next one is due', () => {
  expect(count(new Map(), confirmed).repeated.get('abc-123')).toEqual({
    status: 'active',
    polls: 1,
    repeats: 0,
    isQueuedAgain: true,
    pausePolls: 1,
  });
  const after = (repeats: number, polls: number, taken: Readonly<Record<string, Acknowledged>>) => {
    const before = new Map([['abc-123', { status: 'active', polls: polls - 1, repeats } as const]]);
    const { isQueuedAgain, pausePolls } = count(before, taken).repeated.get('abc-123') ?? {};
    return [isQueuedAgain, pausePolls];
  };
  expect(after(9, 1, confirmed)).toEqual([true, 10]);
  expect(after(10, 10, confirmed)).toEqual([true, 20]);
  expect(after(0, 10, acknowledged)).toEqual([false, 20]);
});

it('once a list shows the answer, the next ten answers are prompt again', () => {
  let unapplied: ReadonlyMap<string, Unapplied> = new Map();
  for (let poll = 0; poll < 15; poll += 1) unapplied = count(unapplied, confirmed).unapplied;
  expect(count(unapplied, confirmed).repeated.size).toBe(0);
  unapplied = count(unapplied, confirmed, 'active').unapplied;
  expect(count(unapplied, confirmed).repeated.size).toBe(1);
});

it('a list that was requested before the update was accepted does not count', () => {
  const { unapplied, repeated } = count(new Map(), confirmed, 'queued-for-setup', true);
  expect([unapplied.size, repeated.size]).toEqual([0, 0]);
});

it.each([
  ['shows what was told', 'active'],
  ['shows something new', 'error'],
] as const)('a list that %s ends it', (_, status) => {
  expect(count(new Map(), acknowledged, status).unapplied.size).toBe(0);
});

it('it ends when the session is no longer listed', () => {
  const nothing = { acknowledged, listed: new Map(), isOlder: () => false };
  expect(countUnapplied(new Map(), nothing).unapplied.size).toBe(0);
});
