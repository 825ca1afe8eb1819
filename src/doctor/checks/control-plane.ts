import { wordsOf } from '../../core/model/words-of.js';
import { failedAs, isAnswered } from '../../shell/ports/control-plane-error.js';
import type { Check } from '../check.js';
import { type Finding, fault, ok, warning } from '../finding.js';
import { toEdit } from '../forbidden.js';

export const controlPlaneCheck: Check = {
  name: 'control plane',
  limitMs: 30_000,
  look: async ({ node, controlPlane, stored, dialect, configPath }, signal) => {
    if (!node || !controlPlane)
      return [warning('it cannot be asked without a configuration', 'moenet-agent check-config')];
    const { apiUrl, nodeName } = node.bootstrap;
    const startedMs = performance.now();
    try {
      await controlPlane.checkHealth(signal);
    } catch (error) {
      // A refusal is an answer; the next call says more.
      if (!isAnswered(error)) return [noAnswer(apiUrl, error, stored.config !== undefined)];
    }
    const tookMs = Math.round(performance.now() - startedMs);
    const answers = ok(`${apiUrl} answers within ${tookMs} ms`);
    try {
      const { node: found } = await controlPlane.fetchConfig(signal);
      const knows = `it takes the token, and knows ${nodeName} as node ${found.id}${found.asn === undefined ? '' : ` of AS${found.asn}`}`;
      return [answers, ok(`${knows} (dialect ${(await dialect()) ?? 'unknown'})`)];
    } catch (error) {
      const isOfConfiguration = failedAs('unauthorized', error) || failedAs('unknown-node', error);
      return [
        answers,
        fault(
          `it does not give ${nodeName} its configuration: ${wordsOf(error)}`,
          isOfConfiguration ? toEdit(configPath) : `curl -v ${apiUrl}/health`,
        ),
      ];
    }
  },
};

function noAnswer(apiUrl: string, error: unknown, isStored: boolean): Finding {
  const left = isStored ? '; the node starts with the last good answers' : '';
  return fault(`${apiUrl} does not answer: ${wordsOf(error)}${left}`, `curl -v ${apiUrl}/health`);
}
