import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../../src/cli/status/view.js';
import { makePaint } from '../../../src/cli/terminal/paint.js';
import type { NodeStatus } from '../../../src/shell/status/status.js';
import { badStatus, goodSession, goodStatus } from '../../fakes/node-status.js';
import { fakeTerminal } from '../../fakes/terminal.js';

function view(status: NodeStatus, width = Number.POSITIVE_INFINITY, columns?: number): string {
  const { stdout } = fakeTerminal(columns === undefined ? {} : { columns });
  return renderStatus(status, { width, paint: makePaint(stdout, {}), nowSeconds: 1_700_000_020 });
}

it('shows a healthy node at a glance', () => {
  expect(view(goodStatus)).toBe(
    `
jp1  ok: 1 of 1 session up

ASN           NAME     TUNNEL   BGP              RTT  TREND  LOSS   IN  REFUSED  OUT      RX      TX  SINCE     INTERFACE

up (1)
AS4242421080  example  42s ago  Established  12.5 ms  ▁▂·█     0%  812        4    3  1.2 MB   999 B  12:00:01  dn42_4242421080

mesh (1)
node 2        de1      5s ago                 230 ms                                  2.0 kB  1.0 kB            dn42-wg-igp-2

agent          0.1.0, up 3h 12m, process 4711
control plane  https://api.example.net, last answer 20s ago
BIRD           2.0.12
last pass      10s ago in 35 ms, no changes
`.trimStart(),
  );
});

it('shows the verdict and its cause first, then who has to act on what', () => {
  expect(view(badStatus)).toBe(
    `
jp1  degraded: the control plane does not answer: HTTP 503, and 2 more problems

! BIRD does not run
- The agent asks the control plane again, with growing pauses; tunnels and sessions stay as they are.
- The agent keeps BIRD's files ready; start BIRD (systemctl start bird) to load them.
- The agent tries failed changes again at every pass.
- Refused sessions stay as they are until their rows, or what is in their way here, change.

ASN           NAME     TUNNEL     BGP              RTT  TREND  LOSS   IN  REFUSED  OUT      RX      TX  SINCE     INTERFACE

needs you (1)
c3                     no tunnel
    c3: mtu: 40 is not an MTU from 1280 to 9000

peer's side: all is right here (1)
AS4242422222  example  never      Active                       100%    0        0    0     0 B   148 B  12:00:01  wg_24002
    BGP is Active; no WireGuard handshake yet

up (1)
AS4242421080  example  42s ago    Established  12.5 ms  ▁▂·█     0%  812        4    3  1.2 MB   999 B  12:00:01  dn42_4242421080

mesh (1)
node 2        de1      5s ago                   230 ms                                  2.0 kB  1.0 kB            dn42-wg-igp-2

agent          0.1.0, up 3h 12m, process 4711
control plane  https://api.example.net, last answer 20s ago, HTTP 503
BIRD           not running: connect ENOENT /run/bird/bird.ctl
last pass      10s ago in 1250 ms, 2 changes, 1 failed
`.trimStart(),
  );
});

