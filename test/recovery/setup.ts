import { fetchDaemon, fetchRelease } from '../bird-matrix/fetch.js';
import { birdReleases, frrRelease } from './neighbors.js';

/** Before the first trial: the daemons of all neighbors are there. */
export default async function setup(): Promise<void> {
  for (const release of birdReleases) await fetchRelease(release);
  await fetchDaemon(frrRelease);
}
