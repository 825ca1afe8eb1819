import type { BirdProtocol } from '../model/observed.js';
import { errorWords, stateWords } from './bgp-words.js';
import type { ExplainedProtocol } from './explanation.js';
import { protocolDetails } from './protocol-details.js';

/** One BGP protocol: its state and last error in words, and what both ends offer. `lines` are those of `show protocols all NAME`. */
export function bgpProtocol(
  name: string,
  protocol: BirdProtocol | undefined,
  lines: readonly string[],
): ExplainedProtocol {
  const state = protocol ? (protocol.bgp?.state ?? protocol.state) : 'not running';
  const lastError = protocol?.bgp?.lastError;
  const { timers, capabilities } = protocolDetails(lines);
  return {
    name,
    state,
    stateWords: stateWords(state),
    since: protocol?.since,
    lastError,
    lastErrorWords: lastError === undefined ? undefined : errorWords(lastError),
    timers,
    capabilities: capabilities && {
      both: capabilities.own.filter((each) => capabilities.neighbor.includes(each)),
      onlyUs: capabilities.own.filter((each) => !capabilities.neighbor.includes(each)),
      onlyNeighbor: capabilities.neighbor.filter((each) => !capabilities.own.includes(each)),
    },
  };
}