describe('the node itself', () => {
  const system: NonNullable<NodeStatus['system']> = {
    protocols: [
      { name: 'device1', type: 'device', state: 'up', isUp: true },
      { name: 'moenet_kernel_v4', type: 'kernel', state: 'up', isUp: true },
      { name: 'moenet_rpki_akae', type: 'rpki', state: 'Established', isUp: true },
      { name: 'ibgp_2', type: 'bgp', state: 'Established', isUp: true },
    ],
    kernel: [
      { family: 'ipv4', protocols: ['moenet_kernel_v4'], isUp: true, exported: 812 },
      { family: 'ipv6', protocols: ['moenet_kernel_v6'], isUp: false, exported: 0 },
    ],
    caches: [
      { name: 'akae', state: 'Established', isUp: true, roas: 3021 },
      { name: 'other', state: 'Transport-Error', isUp: false, roas: 0 },
    ],
    forwarding: { ipv4: true, ipv6: false },
    strictRpFilter: ['wg_24001'],
    ipv6Disabled: [],
    repaired: [],
  };
  const down = { name: 'device1', type: 'device', state: 'down', isUp: false };

  it('has its iBGP beside the mesh tunnel of each node', () => {
    const mesh = goodStatus.mesh.map((row) => ({ ...row, bgp: 'Active' }));
    expect(view({ ...goodStatus, mesh })).toMatch(/^node 2 +de1 .* Active /m);
  });

  it('is shown with its kernel routes, its protocols, its caches and the kernel’s settings', () => {
    const text = view({ ...goodStatus, system });
    expect(text).toContain(`BIRD           2.0.12
kernel         812 IPv4 routes, no IPv6 route (its kernel protocol is not up)
protocols      2 of the node's own are up
RPKI           akae 3021 ROAs, other does not answer (Transport-Error, 0 ROAs)
forwarding     IPv4 on, IPv6 off, rp_filter strict on 1 tunnel
`);
    expect(view({ ...goodStatus, system: { ...system, protocols: [down] } })).toContain(
      "protocols      1 of the node's own, not up: device1 (down)\n",
    );
  });

  it('shows the number and the age of the saved ROAs, and whether they are in use', () => {
    const saved = { atSeconds: 0, count: 3100, isUsed: true };
    const text = (savedRoas: typeof saved) => view({ ...goodStatus, system: { ...system, savedRoas } });
    expect(text(saved)).toMatch(/0 ROAs\), 3100 ROAs saved .+ ago, in use\n/);
    expect(text({ ...saved, isUsed: false })).toMatch(/3100 ROAs saved .+ ago\n/);
  });
});

it('says of what failed how often it was tried and when it is tried again', () => {
  const retry = { failures: 7, atSeconds: 1_700_000_020 + 43 * 60, isHourly: true };
  const text = view({
    ...goodStatus,
    sessions: [{ ...goodSession, state: 'error', error: 'no /dev/net/tun', retry }],
  });
  expect(text).toContain('    no /dev/net/tun (tried 7 times, now once an hour, next try in 43 min)\n');
});

it('does not say that BIRD is down before anybody has looked', () => {
  const text = view({
    ...goodStatus,
    bird: { running: false, version: undefined, reason: undefined },
    problems: ['x'],
  });
  expect(text).toContain('BIRD           not looked at yet');
  expect(text).not.toContain('start BIRD');
});

it('says that maintenance is on, and how it ends', () => {
  const [heading, , line] = view({ ...goodStatus, maintenance: { sinceSeconds: 1_699_996_420 } }).split('\n');
  expect(heading).toBe('jp1  ok: 1 of 1 session up');
  expect(line).toBe(
    'maintenance is on for 1h: the agent leads traffic away from this node. To end it: moenet-agent maintenance off',
  );
});

it.each([120, 100, 80, 60, 40, 30])('stays within %i columns', (width) => {
  const lines = view(badStatus, width).split('\n');
  const words = Math.max(
    ...view(badStatus)
      .split(/\s/)
      .map((word) => word.length),
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, words + 15));
  expect(lines.some((line) => line.includes('AS4242421080'))).toBe(true);
});

it('drops the least telling columns first', () => {
  const header = (width: number) =>
    view(goodStatus, width)
      .split('\n')
      .find((line) => line.startsWith('ASN'));
  expect(header(80)).toBe('ASN           NAME     TUNNEL   BGP              RTT  LOSS   IN  REFUSED  OUT');
  expect(header(40)).toBe('ASN           TUNNEL   BGP');
});

it('names what happens next, and leaves to the node what only the node explains', () => {
  const trouble = { kind: 'working', words: 'no /dev/net/tun', next: 'next try in 4 min' } as const;
  const blocked = { kind: 'needs-you', words: 'BGP is not running', isOfNode: true } as const;
  const text = view({
    ...goodStatus,
    health: 'degraded',
    problems: ['BIRD does not run', 'session a1 (AS4242421080): no /dev/net/tun'],
    sessions: [
      { ...goodSession, trouble },
      { ...goodSession, uuid: 'b2', asn: 64512, trouble: blocked },
    ],
  });
  expect(text).toMatch(
    /needs you \(1\)\nAS64512 .*\n\nworking on it \(1\)\nAS4242421080 .*\n {4}no \/dev\/net\/tun \(next try in 4 min\)\n/,
  );
  expect(text).toMatch(/^jp1 {2}degraded: BIRD does not run/);
  expect(text).not.toMatch(/^! BIRD/m);
  expect(text).not.toMatch(/^! session/m);
});

