import type { HttpProxy } from '../../core/model/values/proxy.js';
import type { ControlPlane } from '../../shell/ports/control-plane.js';
import { type ClientParts, createClient } from './client.js';
import type { DialectName } from './dialects/dialect.js';
import { placeOf } from './dialects/dialects.js';
import { defaultLimits, type HttpLimits } from './http/limits.js';
import { openTransport } from './http/transport.js';

type ClientOptions = Pick<ClientParts, 'nodeName' | 'token' | 'archive' | 'onDialect' | 'onDrift' | 'onCall'>;

export interface ControlPlaneOptions extends ClientOptions {
  /** `https://api.moenet.work`, or with a path prefix, which is kept. */
  readonly apiUrl: string;
  /** What the control plane is asked through. */
  readonly proxy?: HttpProxy | undefined;
  readonly requestsPerMinute: number;
  readonly limits?: Partial<HttpLimits>;
  /** `auto`, which is what it is where absent: found out on first contact, and again where answers do not fit. */
  readonly dialect?: DialectName | 'auto';
}

/** Opens the control plane at `apiUrl`, without a request yet. Throws a TypeError where `apiUrl` is no URL. */
export function openControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { apiUrl, dialect = 'auto', requestsPerMinute } = options;
  const { baseUrl, dialects } = placeOf(apiUrl, dialect);
  const limits = { ...defaultLimits, ...options.limits };
  const transport = openTransport({ baseUrl, requestsPerMinute, limits, proxy: options.proxy });
  return createClient({ ...options, transport, dialects, now: Date.now });
}
