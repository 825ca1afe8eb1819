import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePings } from '../../../../src/adapters/fping/pinger.js';

const captured = readFileSync(new URL('../../../fixtures/fping/mixed.txt', import.meta.url), 'utf8');

describe('parsePings', () => {
  it('takes the median of the answered probes and the share of the lost ones', () => {
    const results = parsePings(captured);
    expect([...results.keys()]).toEqual(['fe80::2%va', '192.0.2.2', '192.0.2.9', 'fe80::9%va']);
    expect(results.get('fe80::2%va')?.rttMs).toBe(0.067);
    expect(results.get('fe80::2%va')?.loss).toBe(0);
    expect(results.get('192.0.2.2')?.rttMs).toBe(0.028);
    expect(results.get('192.0.2.2')?.loss).toBeCloseTo(1 / 3, 4);
    expect(results.get('192.0.2.9')).toEqual({ rttMs: undefined, loss: 1 });
  });

  it('passes over everything that is no result', () => {
    expect(parsePings('127.0.0.1 : duplicate for [0], 84 bytes, 0.1 ms\n: 1 2\nfoo : 1 x\n\n').size).toBe(0);
  });
});
