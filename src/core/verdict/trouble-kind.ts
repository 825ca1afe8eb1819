import { z } from 'zod';

/**
 * Who has to act on what is wrong with a session or a mesh peer:
 *
 * - `needs-you`: the operator. The agent cannot mend it, or has failed so often that it tries only once an hour.
 * - `working`: the agent or BIRD, which try again. It ends as one of the other two if it lasts.
 * - `peer-side`: the neighbor. All is configured and right here; it is offline, does not answer, refuses, or lacks a capability.
 *   That is no problem of the node.
 */
const troubleKind = z
  .enum(['needs-you', 'working', 'peer-side'])
  .describe('who has to act: the operator, the agent or BIRD, which try again, or the neighbor');

export type TroubleKind = z.output<typeof troubleKind>;

export const trouble = z
  .object({
    kind: troubleKind,
    words: z.string(),
    next: z
      .string()
      .optional()
      .describe(
        'what happens next by itself, and when; absent where nothing does, or only the neighbor can act',
      ),
    isOfNode: z
      .literal(true)
      .optional()
      .describe(
        "the node itself is the cause: BIRD does not run, or sees no interface. The node's own problem says so",
      ),
  })
  .describe('what is wrong, who has to act on it, and what happens next; absent where nothing is wrong');

/** What is wrong with one session or mesh peer. */
export type Trouble = z.output<typeof trouble>;
