import { fetchDaemon } from '../bird-matrix/fetch.js';
import { prometheusRelease } from './prometheus-release.js';

/** Before the first test: Prometheus is there. */
export default async function setup(): Promise<void> {
  await fetchDaemon(prometheusRelease);
}
