import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../faults/harness/wait-for.js';
import { read } from '../unit/documents.js';
import { machine } from './breakages/machine.js';
import { mesh } from './breakages/mesh.js';
import { flapping, sessions } from './breakages/sessions.js';
import { alertNames } from './short-rules.js';
import { openWatchedNetwork, type WatchedNetwork } from './watched-network.js';

// Lanes run beside each other, what is in one of them one after the other.
const lanes = { sessions, flapping, mesh, machine };

let net: WatchedNetwork;
let startedMs: number;
beforeAll(async () => {
  net = await openWatchedNetwork();
  startedMs = Date.now();
});
afterAll(() => net?.close());

/** The alerts that fire now, with the node that each names. */
async function firing(): Promise<readonly string[]> {
  const names = new Map((['jp1', 'hk1', 'sg1'] as const).map((name) => [net[name].instance, name]));
  return (await net.prometheus.firing()).map(
    ({ labels: { alertname, instance = '' } }) => `${alertname} on ${names.get(instance)}`,
  );
}

it('a network in which all is well alerts nobody, also where a neighbor is offline', async () => {
  const allIsWell = `count(min_over_time(moenet_agent_healthy[5s]) == 1) == 3 and sum(moenet_agent_session_up) == 3
    and on () sum(moenet_agent_mesh_bgp_up) == 2 and on () sum(moenet_agent_rpki_cache_up) == 2`;
  await waitFor('all is well for five seconds', async () => (await net.prometheus.value(allIsWell)) === 3);
  expect(await firing()).toEqual([]);
});

// By the shipped rules with shorter times (short-rules.ts); that each waits for as long as it should is in promtool.test.ts.
describe.concurrent('each alert fires and clears', () => {
  for (const [lane, breakages] of Object.entries(lanes)) {
    describe(lane, () => {
      const told = breakages.map(
        (each) => [`${alertsOf(each.alerts).join(', ')}: ${each.how}`, each] as const,
      );
      it.sequential.for(told)('%s', async ([, { alerts, inject, mend }]) => {
        const wanted = alertsOf(alerts);
        expect((await firing()).filter((each) => wanted.includes(each))).toEqual([]);
        await inject(net);
        for (const each of wanted)
          await waitFor(`${each} fires`, async () => (await firing()).includes(each));
        await mend(net);
        for (const each of wanted)
          await waitFor(`${each} clears`, async () => !(await firing()).includes(each), 90_000);
      });
    });
  }
});

function alertsOf(alerts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(alerts).map(([alert, node]) => `${alert} on ${node}`);
}

it('no alert is left out', () => {
  const broken = Object.values(lanes).flatMap((each) => each.flatMap(({ alerts }) => Object.keys(alerts)));
  expect(broken.toSorted()).toEqual(alertNames().toSorted());
});

interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
}

// After all that was broken above.
describe.each(['node', 'fleet'])('docs/monitoring/%s.json', (name) => {
  const panels: readonly Panel[] = JSON.parse(read(`docs/monitoring/${name}.json`)).panels;
  const expressions = new Set(panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)));

  it('Prometheus answers every expression with a series', async () => {
    const isEmpty = async (expr: string) => {
      const counts = [net.jp1, net.hk1, net.sg1].map(({ instance }) =>
        net.prometheus.countSince(startedMs, withVariables(expr, instance)),
      );
      return (await Promise.all(counts)).every((count) => count === 0);
    };
    expect(expressions.size).toBeGreaterThan(20);
    const empty: string[] = [];
    for (const expr of expressions) if (await isEmpty(expr)) empty.push(expr);
    expect(empty).toEqual([]);
  });
});

/** As Grafana puts them in; four scrapes are its interval for rates. */
function withVariables(expr: string, instance: string): string {
  return expr.replaceAll('$instance', instance).replaceAll('$asn', '.*').replaceAll('$__rate_interval', '4s');
}
