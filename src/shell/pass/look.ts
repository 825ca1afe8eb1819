import type { BirdGlance, Observed, ObservedSysctls } from '../../core/model/observed.js';
import { isChangedForAll, isOutdated, lostSince, withSysctls } from '../../core/verdict/glance.js';
import { nodeVerdict } from '../../core/verdict/node/node-verdict.js';
import { judgeAgain } from '../../core/verdict/session-verdict.js';
import type { Host } from '../ports/host.js';
import type { PassResult } from './context.js';
import type { NodeState } from './node-state.js';

interface LookContext {
  readonly host: Pick<Host, 'bird' | 'links' | 'wireguard' | 'sysctls' | 'clock'>;
  readonly state: NodeState;
}

/** The quick look between passes. */
export interface Look {
  /**
   * Reads BIRD's list of protocols, and the kernel's addresses and settings; starts no program. Where BIRD has changed, it
   * reads again what `status` shows of BIRD and of WireGuard: a session that came up has had a handshake.
   */
  look(signal: AbortSignal): Promise<void>;
  /** What the last pass saw and is missing now, in words, where it needs a pass. Each is returned once. */
  takeLost(): string | undefined;
}

/** The agent asks a silent BIRD once more after this time: a restart of BIRD takes less. */
const confirmMs = 1_000;

/**
 * Each interface has three settings, each a file. Of many interfaces a look reads some, and the next look the next: with 300 all are read
 * within half a minute, and by each pass.
 */
const interfacesPerLook = 32;

/** Flapping objects cause at most this many extra passes in a minute. */
const passesPerMinute = 3;

export function openLook({ host, state }: LookContext): Look {
  /** The last pass as it was made, and the same with the state of BIRD seen since. */
  let made: PassResult | undefined;
  let shown: PassResult | undefined;
  let lost = '';
  let taken = '';
  let takenMs: number[] = [];
  let nextInterface = 0;

  async function glance(signal: AbortSignal) {
    const bird = await host.bird.glance(signal);
    if (bird.running || !shown?.observed.bird.running) return bird;
    await host.clock.sleep(confirmMs, signal);
    signal.throwIfAborted();
    return host.bird.glance(signal);
  }

  async function readAgain(
    bird: BirdGlance,
    before: Observed,
    signal: AbortSignal,
  ): Promise<Pick<Observed, 'bird' | 'wireguard'>> {
    return {
      bird: bird.running ? await host.bird.observe(signal) : bird,
      wireguard: await host.wireguard.observe(signal).catch(() => before.wireguard),
    };
  }

  /** A setting that is made for all interfaces at once is seen at once. */
  async function readSysctls({ sysctls: seen, links }: Observed): Promise<ObservedSysctls> {
    const names = links.map(({ name }) => name);
    const some = names.slice(nextInterface, nextInterface + interfacesPerLook);
    nextInterface = nextInterface + interfacesPerLook >= names.length ? 0 : nextInterface + interfacesPerLook;
    const now = await host.sysctls.observe(seen ? some : names);
    if (seen && isChangedForAll(seen, now))
      return withSysctls(seen, await host.sysctls.observe(names), names);
    return seen ? withSysctls(seen, now, some) : now;
  }

  /** A pass made in between has seen more than this look. */
  function isOver(): boolean {
    return state.lastPass !== shown;
  }

  async function look(signal: AbortSignal): Promise<void> {
    if (isOver()) {
      made = state.lastPass;
      shown = made;
    }
    const before = made;
    if (!before || !shown) return;
    const bird = await glance(signal);
    const { observed: seen } = shown;
    const read = isOutdated(seen.bird, bird) ? await readAgain(bird, seen, signal) : undefined;
    const sysctls = await readSysctls(seen);
    if (isOver()) return;
    if (read || sysctls !== seen.sysctls) {
      const observed = { ...seen, ...read, sysctls };
      const now = { ...shown, observed };
      shown = { ...now, node: nodeVerdict(now), verdicts: judgeAgain(shown.verdicts, now) };
      state.lastPass = shown;
    }
    lost = lostSince(before, { bird, links: host.links.glance(), sysctls }).join('; ');
    if (lost === '') taken = '';
  }

  return {
    look,
    takeLost: () => {
      const nowMs = host.clock.monotonic();
      takenMs = takenMs.filter((atMs) => nowMs - atMs < 60_000);
      if (lost === taken || isOver() || takenMs.length >= passesPerMinute) return undefined;
      takenMs.push(nowMs);
      taken = lost;
      return lost;
    },
  };
}
