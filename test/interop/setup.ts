import { fetchDaemon } from '../bird-matrix/fetch.js';
import { daemons } from './daemons.js';

/** Before the first trial: the daemons are there. */
export default async function setup(): Promise<void> {
  for (const { release } of daemons) await fetchDaemon(release);
}