it('of an older daemon, which names no trouble, shows the errors', () => {
  const problems = ['session a1 (AS4242421080): no /dev/net/tun'];
  const sessions = [{ ...goodSession, state: 'error' as const, error: 'no /dev/net/tun' }];
  const text = view({ ...goodStatus, health: 'degraded', problems, sessions });
  expect(text).toMatch(/^jp1 {2}degraded: session a1 \(AS4242421080\): no \/dev\/net\/tun\n/);
  expect(text).toMatch(/needs you \(1\)\nAS4242421080 .*\n {4}no \/dev\/net\/tun\n/);
});

it('names a session without an ASN by its uuid, whose width takes no column from the others', () => {
  const uuid = '6f0d0c52-3f1b-4a0e-9d57-004242421002';
  const trouble = { kind: 'needs-you', words: 'mtu: 40' } as const;
  const text = view({ ...goodStatus, sessions: [{ ...goodSession, uuid, asn: undefined, trouble }] }, 40);
  expect(text).toMatch(/^6f0d0c52-3\.\. {2}42s ago {2}Established$/m);
  expect(text).toContain(uuid);
});

it('counts all sessions where it shows only those with trouble', () => {
  const { stdout } = fakeTerminal();
  const options = { width: 80, paint: makePaint(stdout, {}), nowSeconds: 1_700_000_020 };
  expect(renderStatus(goodStatus, options, 'problems')).toBe('jp1  ok: 1 of 1 session up\n');
});

it('keeps wide characters in their columns', () => {
  const description = '日本語の名前がとても長い隣人';
  const sessions = [goodSession, { ...goodSession, asn: 4242423333, description }];
  const rows = view({ ...goodStatus, sessions, mesh: [] }, 80)
    .split('\n')
    .filter((line) => /^AS\d/.test(line));
  const places = rows.map((row) => stringWidth(row.slice(0, row.indexOf('42s ago'))));
  expect(new Set(places).size).toBe(1);
});

describe('colours', () => {
  it('are on a terminal only', () => {
    expect(view(badStatus)).not.toContain('\x1b');
    expect(view(badStatus, 120, 120)).toContain('\x1b[31mdegraded\x1b[39m');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('are left out for %j', (env) => {
    const { stdout } = fakeTerminal({ columns: 80 });
    expect(makePaint(stdout, env)('bad', 'x')).toBe('x');
  });
});

it('keeps control characters of others from the terminal', () => {
  const evil = 'a\u001b]0;pwned\u0007\u009b2J\r\nx\u202e';
  const text = view({
    ...goodStatus,
    problems: [evil],
    controlPlane: { ...goodStatus.controlPlane, error: evil },
    bird: { running: false, version: undefined, reason: evil },
    sessions: [
      { ...goodSession, description: evil, interface: evil, error: evil, uuid: evil, asn: undefined },
      { ...goodSession, bgp: { protocols: [], state: evil, since: evil, info: evil } },
    ],
    mesh: [
      {
        nodeId: 2,
        name: evil,
        interface: evil,
        tunnel: undefined,
        rttMs: undefined,
        error: evil,
        retry: undefined,
      },
    ],
  });
  expect(text.replaceAll('\n', '').replace(/[▁-█·]/g, '')).toMatch(/^[\x20-\x7e]*$/);
});

it('says so where there are no sessions, no pass and no answer yet', () => {
  const text = view({
    ...goodStatus,
    sessions: [],
    mesh: [],
    lastPass: undefined,
    controlPlane: { ...goodStatus.controlPlane, lastAnswerSeconds: undefined },
  });
  expect(text).toContain('no sessions');
  expect(text).toContain('none yet');
  expect(text).toContain('no answer yet');
});

it.each([
  ['AS4242421080 - Example Net', 'Example Net'],
  ['as4242421080: Example', 'Example'],
  ['AS42424210801 X', 'AS42424210801 X'],
  ['AS4242421080', 'dn42_4242421080'],
])('names a session without the ASN that stands beside it: %s', (description, name) => {
  const sessions = [{ ...goodSession, description }];
  expect(view({ ...goodStatus, sessions })).toContain(`AS4242421080  ${name} `);
});
