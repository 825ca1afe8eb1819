import { moenetCoreConfig, moenetCoreMesh, moenetCoreSession } from './moenet-core-documents.js';
import { moenetCorePosts } from './moenet-core-posts.js';
import type { Status } from './status.js';
import type { Wire } from './wire.js';

/** What the MoeNet control plane serves: everything in an envelope, and not all of it of the promised type. */
export const moenetCore: Wire = {
  dialect: 'moenet-core',
  base: '/api/v1/agent',
  maxBodyBytes: 1024 * 1024,
  destroysUnasked: true,
  mayBecome,
  modified: (reason) => (reason === undefined ? { updated: true } : { updated: false, reason }),
  posts: moenetCorePosts,
  config: moenetCoreConfig,
  // Drift: a number where a string was promised, and the other way round.
  birdConfig: (document) => ({
    ...document,
    policy: {
      ...document.policy,
      dn42As: Number(document.policy.dn42As),
      asPathMaxLen: String(document.policy.asPathMaxLen),
    },
  }),
  mesh: moenetCoreMesh,
  sessions: (rows) => ({ bgpSessions: rows.map(moenetCoreSession) }),
  success: (data) => ({ code: 0, message: 'Success', data }),
  refusal: (httpStatus, reason) => ({ code: httpStatus, message: reason, data: null }),
  headers: (limitPerMinute, left) => ({
    'x-ratelimit-limit': String(limitPerMinute),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': '60',
  }),
};

/** What runs may fail or be switched off; what failed may run; what is off, or waits for somebody, is not an agent's to say. */
const next: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  'queued for setup': ['active', 'error'],
  active: ['error', 'disabled'],
  error: ['active', 'error', 'disabled'],
};

// At 0 the row goes, whatever it is.
function mayBecome(from: Status, to: Status): boolean {
  return to === 'deleted' || (next[from] ?? []).includes(to);
}
