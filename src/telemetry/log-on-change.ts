import type { Log } from './log.js';

/**
 * Says the state of `key` in the log if it differs from what was last said: `problem` in words, or undefined where
 * all is well. A fault is so named once, not every minute, and its end is named, too.
 */
export type ChangeLog = (key: string, problem: string | undefined, level?: 'info' | 'warn' | 'error') => void;

export function logOnChange(log: Pick<Log, 'info' | 'warn' | 'error'>): ChangeLog {
  const problems = new Map<string, string>();
  return (key, problem, level = 'warn') => {
    if (problems.get(key) === problem) return;
    if (problem === undefined) {
      problems.delete(key);
      log.info(`${key}: works again`);
    } else {
      problems.set(key, problem);
      log[level](`${key}: ${problem}`);
    }
  };
}
