import { describe, expect, it } from 'vitest';
import { parseBabelNeighbors } from '../../../../src/adapters/bird/parse-babel.js';

function reply(code: string, ...texts: readonly string[]) {
  return { code, text: '', lines: texts.map((text) => ({ code: '1024', text })) };
}

describe('the neighbors that Babel can use', () => {
  it('are those with a finite cost, by BIRD 2.0.12', () => {
    const rows = [
      'moenet_babel:',
      'IP address                Interface  Metric Routes Hellos Expires Auth',
      'fe80::2                   dn42-wg-igp-2     96      4      3   5.148 No  ',
      'fe80::3                   dn42-wg-igp-3  65535      4      3   5.148 No  ',
    ];
    expect(parseBabelNeighbors(reply('0000', ...rows))).toBe(1);
  });

  it('are those with a finite cost, by BIRD 3.4', () => {
    const rows = [
      'moenet_babel:',
      'IP address                Interface  Metric Routes Hellos Expires Auth  RTT (ms)',
      'fe80::2                   dn42-wg-igp-2     96      4      4   3.650 No       0.067',
    ];
    expect(parseBabelNeighbors(reply('0000', ...rows))).toBe(1);
  });

  it('are none where there is no row, and not known where the protocol does not say', () => {
    expect(parseBabelNeighbors(reply('0000', 'moenet_babel:'))).toBe(0);
    expect(parseBabelNeighbors(reply('8002'))).toBeUndefined();
  });
});
