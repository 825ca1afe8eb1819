import { z } from 'zod';

const text = z.string();

const plannedChange = z.object({
  summary: text,
  why: text,
  subject: text.describe('the owner: `session a1`, `mesh peer 2`, `node`'),
  diff: text.optional().describe('for a file of BIRD, with `--diff`: a unified diff'),
});

/** What a pass would do, as `plan` prints it. Holds no secret. */
export const planDocument = z.object({
  changes: z.array(plannedChange).readonly().describe('in order'),
  reports: z
    .array(z.object({ subject: text, summary: text }))
    .readonly()
    .describe('status updates that would be posted'),
  problems: z.array(text).readonly().describe('faults that no change can fix, such as a refused session'),
  notes: z
    .array(text)
    .readonly()
    .optional()
    .describe('objects from before the agent that it leaves alone, or keeps as they were'),
});

export type PlannedChange = z.output<typeof plannedChange>;
export type PlanDocument = z.output<typeof planDocument>;
