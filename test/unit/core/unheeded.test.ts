import { expect, it } from 'vitest';
import { sessionId } from '../../../src/core/model/session-id.js';
import { countUnheeded, type Unheeded } from '../../../src/core/unheeded.js';

const report = {
  uuid: sessionId.parse('abc-123'),
  status: 'active',
  interface: 'wg_1',
  error: undefined,
} as const;
const acknowledged = { 'abc-123': { report, listed: 'queued-for-setup' } } as const;

function repeatsAt(polls: number): number[] {
  let unheeded: ReadonlyMap<string, Unheeded> = new Map();
  const repeats: number[] = [];
  for (let poll = 1; poll <= polls; poll += 1) {
    const counted = countUnheeded(unheeded, acknowledged, new Map([['abc-123', 'queued-for-setup']]));
    unheeded = counted.unheeded;
    if (counted.repeated.size > 0) repeats.push(poll);
  }
  return repeats;
}

it('is told again after ten lists, then ever more rarely, at last once in 1,280', () => {
  expect(repeatsAt(160)).toEqual([10, 30, 70, 150]);
  const all = repeatsAt(10_000);
  expect((all.at(-1) ?? 0) - (all.at(-2) ?? 0)).toBe(1280);
});

it.each([
  ['shows what was told', 'active'],
  ['shows something new', 'error'],
] as const)('a list that %s ends it', (_, status) => {
  expect(countUnheeded(new Map(), acknowledged, new Map([['abc-123', status]])).unheeded.size).toBe(0);
});

it('a session that is not listed any more ends it', () => {
  expect(countUnheeded(new Map(), acknowledged, new Map()).unheeded.size).toBe(0);
});
