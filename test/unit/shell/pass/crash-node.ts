import { listedStatus, uuidOf } from '../../../../src/core/model/session.js';
import type { Agent } from '../../../../src/shell/agent.js';
import type { FakeNode } from '../../../fakes/fake-node.js';

/** Ends the process of a fake node before its n-th effect on the world: from then on it cannot do anything any more. */
export interface Crash {
  /** Counted from 1. */
  arm(n: number): void;
  /** The machine starts a new process, which can do everything again. */
  disarm(): void;
  /** What was about to happen; undefined where the process has lived on. */
  readonly diedBefore: string | undefined;
}

export function plantCrash(node: FakeNode): Crash {
  const { host, controlPlane, state, runtime } = node;
  let left = Number.POSITIVE_INFINITY;
  let diedBefore: string | undefined;
  const effect = (what: string) => {
    left -= 1;
    if (left > 0) return;
    diedBefore ??= what;
    throw new Error('killed');
  };
  host.beforeEffect = effect;
  for (const store of [state, runtime]) {
    const { write } = store;
    store.write = async (...args) => {
      effect('write state');
      await write(...args);
    };
  }
  const { postModify } = controlPlane;
  controlPlane.postModify = async (...args) => {
    effect('post modify');
    await postModify(...args);
  };
  return {
    arm: (n) => {
      left = n;
      diedBefore = undefined;
    },
    disarm: () => {
      left = Number.POSITIVE_INFINITY;
    },
    get diedBefore() {
      return diedBefore;
    },
  };
}

const { signal } = new AbortController();

/** Fetches everything and makes a pass. Resolves to what was changed. */
export async function round(agent: Agent): Promise<readonly string[]> {
  await agent.refresh(['sessions', 'mesh', 'birdConfig'], signal);
  return (await agent.pass()).changes;
}

/** All that can be seen of the machine, in a form that can be compared. */
export function stateOf({ host }: FakeNode): unknown {
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const links = [...host.linkTable.values()].map((link) => ({
    ...link,
    addresses: link.addresses.map((address) => JSON.stringify(address)).sort(),
  }));
  return {
    links: sorted(new Map(links.map((link) => [link.name, link]))),
    wireguard: sorted(host.wireguardTable),
    files: sorted(host.files),
    loaded: sorted(host.loaded),
    protocols: sorted(host.protocols),
    unconfirmed: host.unconfirmed,
    hasKey: host.hasKey,
  };
}

/** From now on the control plane lists a session with the status that it was told. */
export function listWhatIsTold({ controlPlane }: FakeNode): void {
  const { postModify } = controlPlane;
  controlPlane.postModify = async (report, signal) => {
    await postModify(report, signal);
    controlPlane.sessions = controlPlane.sessions.flatMap((entry) => {
      if (uuidOf(entry) !== report.uuid) return [entry];
      if (entry.kind === 'refused') return [{ ...entry, status: report.status }];
      if (entry.kind === 'ignored') return [];
      return [{ ...entry, session: { ...entry.session, status: report.status } }];
    });
    return true;
  };
}

/** What the control plane lists in the end, with the error that it was told last. */
export function listedBy({ controlPlane }: FakeNode): unknown {
  const errors = new Map(controlPlane.told.modify.map(({ uuid, error }) => [uuid, error]));
  return controlPlane.sessions.map((entry) => {
    const uuid = uuidOf(entry);
    return { uuid, status: listedStatus(entry), error: uuid && errors.get(uuid) };
  });
}
