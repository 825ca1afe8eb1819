import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../../src/cli/explain/explain.js';
import { explainRouteCommand } from '../../../src/cli/explain/explain-route.js';
import { runCli } from '../../../src/cli/run-cli.js';
import type { Explanation } from '../../../src/core/explain/explanation.js';
import type { RouteExplanation } from '../../../src/core/explain/route/route-explanation.js';
import { fakeTerminal } from '../../fakes/terminal.js';
import { machine } from './command-line.js';

/** A line of 24 parts that begins with these, and goes on with the last one. */
const past = (first: readonly (number | null)[]) =>
  Array.from({ length: 24 }, (_, at) => (at < first.length ? first[at] : first.at(-1)) ?? null);

const explanation: Explanation = {
  kind: 'session',
  title: 'AS4242421080 over wg_24001 (session a1)',
  name: 'wg_24001',
  state: 'waiting',
  trouble: { kind: 'peer-side', words: 'BGP is Active', next: 'BIRD dials\u001b[2J every 15 s' },
  summary: 'BGP is not established: Active\u001b[2J',
  controlPlane: [{ what: 'status', value: 'active' }],
  desired: [
    { what: 'our address', value: 'fe80::998/64', why: 'the same on every tunnel' },
    { what: 'our address', value: 'fe80::1/64' },
  ],
  observed: [{ what: 'handshake', value: 'never' }],
  protocols: [
    {
      name: 'dn42_4242421080',
      state: 'Active',
      stateWords: 'BIRD waits for the neighbor',
      since: undefined,
      lastError: 'Socket: Connection refused',
      lastErrorWords: 'no BGP daemon there listens',
      timers: [],
      capabilities: { both: ['Route refresh'], onlyUs: [], onlyNeighbor: ['Enhanced refresh'] },
    },
  ],
  differences: [{ change: 'create tunnel wg_24001', why: 'it is not there', waits: 'no /dev/net/tun' }],
  changes: [
    { atSeconds: 1_700_000_000, change: 'write peers/x.conf', why: 'it is new', failed: 'disk full' },
  ],
  rtt: {
    target: 'fe80::2%wg_24001',
    lastMs: 12.5,
    loss: 0.25,
    tier: 2,
    averageMs: 20,
    history: [10, undefined, 30].map((rttMs, at) => ({ atSeconds: at, rttMs })),
  },
  history: [
    {
      hours: 24,
      flaps: 1,
      rtt: { least: 11.24, average: 12, largest: 2048.6, line: past([null, 12, 13, 12, 2048.6]) },
      loss: { least: 0, average: 0, largest: 0, line: past([0]) },
      received: { least: 0, average: 33_400, largest: 1_200_000, line: past([null, 0, 1_200_000]) },
      sent: { least: 999, average: 999_400, largest: 999_400_000, line: past([null, 999, 999_400_000]) },
      imported: { least: 812, average: 812, largest: 812, line: past([812]) },
      refused: { least: 0, average: 0.1, largest: 2, line: past([0, 2]) },
      exported: { least: 0, average: 902.04, largest: 905, line: past([0, 905]) },
      up: { least: 0.95, average: 0.99998, largest: 1, line: past([1, 0.99]) },
    },
    { hours: 720, up: { least: 1, average: 1, largest: 1, line: past([null, null, 1]) } },
  ],
  refusedRoutes: [{ reason: 8, words: 'RPKI forbids it', count: 9, examples: ['172.20.1.0/24'] }],
  next: ['the next pass looks again'],
  advice: [{ symptom: 'the host refuses TCP', advice: 'start BGP there' }],
  notes: ['what is observed is 5 min old'],
};
const route: RouteExplanation = {
  to: '172.21.11.0/24',
  network: '172.21.11.0/24',
  summary: '172.21.11.0/24 is reached by AS1',
  routes: [
    {
      network: '172.21.11.0/24',
      protocol: 'dn42_1',
      source: 'AS1 (dn42_1, policy peer)',
      state: 'used',
      why: 'it is the only one',
      via: ['via fe80::1 on wg_1'],
      asPath: ['1'],
      localPreference: 150,
      roa: 'valid',
      communities: ['(64511, 5) latency tier 4'],
    },
  ],
  roas: ['172.21.11.0/24 up to /24: AS1'],
  targets: [
    { to: 'AS2', protocol: 'dn42_2', isSent: true, why: undefined },
    { to: 'AS3', protocol: 'dn42_3', isSent: false, why: 'it is not up' },
  ],
};

function context(
  answer: object | undefined,
  { columns, json = false }: { columns?: number; json?: boolean } = {},
) {
  const io = fakeTerminal({ env: { NO_COLOR: '1' }, ...(columns === undefined ? {} : { columns }) });
  const { commands } = machine();
  const place = async () => ({ runtimeDir: '/run/x' });
  const load = () => Promise.reject(new Error('the configuration is not to be read'));
  const ask = async () => answer as never;
  return {
    io,
    json,
    logLevel: 'info' as const,
    commands: { ...commands, ask },
    configPath: undefined,
    place,
    load,
  };
}

