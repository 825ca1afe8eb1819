import { connect } from 'node:net';
import { wordsOf } from '../../core/model/words-of.js';
import type { Check } from '../check.js';
import { ok, warning } from '../finding.js';

const connectMs = 4_000;

export const rpkiCheck: Check = {
  name: 'RPKI',
  limitMs: 10_000,
  look: async ({ stored }, signal) => {
    if (!stored.birdConfig) return [ok('the caches are not known before the first start')];
    const caches = stored.birdConfig.policy.rpkiServers;
    if (caches.length === 0)
      return [
        warning(
          'the network names no RPKI cache: BIRD cannot tell which origins are valid, unless you have a cache of your own',
          'birdc show protocols | grep RPKI',
        ),
      ];
    return Promise.all(
      caches.map(async ({ name, host, port }) => {
        const problem = await whyNoConnection(host, port, signal);
        return problem === undefined
          ? ok(`the cache ${name} (${host} port ${port}) answers`)
          : warning(
              `the cache ${name} cannot be reached at ${host} port ${port}: ${problem}`,
              `nc -vz ${host} ${port}`,
            );
      }),
    );
  },
};

/** Opens a TCP connection and ends it. */
function whyNoConnection(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: connectMs });
    const end = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${connectMs / 1000} s`));
    socket.once('error', (error) => end(wordsOf(error)));
  });
}
