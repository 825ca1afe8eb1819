import { basename } from 'node:path';
import { ProgramError, type Run } from './exec.js';

/** How a program ended. */
export type CommandEnd = 'ok' | 'failed' | 'missing' | 'timeout';

/** The same `run`, and `onEnd` hears of each program that has ended, by its name without a path. */
export function watchedRun(run: Run, onEnd: (program: string, end: CommandEnd) => void): Run {
  return async (program, args, options) => {
    try {
      const result = await run(program, args, options);
      onEnd(basename(program), 'ok');
      return result;
    } catch (error) {
      onEnd(basename(program), error instanceof ProgramError ? endOf(error) : 'failed');
      throw error;
    }
  };
}

function endOf({ missing, isLate }: ProgramError): CommandEnd {
  if (missing) return 'missing';
  return isLate ? 'timeout' : 'failed';
}
