import { fileURLToPath } from 'node:url';
import type { DaemonRelease } from '../bird-matrix/fetch.js';

/** Debian's Prometheus (2.42 in November 2026), in the cache as the BIRDs are: nothing is installed, and no service starts. */
export const prometheusRelease: DaemonRelease = {
  name: 'bookworm/prometheus',
  suite: 'bookworm',
  package: 'prometheus',
  directory: fileURLToPath(new URL('../../.cache/monitoring/bookworm-prometheus', import.meta.url)),
  programs: ['prometheus', 'promtool'].map((name) => ({ name, path: `usr/bin/${name}` })),
};

/** The path of one of its programs. */
export function programOf(name: 'prometheus' | 'promtool'): string {
  return `${prometheusRelease.directory}/bin/${name}`;
}
