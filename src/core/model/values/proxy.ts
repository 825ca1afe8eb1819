import type { Secret } from './secret.js';

/** The HTTP proxy to the control plane. */
export interface HttpProxy {
  /** `http://proxy.example.net:3128`, without user name and password. */
  readonly url: string;
  /** An address or a name, without brackets. */
  readonly hostname: string;
  /** `proxy.example.net:3128`, for errors. */
  readonly host: string;
  /** What `Proxy-Authorization` says; undefined where the proxy asks for no login. */
  readonly authorization: Secret | undefined;
  /** The environment variable that names it. */
  readonly variable: string;
}
