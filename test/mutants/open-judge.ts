import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Question } from './judge.js';

/** A process that runs tests with another text in the place of a file's own; it is started again where it does not answer. */
export interface Judge {
  /** The tests that fail, or words that they do not end; empty where all of them pass. */
  failing(question: Question, patienceMs: number): Promise<readonly string[]>;
  end(): void;
}

export async function openJudge(): Promise<Judge> {
  let child = await start();
  return {
    failing: async (question, patienceMs) => {
      child.send(question);
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), patienceMs);
      try {
        const [failing] = await once(child, 'message', { signal: late.signal });
        return failing;
      } catch {
        end(child);
        child = await start();
        return ['they do not end'];
      } finally {
        clearTimeout(timer);
      }
    },
    end: () => end(child),
  };
}

async function start(): Promise<ChildProcess> {
  const child = fork(new URL('./judge.js', import.meta.url), { stdio: 'ignore', detached: true });
  await once(child, 'message');
  return child;
}

/** With the process in which it runs the tests, which may be in an endless loop. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}
