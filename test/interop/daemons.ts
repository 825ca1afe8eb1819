import { birdDaemon } from './daemons/bird.js';
import type { Daemon } from './daemons/daemon.js';
import { frrDaemons } from './daemons/frr.js';
import { goBgpDaemon } from './daemons/gobgp.js';
import { openBgpdDaemon } from './daemons/openbgpd.js';

/** The neighbors: 2.0.12, 2.17 and 3.4 of BIRD in November 2026, 8.4 and 10.3 of FRR, OpenBGPD, and GoBGP. */
export const daemons: readonly Daemon[] = [
  birdDaemon('bookworm/bird2'),
  birdDaemon('trixie/bird2'),
  birdDaemon('sid/bird3'),
  ...frrDaemons,
  openBgpdDaemon,
  goBgpDaemon,
];
