import type { Writable } from 'node:stream';

/** Where the lab tells how it gets on: full lines, and on a terminal one live line below them. */
export interface Progress {
  say(line: string): void;
  /** What is being waited for since `sinceMs` (Unix milliseconds). */
  waitingFor(what: readonly string[], sinceMs: number): void;
  /** Replaces the whole screen (terminals only). */
  show(screen: string): void;
}

type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const clearLine = '\r\x1b[K';
const clearScreen = '\x1b[H\x1b[2J';

/** Progress on a stream; every line begins with the seconds since the lab's start. */
export function makeProgress(output: Output, startedAtMs: number): Progress {
  const terminal = output.isTTY === true;
  const elapsed = () => seconds(Date.now() - startedAtMs).padStart(7);
  const print = (line: string) => output.write(`${terminal ? clearLine : ''}${line}\n`);
  let lastWait = '';
  return {
    say: (line) => {
      lastWait = '';
      print(`${elapsed()}  ${line}`);
    },
    waitingFor: (what, sinceMs) => {
      const names = list(what);
      if (terminal) {
        const text = `${elapsed()}  waiting since ${seconds(Date.now() - sinceMs)} for ${names}`;
        output.write(clearLine + text.slice(0, (output.columns ?? 80) - 1));
      } else if (names !== lastWait) {
        print(`${elapsed()}  waiting for ${names}`);
      }
      lastWait = names;
    },
    show: (screen) => {
      if (terminal) output.write(clearScreen + screen);
    },
  };
}

/** `1234` → `1.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function list(items: readonly string[]): string {
  const [first = 'nothing', second, ...rest] = items;
  if (second === undefined) return first;
  return `${first}, ${second}${rest.length > 0 ? ` and ${rest.length} more` : ''}`;
}
