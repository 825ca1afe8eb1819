import { z } from 'zod';
import { explained, explanation } from '../../core/explain/explanation.js';
import { routeExplanation } from '../../core/explain/route/route-explanation.js';
import { diagnosis } from '../../doctor/finding.js';
import { eventsAnswer } from '../../shell/events/select-events.js';
import { planDocument } from '../../shell/operations/plan-document.js';
import { nodeStatus } from '../../shell/status/status.js';
import type { schemaNames } from '../program/choices.js';

/** What each command prints with `--json`. */
export const documents: Readonly<Record<(typeof schemaNames)[number], z.ZodType>> = {
  status: nodeStatus,
  // Several of one name are listed.
  explain: z.union([explanation, explained.pick({ matches: true })]),
  'explain-prefix': routeExplanation,
  events: eventsAnswer,
  doctor: diagnosis,
  plan: planDocument,
};
