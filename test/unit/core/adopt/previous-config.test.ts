import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPreviousConfig } from '../../../../src/core/adopt/previous-config.js';
import { tokenize } from '../../../../src/core/bird-syntax/tokens.js';
import { preservedProtocol } from '../../../../src/core/model/preserved.js';

const read = (...texts: string[]) =>
  readPreviousConfig(texts.map((text, index) => ({ path: `${index}.conf`, text })));

/** The only BGP protocol of a text, with its options or what is wrong with them. */
function bgp(...texts: string[]) {
  const [first, ...others] = read(...texts).bgp;
  expect(others).toEqual([]);
  return first;
}

const preserved = (...texts: string[]) => {
  const options = bgp(...texts)?.options;
  return options && 'preserved' in options ? options.preserved : options;
};

const inside = (options: string, channel = '') =>
  `protocol bgp x { local as 64512; neighbor 10.0.0.1 as 64513; ${options} ipv4 { ${channel} }; }`;

describe('a BGP protocol of another configuration', () => {
  it('is read with what its template, and that one’s, say of it', () => {
    const protocol = preserved(
      'define OWN = 64512; define MINE = OWN; define SELF = fd00::1;',
      'template bgp a { local as MINE; hold time 90; ipv6 { import all; add paths rx; }; }',
      'template bgp b from a { hold time 60; passive; ipv6 { import table on; add paths tx; }; }',
      "protocol bgp x from b { source address SELF; neighbor fe80::2 % 'dn42-wg' as 64513; multihop 3; direct; }",
    );
    expect(protocol).toEqual({
      name: 'x',
      localAs: 64512,
      localAddress: 'fd00::1',
      neighbor: 'fe80::2',
      neighborAs: 64513,
      interface: 'dn42-wg',
      options: ['direct', 'hold time 60', 'passive on'],
      channels: [{ name: 'ipv6', options: ['add paths tx', 'import table on'] }],
    });
  });

  it.each([
    [
      'local 10.0.0.2 as 64512; neighbor 10.0.0.1 port 179 as 64513;',
      { localAddress: '10.0.0.2', neighbor: '10.0.0.1' },
    ],
    ['local as 64512; neighbor fe80::2%wg_1 as 64513;', { neighbor: 'fe80::2', interface: 'wg_1' }],
    [
      'local as 64512; neighbor fe80::2 as 64513; interface "wg_1";',
      { neighbor: 'fe80::2', interface: 'wg_1' },
    ],
  ])('has its addresses in any spelling: %s', (text, wanted) => {
    expect(preserved(`protocol bgp x { ${text} ipv4 { import all; }; }`)).toMatchObject(wanted);
  });

  it('has nothing of filters, limits, descriptions and comments', () => {
    const text = inside(
      'description "a } { ; # b"; debug { states }; /* hold time 1; */ # hold time 2;\n',
      'import filter { if net ~ [ 10.0.0.0/8+ ] then { accept; } reject "};"; }; export where source = RTS_BGP; import limit 9 action block; receive limit 9; next hop self; preference 200; table master4;',
    );
    expect(preserved(text)).toMatchObject({ options: [], channels: [{ name: 'ipv4', options: [] }] });
  });

  it.each([
    ['password "secret";', '', 'password secret'],
    ['strict bind;', '', 'strict bind'],
    ['vrf "blue";', '', 'vrf'],
    ['hold time 60 + 30;', '', 'hold time 60'],
    ['bfd { min rx interval 1 s; };', '', 'bfd {...}'],
    ['frobnicate 3;', '', 'frobnicate 3'],
    ['', 'table dn42_v4;', 'its channel ipv4'],
    ['', 'igp table x;', 'its channel ipv4'],
    ['ipv4 multicast { import all; };', '', 'ipv4 multicast'],
    ['neighbor range 10.0.0.0/24;', '', 'neighbor range'],
  ])('is not understood with what is not known: %s%s', (options, channel, words) => {
    expect(bgp(inside(options, channel))?.options).toEqual({ problem: expect.stringContaining(words) });
  });

  it('is not understood without its template', () => {
    expect(
      bgp('protocol bgp x from none { neighbor 10.0.0.1 as 1; ipv4 { import all; }; }')?.options,
    ).toEqual({
      problem: 'there is no template none',
    });
  });

  it.each([
    'graceful restart aware',
    'graceful restart on',
    'long lived graceful restart off',
    'multihop',
    'multihop 8',
    'rr client on',
    'rr cluster id 10.0.0.1',
    'local role rs_client',
    'error wait time 60, 300',
    'default bgp_med 5',
    'allow local as 2',
    'bfd graceful',
    'ttl security off',
    'advertise hostname on',
  ])('keeps "%s" unchanged, also after it was stored', (option) => {
    const protocol = preserved(inside(`${option};`));
    expect(protocol).toMatchObject({ options: [option] });
    expect(preservedProtocol(JSON.parse(JSON.stringify(protocol)))).toEqual(protocol);
  });
});

