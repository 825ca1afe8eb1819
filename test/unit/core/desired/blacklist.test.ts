import { expect, it } from 'vitest';
import { readBlacklist } from '../../../../src/core/desired/blacklist.js';

const list = (body: string) =>
  `# Blacklist [1]\nfunction is_blacklisted() -> bool {\n    return ${body};\n}\n`;

it('reads the ASNs of the list of blocked ones', () => {
  expect(readBlacklist(list('bgp_path ~ [= * [4242429999, 64512] * =]'))).toEqual([4242429999, 64512]);
});

it.each([
  undefined,
  '',
  list('false'),
  'function other() { return 64512; }',
  'function is_blacklisted() {',
  list('[0, 99999999999]'),
])('finds none in anything else: %s', (text) => {
  expect(readBlacklist(text)).toEqual([]);
});
