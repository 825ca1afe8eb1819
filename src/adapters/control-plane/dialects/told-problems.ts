import { firstSentences } from '../../../core/model/list-some.js';
import { oneLine } from '../redact.js';

// Together less than 16 KiB, whatever characters they have: no control plane refuses a heartbeat for that.
const mostProblems = 12;
const maxLength = 255;

/** What a heartbeat says of the node's problems, the worst first: a few short lines, however many and long they are. */
export function toldProblems(problems: readonly string[] = []): readonly string[] {
  return firstSentences(problems, mostProblems, 'problems: moenet-agent status').map((words) =>
    oneLine(words, maxLength - 1),
  );
}
