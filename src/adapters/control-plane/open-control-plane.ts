import type { Secret } from '../../core/model/secret.js';
import type { ControlPlane } from '../../shell/ports.js';
import { type Archive, noArchive } from './archive.js';
import { createClient } from './client.js';
import { documented } from './documented.js';
import { defaultLimits, type HttpLimits } from './limits.js';
import { openTransport } from './transport.js';

export interface ControlPlaneOptions {
  /** `https://api.moenet.work`, or with a path prefix, which is kept. */
  readonly apiUrl: string;
  readonly nodeName: string;
  readonly token: Secret;
  readonly requestsPerMinute: number;
  /** Where the last good answers are kept; without one nothing is. */
  readonly archive?: Archive;
  readonly limits?: Partial<HttpLimits>;
}

/** Opens the control plane at `apiUrl`, without a request yet. Throws a TypeError where `apiUrl` is no URL. */
export function openControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { apiUrl, nodeName, token, requestsPerMinute, archive = noArchive } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const transport = openTransport(apiUrl, requestsPerMinute, limits);
  return createClient({ transport, dialect: documented, nodeName, token, archive, now: Date.now });
}
