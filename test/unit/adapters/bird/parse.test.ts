import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProtocols, parseStatus, parseUndoSeconds } from '../../../../src/adapters/bird/parse.js';
import { type Reply, replyReader } from '../../../../src/adapters/bird/socket/reply.js';
import { status } from '../../../fakes/bird-daemon.js';

const versions = ['2.0.12', '3.1.8', '3.4.0'];

function reply(text: string): Reply {
  const [first] = replyReader().push(text);
  if (!first) throw new Error('no whole reply');
  return first;
}

function fixture(path: string): Reply {
  return reply(readFileSync(`test/fixtures/bird/${path}`, 'utf8'));
}

function protocols(path: string) {
  return new Map(parseProtocols(fixture(path)).map((protocol) => [protocol.name, protocol]));
}

const offers = { families: ['ipv4', 'ipv6'], extendedNextHop: [], gracefulRestart: true };

describe.each(versions)('the replies of BIRD %s', (version) => {
  const found = protocols(`${version}/show-protocols-all.txt`);

  it('name the version and the router id, and that it is not reconfiguring', () => {
    expect(parseStatus(fixture(`${version}/show-status.txt`))).toEqual({
      version,
      routerId: '192.0.2.1',
      reconfiguring: false,
      recovering: false,
    });
  });

  it('list every protocol once with its kind', () => {
    expect([...found.values()].map(({ name, proto }) => `${proto} ${name}`).sort()).toEqual([
      'BGP dn42_a_very_long_name_that_breaks_the_columns_of_the_table_4242',
      'BGP dn42_badas',
      'BGP dn42_block',
      'BGP dn42_bye',
      'BGP dn42_confdisabled',
      'BGP dn42_hand',
      'BGP dn42_idle',
      'BGP dn42_limit',
      'BGP dn42_refused',
      'BGP dn42_up',
      'Device device1',
      'Direct direct1',
      'Kernel kernel4',
      'Pipe pipe1',
      'RPKI rpki1',
      'Static static4',
      'Static static6',
    ]);
  });

  it('show an established session with the routes of each channel', () => {
    expect(found.get('dn42_up')).toEqual({
      name: 'dn42_up',
      proto: 'BGP',
      state: 'up',
      since: expect.stringMatching(/^2026-11-23 20:\d\d:\d\d\.\d{3}$/),
      info: 'Established',
      disabled: false,
      bgp: {
        state: 'Established',
        neighborAddress: '10.99.0.2',
        neighborAs: 4242420002,
        lastError: undefined,
        capabilities: { own: offers, neighbor: offers },
      },
      channels: [
        { name: 'ipv4', state: 'UP', routes: { imported: 2, filtered: 1, exported: 3, preferred: 2 } },
        { name: 'ipv6', state: 'UP', routes: { imported: 0, filtered: 0, exported: 1, preferred: 0 } },
      ],
    });
  });

  it('show a session that waits for its interface, and one that cannot reach its peer', () => {
    expect(found.get('dn42_idle')).toMatchObject({
      state: 'start',
      info: 'Idle',
      disabled: false,
      bgp: { state: 'Idle', neighborAddress: 'fe80::2%noiface', neighborAs: 4242420007 },
      channels: [{ name: 'ipv6', state: 'DOWN', routes: undefined }],
    });
    expect(found.get('dn42_refused')).toMatchObject({
      state: 'start',
      info: expect.stringMatching(/^(Active|Connect) +Socket: No route to host$/),
      disabled: false,
      bgp: { lastError: 'Socket: No route to host' },
    });
  });

  it('read a name that is longer than its column', () => {
    expect(found.get('dn42_a_very_long_name_that_breaks_the_columns_of_the_table_4242')).toMatchObject({
      state: 'start',
      since: expect.stringMatching(/^2026-11-23 20/),
      bgp: { neighborAs: 4242420009 },
    });
  });

  it('show a protocol as disabled only where it is disabled by hand or in the configuration', () => {
    const disabled = [...found.values()].filter((protocol) => protocol.disabled).map(({ name }) => name);
    expect(disabled.filter((name) => name !== 'dn42_limit').sort()).toEqual([
      'direct1',
      'dn42_confdisabled',
      'dn42_hand',
    ]);
  });
});

it.each([
  '2.0.12/show-protocols-all-limit-hit.txt',
  '3.1.8/show-protocols-all.txt',
  '3.4.0/show-protocols-all.txt',
])('a session that hit its limit is disabled and says why (%s)', (path) => {
  expect(protocols(path).get('dn42_limit')).toMatchObject({
    state: 'down',
    info: 'Automatic shutdown: Route limit exceeded',
    disabled: true,
    bgp: { state: 'Down', lastError: 'Automatic shutdown: Route limit exceeded' },
  });
});

