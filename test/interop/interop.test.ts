import { describe, expect, it } from 'vitest';
import type { Opener } from './daemons/daemon.js';
import { daemons } from './daemons.js';
import { kinds } from './kinds.js';
import { expectedOf, type Outcome, tryKind } from './trial.js';

declare module 'vitest' {
  interface TaskMeta {
    /** A row of the table. */
    interop?: { readonly daemon: string; readonly opener: Opener; readonly kind: string } & Outcome;
  }
}

const cells = daemons.flatMap((daemon) =>
  kinds.filter(({ name }) => !daemon.notOffered?.includes(name)).map((kind) => ({ daemon, kind })),
);

// Each has namespaces of its own, and mostly waits.
describe.concurrent('a session works', () => {
  for (const { daemon, kind } of cells)
    it(`${daemon.name}, opened by ${daemon.opener}: ${kind.name}`, async ({ task }) => {
      const outcome = await tryKind(kind, daemon);
      task.meta.interop = { daemon: daemon.name, opener: daemon.opener, kind: kind.name, ...outcome };
      expect(outcome).toEqual(expectedOf(kind, daemon));
    });
});
