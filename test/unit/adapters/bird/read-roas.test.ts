import { describe, expect, it } from 'vitest';
import { parseRoas } from '../../../../src/adapters/bird/read-roas.js';
import { replyReader } from '../../../../src/adapters/bird/socket/reply.js';

function parse(rows: readonly string[], end = '0000 ', family: 'ipv4' | 'ipv6' = 'ipv4') {
  const [first, ...rest] = ['Table moenet_roa4:', ...rows];
  const text = [`1007-${first}`, ...rest.map((row) => ` ${row}`), end, ''].join('\n');
  const [reply] = replyReader().push(text);
  return parseRoas(reply ?? expect.fail('no whole reply'), family);
}

const row = (roa: string) => `${roa}  [moenet_rpki_a 05:48:09.746] * (100)`;

describe("BIRD's table of ROAs", () => {
  it('is read as statements of BIRD', () => {
    expect(parse([row('172.20.0.0/24-28 AS4242420000'), row('10.0.0.0/8-24 AS0')])).toEqual([
      '172.20.0.0/24 max 28 as 4242420000',
      '10.0.0.0/8 max 24 as 0',
    ]);
    expect(parse([row('fd00::/8-64 AS1')], '0000 ', 'ipv6')).toEqual(['fd00::/8 max 64 as 1']);
  });

  it('may be empty', () => {
    const [empty] = replyReader().push('8001 Network not found\n');
    expect(parseRoas(empty ?? expect.fail(), 'ipv4')).toEqual([]);
  });

  it.each([
    '172.20.0.0/24-28 AS4242420000; include',
    '172.20.0.0/24',
    'fd00::/8-64 AS1',
    '172.20.0.0/24-20 AS1',
  ])('is not taken in part where it has the row %j', (bad) => {
    expect(() => parse([row('10.0.0.0/8-24 AS0'), row(bad)])).toThrow("BIRD's table of ROAs has the row");
  });

  it('is none where BIRD refuses', () => {
    expect(() => parse([], '9001 syntax error')).toThrow('show route: BIRD says 9001 syntax error');
  });
});
