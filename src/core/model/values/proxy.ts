import type { Secret } from './secret.js';

/** The HTTP proxy that the control plane is asked through. */
export interface HttpProxy {
  /** `http://proxy.example.net:3128`, without user name and password. */
  readonly url: string;
  /** An address or a name, without brackets. */
  readonly hostname: string;
  /** `proxy.example.net:3128`, to be named in errors. */
  readonly host: string;
  /** What `Proxy-Authorization` says; undefined where the proxy asks for no login. */
  readonly authorization: Secret | undefined;
  /** The environment's variable that names it. */
  readonly variable: string;
}
