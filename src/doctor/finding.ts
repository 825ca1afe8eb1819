import { z } from 'zod';

/** What one check found: one sentence, and what to do about it as a command. */
const finding = z.object({
  level: z
    .enum(['ok', 'warning', 'fault'])
    .describe(
      '`warning`: the node works, but not all of it, or not for long. `fault`: the agent cannot do its work',
    ),
  text: z.string().describe('one sentence'),
  remedy: z.string().optional().describe('a command to paste; each warning and fault has one'),
});

/** What `doctor` says. */
export const diagnosis = z.object({
  ok: z.boolean().describe('there is no fault'),
  findings: z.array(finding.extend({ check: z.string() })).readonly(),
});

export type Finding = z.output<typeof finding>;
export type Diagnosis = z.output<typeof diagnosis>;

export function ok(text: string): Finding {
  return { level: 'ok', text };
}

/** The node works, but not all of it, or not for long. */
export function warning(text: string, remedy: string): Finding {
  return { level: 'warning', text, remedy };
}

/** The agent cannot do its work. */
export function fault(text: string, remedy: string): Finding {
  return { level: 'fault', text, remedy };
}
