import { describe, expect, it } from 'vitest';
import { judgeBirdDirectory } from '../../../src/doctor/checks/bird-configuration.js';
import { judgeDevices } from '../../../src/doctor/checks/devices.js';
import { judgeMtus } from '../../../src/doctor/checks/mtu.js';
import { judgePlace } from '../../../src/doctor/checks/paths.js';
import { judgePrivileges, parsePrivileges } from '../../../src/doctor/checks/privileges.js';
import { judgePrograms, type Versions } from '../../../src/doctor/checks/programs.js';
import { judgeSysctls } from '../../../src/doctor/checks/sysctls.js';
import { judgeTime } from '../../../src/doctor/checks/time.js';
import type { Finding } from '../../../src/doctor/finding.js';

const lines = (findings: readonly Finding[]) => findings.map(({ level, text }) => `${level}: ${text}`);

describe('programs', () => {
  const all = {
    bird: { text: 'BIRD version 2.0.12' },
    wg: { text: 'wireguard-tools v1.0.20210914 - https://git.zx2c4.com' },
    ip: { text: 'ip utility, iproute2-6.1.0, libbpf 1.1.0' },
    fping: { text: 'fping: Version 5.1' },
    'wireguard-go': { text: 'wireguard-go v0.0.20220316' },
  };
  const judge = (part: object, hasWireGuard = false) =>
    judgePrograms(new Map(Object.entries({ ...all, ...part })) as unknown as Versions, hasWireGuard);

  it('are named with their versions', () => {
    expect(lines(judge({}))).toEqual([
      'ok: bird 2.0.12',
      'ok: wg 1.0.20210914',
      'ok: ip 6.1.0',
      'ok: fping 5.1',
      'ok: wireguard-go 0.0.20220316',
    ]);
  });

  it('that are missing are a fault where nothing works without them, with the command that installs them', () => {
    expect(judge({ bird: 'missing', fping: 'missing' }).filter(({ level }) => level !== 'ok')).toEqual([
      {
        level: 'fault',
        text: 'bird is not installed: there is no BGP',
        remedy: 'apt-get install --no-install-recommends -y bird2',
      },
      {
        level: 'warning',
        text: 'fping is not installed: the agent measures round-trip times with ping, a process for each neighbor',
        remedy: 'apt-get install --no-install-recommends -y fping',
      },
    ]);
  });

  it('wireguard-go is needed only where the kernel has no WireGuard', () => {
    expect(lines(judge({ 'wireguard-go': 'missing' })).at(-1)).toMatch(
      /^fault: wireguard-go is not installed/,
    );
    expect(lines(judge({ 'wireguard-go': 'missing' }, true)).at(-1)).toBe('ok: fping 5.1');
  });

  it.each([
    ['1.6.8', 'fault'],
    ['2.0.11', 'fault'],
    ['2.0.12', 'ok'],
    ['2.15', 'ok'],
    ['3.1.8', 'ok'],
  ])('bird %s', (version, level) => {
    expect(judge({ bird: { text: `BIRD version ${version}` } })[0]?.level).toBe(level);
  });
});

it('a kernel without WireGuard, a container without tun', () => {
  const judge = (part: object) =>
    lines(
      judgeDevices({
        hasWireGuard: false,
        hasDummy: true,
        tunError: undefined,
        implementation: 'auto',
        loopback: 'dummy0',
        ...part,
      }),
    );
  expect(judge({})).toEqual([
    'ok: the kernel has no WireGuard: the agent uses wireguard-go',
    'ok: /dev/net/tun opens',
  ]);
  expect(judge({ tunError: 'ENOENT' })[1]).toMatch(/^fault: there is no \/dev\/net\/tun/);
  expect(judge({ tunError: 'EACCES' })[1]).toMatch(/^warning: this user may not open/);
  expect(judge({ implementation: 'kernel', tunError: 'ENOENT' })).toEqual([
    'fault: the kernel has no WireGuard, and wireguard.implementation wants it',
  ]);
  expect(judge({ hasWireGuard: true, hasDummy: false, tunError: 'ENOENT' })).toEqual([
    'ok: the kernel has WireGuard',
    'warning: the kernel has no dummy devices: the loopback addresses go on lo unless there is an interface dummy0',
  ]);
});

