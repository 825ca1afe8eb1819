import { expect, it } from 'vitest';
import { capRoutes, pathsOf } from '../../../../src/core/lookups/route-text.js';

// 2.0.12's words, and those of 3.4.0 for the AS path.
const lines = [
  'Table master4:',
  '172.21.80.0/24       unicast [dn42_4242421080 2026-11-23 20:24:06] * (100/-) [AS4242421080i]',
  '\tvia fe80::1080 on wg_24001',
  '\tType: BGP univ',
  '\tBGP.as_path: 4242421080',
  '\tBGP.community: (64511,4)',
  '                     unicast [ibgp_2 2026-11-23 20:24:06 from fd00::2] (100/96) [AS4242421080i]',
  '\tvia fe80::2 on dn42-wg-igp-2',
  '\tbgp_path: 4242422189 4242421080',
  '172.22.188.0/26      unreachable [moenet_own_v4 2026-11-23 20:24:06] * (1)',
];

it('has the AS path of each route, the best one marked', () => {
  expect(pathsOf(lines)).toEqual([
    '172.21.80.0/24 * dn42_4242421080: 4242421080',
    '172.21.80.0/24   ibgp_2: 4242422189 4242421080',
    '172.22.188.0/26 * moenet_own_v4: local',
  ]);
});

it('gives short lists as they are', () => {
  expect(capRoutes(lines)).toBe(lines.join('\n'));
});

it('cuts long ones off and says so', () => {
  const route = lines[1] ?? '';
  const many = capRoutes(Array.from({ length: 500 }, () => route)).split('\n');
  expect(many).toHaveLength(201);
  expect(many.at(-1)).toBe('... cut off here: there is more');
  const long = capRoutes(Array.from({ length: 100 }, () => 'x'.repeat(2000)));
  expect(long.length).toBeLessThan(65 * 1024);
  expect(long).toMatch(/cut off here: there is more$/);
});