it('has the name that BIRD gives it if it has none of its own', () => {
  const config = read(
    'protocol bgp { local as 1; neighbor 10.0.0.1 as 2; ipv4 { import all; }; }\nprotocol kernel { scan time 5; ipv4 { export all; }; };protocol kernel k { ipv6 { export all; }; }\nprotocol kernel { scan time SOME; }',
  );
  expect(config.bgp.map(({ name }) => name)).toEqual(['bgp1']);
  expect([...config.scanTimes]).toEqual([
    ['kernel1', 5],
    ['k', 60],
    ['kernel2', undefined],
  ]);
});

it('goes on over functions with variables of the old kind, sets and other statements', () => {
  const config = read(
    'log "/x" { debug, trace }; roa4 table r; function f(int a) int b; { if a then { return; } }\nfilter g int c; { accept; }',
    'define S = [ 10.0.0.0/8{15,24}, (1, 2, 3) ]; hostname "jp1"; timeformat base iso long;',
    inside(''),
  );
  expect([config.hostname, config.bgp.length]).toEqual(['jp1', 1]);
});

it.each([
  'protocol bgp x {',
  'template bgp t { } }',
  'router id 1.2.3.4',
  'filter f { if x then { accept; }',
])('throws if it has no end: %s', (text) => {
  expect(() => read(text)).toThrow('has no end');
});

describe('whatever stands in a file', () => {
  const words = fc.constantFrom(
    ...[
      'protocol',
      'bgp',
      'template',
      'from',
      '{',
      '}',
      ';',
      'ipv4',
      'local',
      'as',
      'neighbor',
      '10.0.0.1',
      '64512',
      '%',
    ],
    ...[
      "'a-b'",
      '"text"',
      'hold time',
      'import',
      'table',
      'define',
      '=',
      'x',
      '#',
      '/*',
      '*/',
      '\n',
      '"',
      'fe80::1',
      'password',
    ],
  );

  it('is read, or refused in words, and never longer than it takes to read it once', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words, { maxLength: 60 }).map((all) => all.join(' ')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          try {
            for (const { options } of read(text).bgp)
              if ('preserved' in options)
                expect(preservedProtocol(options.preserved)).toEqual(options.preserved);
          } catch (error) {
            expect((error as Error).name).toBe('UnbalancedError');
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('gives options that hold nothing but words, numbers and addresses', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (all) => {
        let options: readonly string[] = [];
        try {
          const protocol = preserved(inside(`${all.join(' ')};`));
          options = protocol && 'options' in protocol ? protocol.options : [];
        } catch {
          return;
        }
        for (const option of options) expect(option).toMatch(/^[a-z0-9_ ,.:]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes time in proportion to its length', () => {
    const text = `${'{ "'.repeat(50_000)}${':'.repeat(50_000)}${'/*'.repeat(50_000)}`;
    expect(tokenize([{ path: '', text }]).length).toBeGreaterThan(50_000);
  });
});

it.each([
  { options: ['hold time 60; password "x"'] },
  { options: ['hold time 60;'] },
  { options: ['include "x"'] },
  { name: 'x { }' },
  { interface: 'a"b' },
  { channels: [{ name: 'ipv4', options: ['import filter { accept; }'] }] },
  { channels: [] },
])('is not kept as anything else: %j', (part) => {
  const good = preserved(inside('hold time 60;'));
  expect(preservedProtocol(good)).toBeDefined();
  expect(preservedProtocol({ ...good, ...part })).toBeUndefined();
});
