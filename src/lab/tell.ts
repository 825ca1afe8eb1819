import { writeSync } from 'node:fs';
import type { Progress } from './report/progress.js';
import type { LabMessage } from './story/messages.js';

/** Tells whoever serves the lab's page what happens. */
export type Tell = (message: LabMessage) => void;

/** The pipe on which the process inside tells the one outside, in JSON lines. */
export const tellingPipe = 3;

const addressVariable = 'MOENET_AGENT_LAB_PAGE';

/** For the environment of the process inside: the page's address, which also says that `tellingPipe` is there. */
export function pageEnvironment(address: string | undefined): Record<string, string> {
  return address === undefined ? {} : { [addressVariable]: address };
}

/** The address of the lab's page; undefined where it has none. */
export function pageAddress(): string | undefined {
  return process.env[addressVariable];
}

/** Tells the process outside; nobody where there is no page. */
export function openTell(): Tell {
  if (pageAddress() === undefined) return () => {};
  return (message) => {
    try {
      // At once, so that nothing is lost when this process ends.
      writeSync(tellingPipe, `${JSON.stringify(message)}\n`);
    } catch {
      // Nobody reads any more: the process outside is gone, and with it soon this one.
    }
  };
}

/** The same progress, told as well. */
export function toldProgress(progress: Progress, tell: Tell, startedAtMs: number): Progress {
  const seconds = () => (Date.now() - startedAtMs) / 1000;
  return {
    ...progress,
    say: (text) => {
      progress.say(text);
      tell({ kind: 'line', seconds: seconds(), text });
    },
    waitingFor: (what, sinceMs) => {
      progress.waitingFor(what, sinceMs);
      tell({ kind: 'waiting', what });
    },
  };
}