describe('explain', () => {
  it.each([40, 80, 200])('fits %i columns, without control characters of others', async (columns) => {
    const at = context({ explanation, matches: [], names: [] }, { columns });
    expect(await explainCommand(at, 'wg_24001')).toBe(0);
    const lines = at.io.out().split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    expect(at.io.out()).not.toContain('\u001b');
  });

  it('says what helps first, and all the rest', async () => {
    const at = context({ explanation, matches: [], names: [] });
    await explainCommand(at, 'wg_24001');
    expect(at.io.out()).toMatchInlineSnapshot(`
      "AS4242421080 over wg_24001 (session a1)  waiting
      BGP is not established: Active [2J
      the peer has to act, all is right here: BGP is Active; BIRD dials [2J every 15 s
      ! what is observed is 5 min old

      what probably has to change
        - the host refuses TCP: start BGP there

      what comes next
        - the next pass looks again

      what differs
        - create tunnel wg_24001: it is not there; it waits: no /dev/net/tun

      wanted by the control plane
        status               active

      desired on this node
        our address          fe80::998/64 (the same on every tunnel)
                             fe80::1/64

      observed
        handshake            never
        RTT                  12.5 ms, 20 ms on average, 25 % lost, latency tier 2  ▁·█ (pings to fe80::2%wg_24001)
        dn42_4242421080      Active (BIRD waits for the neighbor)
        last error           Socket: Connection refused (no BGP daemon there listens)
        both ends offer      Route refresh
        only we offer        nothing more
        only they offer      Enhanced refresh

      last 24 hours (least / average / most)
        RTT                  ·▁▁▁████████████████████  11.2 / 12 / 2048.6 ms
        loss                 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 %
        received             ·▁██████████████████████  0 B/s / 33 kB/s / 1.2 MB/s
        sent                 ·▁██████████████████████  999 B/s / 999 kB/s / 999 MB/s
        routes imported      ████████████████████████  812
        routes refused       ▁███████████████████████  0 / 0 / 2
        routes exported      ▁███████████████████████  0 / 902 / 905
        BGP Established      ████████████████████████  99.99 %, 1 flap

      last 30 days (least / average / most)
        BGP Established      ··██████████████████████  100 %

      refused routes
        - 9: RPKI forbids it: 172.20.1.0/24, ...

      last changes
        - 20s ago: write peers/x.conf (it is new): failed: disk full
      "
    `);
  });

  it('prints the explanation under --json', async () => {
    const at = context({ explanation, matches: [], names: [] }, { json: true });
    expect(await explainCommand(at, 'wg_24001')).toBe(0);
    expect(JSON.parse(at.io.out())).toMatchObject({ title: explanation.title, advice: explanation.advice });
  });

  it('lists what a word may mean', async () => {
    const matches = [
      { name: 'a1', title: 'AS1 over wg_1 (session a1)', state: 'ok' },
      { name: 'b2', title: 'AS1 over wg_2 (session b2)', state: 'waiting' },
    ];
    const at = context({ matches, names: [] });
    expect(await explainCommand(at, 'AS1')).toBe(1);
    expect(at.io.out()).toBe(
      'AS1 means 2 sessions:\n  ok        AS1 over wg_1 (session a1)\n  waiting   AS1 over wg_2 (session b2)\nName one by its interface or its uuid: moenet-agent explain a1\n',
    );
  });

  it('names the nearest where it knows none', async () => {
    const at = context({ matches: [], names: ['wg_24001', 'dn42_1'] });
    expect(await explainCommand(at, 'wg_24002')).toBe(1);
    expect(at.io.err()).toBe('moenet-agent: no session or node is called wg_24002. Did you mean wg_24001?\n');
  });

  it('says that no daemon is running', async () => {
    const at = context(undefined);
    expect(await explainCommand(at, 'wg_24001')).toBe(1);
    expect(at.io.err()).toContain('no daemon is running');
  });
});

describe('explain prefix', () => {
  it('says why', async () => {
    const at = context(route);
    expect(await explainRouteCommand(at, '172.21.11.0/24')).toBe(0);
    expect(at.io.out()).toMatchInlineSnapshot(`
      "172.21.11.0/24 is reached by AS1

      172.21.11.0/24 from AS1 (dn42_1, policy peer)  used
        why               it is the only one
        AS path           1
        local preference  150
        RPKI              valid
        next hop          via fe80::1 on wg_1
        communities       (64511, 5) latency tier 4

      ROAs that speak of it
        172.21.11.0/24 up to /24: AS1

      sent to
        AS2 (dn42_2)

      not sent to
        AS3 (dn42_3): it is not up
      "
    `);
  });

  it.each([40, 80, 200])('fits %i columns', async (columns) => {
    const at = context(route, { columns });
    await explainRouteCommand(at, '172.21.11.0/24');
    expect(
      Math.max(
        ...at.io
          .out()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(columns);
  });

  it.each([
    ['explain prefix 172.21.11.0/24', 'explainRoute'],
    ['explain 172.21.11.0/24', 'explainRoute'],
    ['explain fd42::/48', 'explainRoute'],
    ['explain 172.21.11.7', 'explainRoute'],
    ['explain 4242421080', 'explain'],
    ['explain dn42_4242421080', 'explain'],
    ['explain abc-123', 'explain'],
  ])('is meant by "%s": %s', async (line, operation) => {
    const { commands } = machine();
    const asked: string[] = [];
    const ask = async (_: unknown, name: string) => {
      asked.push(name);
      return undefined;
    };
    await runCli(line.split(' '), '1.2.3', fakeTerminal(), { ...commands, ask });
    expect(asked).toEqual([operation]);
  });
});
