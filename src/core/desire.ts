import { adopt } from './adopt/adopt.js';
import { findPreviousAgent, withPreviousNames } from './adopt/previous-agent.js';
import { desireNode, readAnswers } from './desired/desire-node.js';
import type { Desired } from './desired/desired.js';
import { findHoldings } from './desired/holdings.js';
import { type DesireInput, finish } from './finish.js';
import { noConstraints } from './model/former.js';

/**
 * Turns what the control plane says into what the system should be: what is wanted, then what a previous agent's node
 * forbids or adds, then BIRD's files and all the rest. A node without a past has no constraints.
 */
export function desire(input: DesireInput): Desired {
  const previous = findPreviousAgent(input);
  const marked = findHoldings(input.observed, input.creating, previous?.tunnels.taken);
  const answers = readAnswers(input, marked);
  // A protocol that runs has its name before any newcomer asks for one.
  const holdings = previous ? withPreviousNames(marked, answers.entries, previous) : marked;
  const wanted = desireNode(answers, holdings, input);
  const constraints = previous ? adopt(wanted, previous, input) : noConstraints;
  return finish(wanted, constraints, input);
}
