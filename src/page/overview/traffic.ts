import type { MeshRow, NodeStatus, SessionRow } from '../../shell/status/status.js';

/** What one tunnel carried at the last time it was seen to have carried something, and how fast, in bytes per second. */
interface Flow {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly atSeconds: number;
  readonly rxRate: number | undefined;
  readonly txRate: number | undefined;
}

/** By interface. */
export type Traffic = ReadonlyMap<string, Flow>;

/** Rates follow from two readings; a counter that went back began anew. */
export function noteTraffic(before: Traffic | undefined, status: NodeStatus, nowSeconds: number): Traffic {
  const flows = new Map<string, Flow>();
  for (const row of [...status.sessions, ...status.mesh]) {
    const { interface: name, tunnel } = row;
    if (name === undefined || !tunnel?.present) continue;
    const { rxBytes, txBytes } = tunnel;
    const old = before?.get(name);
    const same = old && old.rxBytes === rxBytes && old.txBytes === txBytes;
    const seconds = old ? nowSeconds - old.atSeconds : 0;
    const rate = (now: number, then: number) =>
      seconds > 0 && now >= then ? (now - then) / seconds : undefined;
    flows.set(
      name,
      same
        ? old
        : {
            rxBytes,
            txBytes,
            atSeconds: nowSeconds,
            rxRate: old && rate(rxBytes, old.rxBytes),
            txRate: old && rate(txBytes, old.txBytes),
          },
    );
  }
  return flows;
}

/** One line of the picture of traffic: in bytes per second, or in bytes where no rate is known yet. */
interface Carrier<Row> {
  readonly row: Row;
  readonly received: number;
  readonly sent: number;
}

export interface TrafficView {
  /** False: in bytes since the tunnels exist. */
  readonly isRate: boolean;
  readonly received: number;
  readonly sent: number;
  /** Those that carry most, the first the most. */
  readonly largest: readonly Carrier<SessionRow | MeshRow>[];
}

export function viewTraffic(traffic: Traffic, status: NodeStatus, most: number): TrafficView {
  const isRate = [...traffic.values()].some(
    ({ rxRate, txRate }) => rxRate !== undefined || txRate !== undefined,
  );
  const carriers = [...status.sessions, ...status.mesh].flatMap((row) => {
    const flow = traffic.get(row.interface ?? '');
    if (!flow) return [];
    const [received = 0, sent = 0] = isRate ? [flow.rxRate, flow.txRate] : [flow.rxBytes, flow.txBytes];
    return [{ row, received, sent }];
  });
  const sum = (pick: (each: Carrier<unknown>) => number) =>
    carriers.reduce((all, each) => all + pick(each), 0);
  const largest = carriers
    .filter(({ received, sent }) => received + sent > 0)
    .sort((a, b) => b.received + b.sent - (a.received + a.sent))
    .slice(0, most);
  return { isRate, received: sum(({ received }) => received), sent: sum(({ sent }) => sent), largest };
}