it('capabilities of this command and of the daemon', () => {
  const status = (uid: number, caps: string) =>
    parsePrivileges(`Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${caps}\n`);
  expect(parsePrivileges('')).toBeUndefined();
  expect(lines(judgePrivileges(status(0, '000001ffffffffff'), undefined))).toEqual([
    'ok: this command runs as user 0 and may look at all',
  ]);
  expect(lines(judgePrivileges(status(1000, '0000000000000000'), status(990, '0000000000003000')))).toEqual([
    'ok: the daemon runs as user 990 with the capabilities that it needs',
    'warning: this command runs without CAP_NET_ADMIN and CAP_NET_RAW: it cannot see all that it checks',
  ]);
  expect(lines(judgePrivileges(undefined, status(990, '0000000000001000')))[0]).toBe(
    'fault: the daemon runs as user 990 without CAP_NET_RAW: it cannot configure the network',
  );
});

describe('sysctls', () => {
  const good = {
    forwarding: { ipv4: true, ipv6: true },
    rpFilter: new Map([
      ['all', 2],
      ['default', 2],
    ]),
    ipv6Disabled: new Set<string>(),
  };
  const wanted = { tunnels: ['wg_24001'], loopback: 'dummy0', hasOwnTable: false, example: undefined };

  it('that are as a router needs them', () => {
    expect(lines(judgeSysctls(good, wanted))).toEqual([
      'ok: forwarding is on, and neither rp_filter nor disable_ipv6 is in the way',
    ]);
  });

  it('that drop packets are named with the command that mends them', () => {
    const seen = {
      forwarding: { ipv4: false, ipv6: true },
      rpFilter: new Map([
        ['all', 0],
        ['default', 1],
      ]),
      ipv6Disabled: new Set(['default']),
    };
    expect(judgeSysctls(seen, wanted)).toEqual([
      {
        level: 'fault',
        text: expect.stringMatching(/^IPv4 forwarding is off: .*\.$/),
        remedy: `sysctl -w net.ipv4.ip_forward=1 && printf '%s\\n' 'net.ipv4.ip_forward=1' >> /etc/sysctl.d/90-moenet-agent.conf`,
      },
      {
        level: 'warning',
        text: expect.stringContaining('on default'),
        remedy: expect.stringContaining('rp_filter=2'),
      },
      {
        level: 'fault',
        text: expect.stringContaining('IPv6 is switched off on default'),
        remedy: expect.stringContaining('disable_ipv6=0'),
      },
    ]);
  });

  it('that the package has a file for are set by that file', () => {
    const example = '/usr/share/doc/moenet-agent/examples/sysctl.conf';
    const seen = { ...good, forwarding: { ipv4: false, ipv6: true }, ipv6Disabled: new Set(['default']) };
    const remedies = judgeSysctls(seen, { ...wanted, example }).map(({ remedy }) => remedy);
    expect(remedies).toEqual([
      `cp ${example} /etc/sysctl.d/60-moenet-agent.conf && sysctl --system`,
      expect.stringContaining('disable_ipv6=0'),
    ]);
    const [own] = judgeSysctls(seen, { ...wanted, hasOwnTable: true, example });
    expect(own?.remedy).toContain('sysctl -w net.ipv4.ip_forward=1');
  });

  it('that a kernel without IPv6 does not have are named with the way to have them', () => {
    const [finding] = judgeSysctls({ ...good, forwarding: { ipv4: true, ipv6: undefined } }, wanted);
    expect(finding).toMatchObject({ level: 'fault', remedy: expect.stringContaining('update-grub') });
  });

  it('rp_filter in loose mode is in the way of a table of its own', () => {
    const [finding] = judgeSysctls(good, { ...wanted, hasOwnTable: true });
    expect(finding).toEqual({
      level: 'warning',
      text: expect.stringContaining('bird.kernelTable'),
      remedy: `sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 && printf '%s\\n' 'net.ipv4.conf.all.rp_filter=0' 'net.ipv4.conf.default.rp_filter=0' >> /etc/sysctl.d/90-moenet-agent.conf`,
    });
  });
});

