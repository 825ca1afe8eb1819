import { describe, expect, it } from 'vitest';
import { limit } from '../../../../src/adapters/dns/resolver.js';

describe('limit', () => {
  it('goes on after a task that failed', async () => {
    const inTurn = limit(1);
    const done: string[] = [];
    const tasks = ['a', 'b', 'c'].map((name) =>
      inTurn(async () => {
        if (name === 'a') throw new Error('a failed');
        done.push(name);
      }),
    );
    const results = await Promise.allSettled(tasks);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(done).toEqual(['b', 'c']);
  });
});
