import type { Log } from './log.js';

/**
 * Logs the state of `key` if it differs from the last logged one: `problem` in words, or undefined where all is well. So the
 * log names a fault once, not every minute, and also its end.
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
