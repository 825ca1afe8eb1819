import { describeSubject } from '../core/model/events/event.js';
import type { Log, LogOnChange } from '../shell/ports/log.js';

/**
 * Logs the state of `subject` if it differs from the last logged one: `problem` in words, or undefined where all is well. So
 * the log names a fault once, not every minute, and also its end.
 */
export function logOnChange(log: Log): LogOnChange {
  const problems = new Map<string, string>();
  return (subject, problem, about = {}) => {
    if (problems.get(subject) === problem) return;
    // A session is named by the log itself, and what names nobody is about the node.
    const isNamed = describeSubject(about) !== '' || subject === 'node';
    const text = (words: string) => (isNamed ? words : `${subject}: ${words}`);
    if (problem === undefined) {
      problems.delete(subject);
      log.info(text('works again'), { ...about, kind: 'recovered' });
    } else {
      problems.set(subject, problem);
      log.warn(text(problem), { kind: 'problem', ...about });
    }
  };
}
