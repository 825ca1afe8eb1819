import type { RouteExplanation } from '../../src/core/explain/route/route-explanation.js';
import type { EventsAnswer } from '../../src/shell/events/select-events.js';
import type { HistoryAnswer } from '../../src/shell/history/answer.js';
import type { PlanDocument } from '../../src/shell/operations/plan-document.js';
import { hostileName } from './many-sessions.js';

/** What a daemon may answer, the same each time. */
export const plan: PlanDocument = {
  changes: [
    {
      subject: 'session a1 (AS4242421080, Example Net)',
      summary: 'set the endpoint of dn42_4242421080 to 198.51.100.9:51820',
      why: 'the control plane has another one',
    },
    {
      subject: 'session a1 (AS4242421080, Example Net)',
      summary: "write BIRD's file dn42_4242421080.conf",
      why: 'its text differs',
      diff: '@@ -3,5 +3,5 @@\n protocol bgp dn42_4242421080 from dnpeers {\n-  neighbor fe80::1080%dn42_4242421080 as 4242421080;\n+  neighbor fe80::1081%dn42_4242421080 as 4242421080;\n   ipv4 { import limit 9000 action block; };\n }',
    },
    { subject: 'node', summary: 'reload BIRD', why: 'a file of it changes' },
  ],
  reports: [{ subject: 'session b2 (AS4242422222)', summary: 'error: BIRD refuses the file' }],
  problems: ['session c3 is refused: mtu: 40 is not an MTU from 1280 to 9000'],
  notes: [],
};

export function events(nowSeconds: number): EventsAnswer {
  const at = (minutes: number) => (nowSeconds - minutes * 60) * 1000;
  const session = {
    uuid: '00000000-0000-4000-8000-000000000005',
    asn: 4242421080,
    interface: 'dn42_4242421080',
    name: hostileName,
  };
  return {
    events: [
      { atMs: at(1700), kind: 'start', level: 'info', text: 'moenet-agent 0.1.0 starts (process 4711)' },
      { atMs: at(1690), kind: 'up', level: 'info', text: 'BGP is Established', session },
      { atMs: at(300), kind: 'problem', level: 'error', text: 'the control plane does not answer: HTTP 503' },
      { atMs: at(290), kind: 'recovered', level: 'info', text: 'the control plane answers again' },
      { atMs: at(62), kind: 'down', level: 'warn', text: `BGP went down: ${hostileName}`, session },
      {
        atMs: at(60),
        kind: 'change',
        level: 'info',
        text: 'set the endpoint of dn42_4242421080 to 198.51.100.9:51820',
        session,
      },
      { atMs: at(59), kind: 'reload', level: 'info', text: 'BIRD has loaded its files: 1 changed' },
      {
        atMs: at(2),
        kind: 'up',
        level: 'info',
        text: 'iBGP is Established',
        mesh: { nodeId: 2, name: 'de1', interface: 'dn42-wg-igp-2' },
      },
    ],
    flaps: [{ session, downs: 1 }],
  };
}

/** Of a session that is there for a minute, only that is known. */
export function history(nowSeconds: number, hours: number, isNew = false): HistoryAnswer {
  const step = hours <= 24 ? 60 : 900;
  const count = Math.floor((hours * 3600) / step);
  const from = nowSeconds - count * step;
  const wave = (base: number, part: number, gap: boolean) =>
    Array.from({ length: count }, (_, n) => {
      const isAway = Math.abs(n - count * 0.62) < count * 0.02;
      if (isNew && n !== count - 300) return null;
      if (isAway) return gap ? null : 0;
      return base * (1 + part * Math.sin((n * 12) / count) + part * 0.5 * Math.sin(n * 1.7));
    });
  return {
    step,
    from,
    flaps: 3,
    series: {
      rtt: wave(12, 0.2, true),
      loss: wave(2, 0.9, false).map((value) => (value === null ? null : Math.max(0, value))),
      received: wave(1_200_000, 0.6, false),
      sent: wave(310_000, 0.5, false),
      imported: wave(812, 0.02, false),
      refused: wave(14, 0.4, false),
      exported: wave(840, 0.01, false),
      up: wave(1, 0, false),
    },
  };
}

export const explainedRoute: RouteExplanation = {
  to: '172.20.0.53',
  network: '172.20.0.0/24',
  summary: '172.20.0.53 goes to AS4242421080 (Example Net) by 172.20.0.0/24',
  routes: [
    {
      network: '172.20.0.0/24',
      protocol: 'dn42_4242421080',
      source: 'AS4242421080 (Example Net)',
      state: 'used',
      why: 'the shortest AS path',
      via: ['fe80::1080 over dn42_4242421080'],
      asPath: ['4242421080', '4242420101'],
      localPreference: 100,
      roa: 'valid',
      communities: ['latency tier 2 (12 to 20 ms)', 'encrypted with perfect forward secrecy'],
    },
    {
      network: '172.20.0.0/24',
      protocol: 'dn42_4242422222',
      source: 'AS4242422222',
      state: 'spare',
      why: 'its AS path is longer',
      via: ['fe80::2222 over dn42_4242422222'],
      asPath: ['4242422222', '4242423914', '4242420101'],
      communities: [],
    },
  ],
  roas: ['172.20.0.0/24 up to /28: AS4242420101'],
  targets: [
    { to: 'the kernel', protocol: 'kernel4', isSent: true },
    { to: 'AS4242422222 (dn42_4242422222)', protocol: 'dn42_4242422222', isSent: true },
    {
      to: 'AS4242421080 (dn42_4242421080)',
      protocol: 'dn42_4242421080',
      isSent: false,
      why: 'the route came from there',
    },
  ],
};

export const pingText = `PING 172.20.0.53 (172.20.0.53) 56(84) bytes of data.
64 bytes from 172.20.0.53: icmp_seq=1 ttl=62 time=12.4 ms
64 bytes from 172.20.0.53: icmp_seq=2 ttl=62 time=14.1 ms
64 bytes from 172.20.0.53: icmp_seq=4 ttl=62 time=11.9 ms

--- 172.20.0.53 ping statistics ---
4 packets transmitted, 3 received, 25% packet loss, time 906ms
rtt min/avg/max/mdev = 11.900/12.800/14.100/0.942 ms`;

export const traceText = `traceroute to 172.20.0.53 (172.20.0.53), 20 hops max, 60 byte packets
 1  172.21.80.1  0.412 ms  0.401 ms
 2  * *
 3  172.20.53.98  8.113 ms 172.20.53.97  8.514 ms
 4  172.20.0.53  12.001 ms  12.110 ms`;

export const pathText = `172.20.0.0/24 * dn42_4242421080: 4242421080 4242420101
172.20.0.0/24   dn42_4242422222: 4242422222 4242423914 4242420101`;
