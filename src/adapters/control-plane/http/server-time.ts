import type { HttpProxy } from '../../../core/model/values/proxy.js';
import { defaultLimits } from './limits.js';
import { openPool } from './pool.js';

/**
 * The difference between this machine's clock and the `Date` that the server of `apiUrl` sends with an answer, in seconds: positive
 * where this clock is ahead. Undefined where it sends none. Throws where there is no answer. Sends no token.
 */
export async function clockSkewSeconds(
  apiUrl: string,
  proxy: HttpProxy | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const url = new URL(apiUrl);
  const pool = openPool(url, defaultLimits, proxy);
  try {
    const path = `${url.pathname.replace(/\/+$/, '')}/health`;
    const { headers, body } = await pool.request({ origin: url.origin, path, method: 'GET', signal });
    await body.dump();
    const date = Date.parse(String(headers['date'] ?? ''));
    return Number.isNaN(date) ? undefined : (Date.now() - date) / 1000;
  } finally {
    await pool.destroy();
  }
}
