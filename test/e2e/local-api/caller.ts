import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Namespace } from '../../../src/lab/namespace.js';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Empty where the answer is none in JSON. */
  readonly json: Record<string, unknown>;
}

/** Somebody on the node who makes HTTP requests, one after another. */
export interface Caller {
  call(request: {
    readonly method: string;
    readonly url: string;
    readonly authorization: string;
    readonly body: string | undefined;
  }): Promise<Answer>;
  close(): Promise<void>;
}

export function openCaller(namespace: Namespace): Caller {
  const child = namespace.spawn('node', [resolve('test/e2e/local-api/caller-process.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the caller has no pipes');
  const lines = createInterface({ input: stdout });
  return {
    call: async (request) => {
      const line = once(lines, 'line');
      stdin.write(`${JSON.stringify(request)}\n`);
      const { status, type, text } = JSON.parse(String((await line)[0]));
      return { status, type, text, json: type?.includes('json') ? JSON.parse(text) : {} };
    },
    close: async () => {
      const exited = once(child, 'exit');
      stdin.end();
      await exited;
    },
  };
}