it.each([
  ['20:24:16.639  Idle          ', '20:24:16.639', 'Idle'],
  [
    '2026-11-22  Active        Socket: Connection refused',
    '2026-11-22',
    'Active        Socket: Connection refused',
  ],
  ['23 Nov 2026 20:24  Established   ', '23 Nov 2026 20:24', 'Established'],
  ['2026-11-23 20:24:16.639  ', '2026-11-23 20:24:16.639', ''],
])('the time format %j does not move the info', (rest, since, info) => {
  const [protocol] = parseProtocols(
    reply(`1002-dn42_a  BGP        ---        start  ${rest}\n1006-\n0000 \n`),
  );
  expect(protocol).toMatchObject({ since, info });
});

it('the text of a description or a peer never counts as BIRD’s own', () => {
  const [protocol] = parseProtocols(
    reply(
      '1002-dn42_a  BGP  ---  start  20:24:16.639  Idle\n1006-  Description:    BGP state: Established\n' +
        '   Message:        Channel ipv4\n   BGP state:          Idle\n0000 \n',
    ),
  );
  expect(protocol).toMatchObject({ bgp: { state: 'Idle' }, channels: [] });
});

it('a status tells that a reconfiguration is in progress', () => {
  expect(parseStatus(reply(status('2.0.12', 'Reconfiguration in progress'))).reconfiguring).toBe(true);
});

it('an answer without a version is an error', () => {
  expect(() => parseStatus(reply('9001 syntax error\n'))).toThrow('no version');
});

describe('configure status', () => {
  const reply = (text: string) => {
    const [only] = replyReader().push(text);
    if (!only) throw new Error('no reply');
    return only;
  };

  it('gives the seconds that a configuration on trial has left', () => {
    const text = '0003-Daemon is up and running\n0022-Configuration unconfirmed, undo in 249.988 s\n0000 \n';
    expect(parseUndoSeconds(reply(text))).toBe(249.988);
  });

  it('says nothing of it where nothing is on trial, or BIRD does not know the command', () => {
    expect(parseUndoSeconds(reply('0003-Daemon is up and running\n0000 \n'))).toBeUndefined();
    expect(parseUndoSeconds(reply('9001 syntax error\n'))).toBeUndefined();
  });
});

/** A session whose ends offer these capabilities. */
function established(own: readonly string[], neighbor: readonly string[]) {
  const lines = [
    '  BGP state:          Established',
    '    Local capabilities',
    ...own,
    '    Neighbor capabilities',
    ...neighbor,
    '    Session:          external AS4',
    '  Channel ipv6',
  ];
  const [first, ...rest] = lines;
  const text = [`1006-${first}`, ...rest.map((line) => ` ${line}`)].join('\n');
  const [protocol] = parseProtocols(
    reply(`1002-dn42_a  BGP  ---  up  20:24:16.639  Established\n${text}\n0000 \n`),
  );
  return protocol?.bgp?.capabilities;
}

it('reads what both ends of a session offer', () => {
  const own = [
    '      Multiprotocol',
    '        AF announced: ipv4 ipv6 ipv4-mc',
    '      Extended next hop',
    '        IPv6 nexthop: ipv4',
    '      Graceful restart',
    '        Restart time: 120',
  ];
  expect(established(own, ['      Multiprotocol', '        AF announced: ipv6'])).toEqual({
    own: { families: ['ipv4', 'ipv6'], extendedNextHop: ['ipv4'], gracefulRestart: true },
    neighbor: { families: ['ipv6'], extendedNextHop: [], gracefulRestart: false },
  });
});

it('a neighbor that offers no MP-BGP speaks IPv4 only', () => {
  expect(established([], ['      Route refresh'])?.neighbor.families).toEqual(['ipv4']);
  expect(established([], [])?.neighbor.families).toEqual(['ipv4']);
});

it('reads the limits of a channel, and which of them was hit', () => {
  const lines = [
    '1002-dn42_a  BGP  ---  up  20:24:16.639  Established',
    '1006-  Channel ipv6',
    '     State:          UP',
    '     Receive limit:  9000 [HIT]',
    '       Action:       block',
    '     Import limit:   8000',
    '       Action:       warn',
    '     Export limit:   10',
    '       Action:       disable',
    '     Routes:         1 imported, 2 filtered, 3 exported, 4 preferred',
    '0000 ',
    '',
  ];
  expect(parseProtocols(reply(lines.join('\n')))[0]?.channels[0]?.limits).toEqual([
    { kind: 'receive', max: 9000, action: 'block', isHit: true },
    { kind: 'import', max: 8000, action: 'warn', isHit: false },
    { kind: 'export', max: 10, action: 'disable', isHit: false },
  ]);
});

it('a status of a BIRD that waits for its neighbors after a graceful restart says so', () => {
  const text = `1000-BIRD 2.0.12
1011-Router ID is 192.0.2.1
 Graceful restart recovery in progress
   Waiting for 1 channels to recover
   Wait timer is 58.951/60
0013 Daemon is up and running
`;
  expect(parseStatus(reply(text)).recovering).toBe(true);
});
