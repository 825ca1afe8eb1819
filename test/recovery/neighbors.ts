import { fileURLToPath } from 'node:url';
import type { DaemonRelease } from '../bird-matrix/fetch.js';
import { type Release, selectedReleases } from '../bird-matrix/releases.js';
import type { NeighborDaemon } from './neighbor.js';

/** FRR as Debian has it, without its own libc: 10.3 in November 2026. */
export const frrRelease: DaemonRelease = {
  name: 'trixie/frr',
  suite: 'trixie',
  package: 'frr',
  directory: fileURLToPath(new URL('../../.cache/frr/trixie', import.meta.url)),
  programs: ['bgpd', 'zebra', 'mgmtd'].map((name) => ({ name, path: `usr/lib/frr/${name}` })),
};

/** The BIRDs that are neighbors: those of the matrix. */
export const birdReleases: readonly Release[] = selectedReleases();

/** Name → the daemon at the other end. */
export const neighborDaemons: Readonly<Record<string, NeighborDaemon>> = {
  ...Object.fromEntries(
    birdReleases.map(({ name, directory }) => [name, { kind: 'bird', bird: `${directory}/bin/bird` }]),
  ),
  [frrRelease.name]: { kind: 'frr', programs: `${frrRelease.directory}/bin` },
};