it.each([
  [true, 0.4, ['ok', 'ok']],
  [false, undefined, ['warning']],
  [undefined, -30, ['warning']],
  [true, 3600, ['ok', 'fault']],
  [undefined, undefined, ['ok']],
] as const)('the clock: synchronized %s, %s s off', (isSynchronized, skewSeconds, levels) => {
  expect(judgeTime({ isSynchronized, skewSeconds }).map(({ level }) => level)).toEqual(levels);
});

it('the clock that is off is told of with its side', () => {
  expect(judgeTime({ isSynchronized: undefined, skewSeconds: -90 })[0]?.text).toBe(
    "this clock is 90 s behind the control plane's",
  );
});

it('paths', () => {
  const place = { path: '/x', what: 'the place', isMade: false };
  const found = { mode: 0o755, isWritable: true, freeBytes: 1e9 };
  const judge = (part: object) => lines([judgePlace({ ...place, found, ...part })])[0];
  expect(judge({})).toBe('ok: the place /x');
  expect(judge({ found: undefined })).toBe('fault: the place /x is not there');
  expect(judge({ found: undefined, isMade: true })).toMatch(/^ok: .* the agent makes it$/);
  expect(judge({ found: { ...found, isWritable: false } })).toMatch(/^warning: .*cannot be written/);
  expect(judge({ found: { ...found, freeBytes: 1e6 } })).toMatch(/^warning: .*nearly full \(976 KiB free\)$/);
  expect(judge({ found: { ...found, mode: 0o640 }, isSecret: true })).toMatch(/^warning: .*mode 640/);
});

it("BIRD's directory: a refusal, a missing include, old ROAs, files of a previous agent", () => {
  const good = {
    configDir: '/etc/bird',
    foreign: [],
    refusal: undefined,
    hasMain: true,
    missingInclude: undefined,
  };
  expect(lines(judgeBirdDirectory(good))).toEqual(['ok: BIRD takes /etc/bird/bird.conf']);
  const bad = {
    ...good,
    refusal: 'bird.conf:3:1 syntax error',
    missingInclude: 'bird.conf does not include it',
    foreign: [
      { name: 'roa_dn42.conf', days: 30.5 },
      { name: 'roa_dn42_v6.conf', days: 1 },
      { name: 'peers/dn42_4242421080.conf', days: 2 },
      { name: 'mine.conf', days: 100 },
    ],
  };
  expect(lines(judgeBirdDirectory(bad))).toEqual([
    'fault: BIRD refuses /etc/bird/bird.conf: bird.conf:3:1 syntax error',
    'fault: bird.conf does not include it',
    'warning: /etc/bird/roa_dn42.conf was changed 30 days ago: old ROAs refuse good routes; the agent gets its ROAs from RPKI caches',
    "warning: peers/dn42_4242421080.conf in /etc/bird is not the agent's: a previous agent may have left it",
  ]);
});

it('MTU: a tunnel that lets only small packets through, and one that answers nothing', () => {
  const tunnel = { interface: 'wg_24001', asn: 4242421080, mtu: 1420, target: 'fe80::2' };
  const findings = judgeMtus([
    { ...tunnel, answersSmall: true, answersFull: true },
    { ...tunnel, interface: 'wg_24002', answersSmall: true, answersFull: false },
    { ...tunnel, interface: 'wg_24003', answersSmall: false, answersFull: false },
  ]);
  expect(lines(findings)).toEqual([
    'warning: packets of 1420 bytes do not come through wg_24002 (AS4242421080), and small ones do: the MTU of the session is too large for the path',
    'ok: packets as large as the MTU come through 1 of 3 tunnels; 1 neighbor answers no pings',
  ]);
  expect(findings[0]?.remedy).toBe('ping -M do -s 1320 -I wg_24002 fe80::2');
});
