import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../../src/core/model/fingerprint.js';

const owner = { kind: 'node' } as const;
const [a, b] = [
  { path: 'a.conf', content: '1', owner },
  { path: 'b.conf', content: '2', owner },
];

it('files are the same in any order, and not with another text, name or BIRD', () => {
  const same = fingerprintOf([a, b], '2.0.12');
  expect(same).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprintOf([b, a], '2.0.12')).toBe(same);
  const others = [
    fingerprintOf([a, { ...b, content: '3' }], '2.0.12'),
    fingerprintOf([a, { ...b, path: 'c.conf' }], '2.0.12'),
    fingerprintOf([a], '2.0.12'),
    fingerprintOf([a, b], '3.1.8'),
    fingerprintOf([a, b], undefined),
  ];
  expect(new Set([same, ...others]).size).toBe(6);
});
