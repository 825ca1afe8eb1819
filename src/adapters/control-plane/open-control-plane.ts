import type { HttpProxy } from '../../core/model/values/proxy.js';
import type { Secret } from '../../core/model/values/secret.js';
import type { ControlPlane } from '../../shell/ports/control-plane.js';
import { type Archive, noArchive } from './archive.js';
import { createClient } from './client.js';
import type { DialectName } from './dialects/dialect.js';
import { placeOf } from './dialects/dialects.js';
import type { OnDrift } from './drift.js';
import { defaultLimits, type HttpLimits } from './http/limits.js';
import { openTransport } from './http/transport.js';

export interface ControlPlaneOptions {
  /** `https://api.moenet.work`, or with a path prefix, which is kept. */
  readonly apiUrl: string;
  readonly nodeName: string;
  readonly token: Secret;
  /** What the control plane is asked through. */
  readonly proxy?: HttpProxy | undefined;
  readonly requestsPerMinute: number;
  /** Where the last good answers are kept; without one nothing is. */
  readonly archive?: Archive;
  readonly limits?: Partial<HttpLimits>;
  /** `auto`, which is what it is where absent: found out on first contact, and again where answers do not fit. */
  readonly dialect?: DialectName | 'auto';
  /** Hears which dialect was found, and which was spoken before. */
  readonly onDialect?: (found: DialectName, before: DialectName | undefined) => void;
  /** Hears of each answer what of it is not as the dialect has it. */
  readonly onDrift?: OnDrift;
}

/** Opens the control plane at `apiUrl`, without a request yet. Throws a TypeError where `apiUrl` is no URL. */
export function openControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { apiUrl, dialect = 'auto', requestsPerMinute, archive = noArchive } = options;
  const { baseUrl, dialects } = placeOf(apiUrl, dialect);
  const limits = { ...defaultLimits, ...options.limits };
  const transport = openTransport({ baseUrl, requestsPerMinute, limits, proxy: options.proxy });
  return createClient({ ...options, transport, dialects, archive, now: Date.now });
}
