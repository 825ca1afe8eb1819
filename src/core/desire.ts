import { adopt } from './adopt/adopt.js';
import { findPreviousAgent, withPreviousNames } from './adopt/previous-agent.js';
import { desireNode, readAnswers } from './desired/desire-node.js';
import type { Desired } from './desired/desired.js';
import { findOwned } from './desired/owned.js';
import { type DesireInput, finish } from './finish.js';
import { noConstraints } from './model/previous-agent.js';

/**
 * Turns the control plane's answers into what the system should be: what is wanted, then the constraints of a previous
 * agent's node, then BIRD's files and the rest. A node without a previous agent has no constraints.
 */
export function desire(input: DesireInput): Desired {
  const previous = findPreviousAgent(input);
  const marked = findOwned(input.observed, input.creating, previous?.tunnels.adopted);
  const answers = readAnswers(input, marked);
  // A running protocol has its name before a new session asks for one.
  const owned = previous ? withPreviousNames(marked, answers.entries, previous) : marked;
  const wanted = desireNode(answers, owned, input);
  const constraints = previous ? adopt(wanted, previous, input) : noConstraints;
  return finish(wanted, constraints, input);
}
