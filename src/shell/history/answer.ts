import { z } from 'zod';
import { rounded } from '../../core/history/rounded.js';
import type { Series } from '../../core/history/series.js';
import { subjectWord } from '../../core/model/peer-name.js';

const most = 720;

export const historyRequest = z.object({
  session: subjectWord.describe(
    'an ASN, a uuid, an interface, a BIRD protocol or a node, as `explain` takes it',
  ),
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(24)
    .describe(`the last hours, 1 to ${most}: up to 24 by the minute, beyond by the quarter of an hour`),
});

const values = z.array(z.number().nullable()).readonly();

export const historyAnswer = z.object({
  step: z.number().describe('seconds between two points: 60 or 900'),
  from: z.number().describe('Unix time in seconds at which the first point begins'),
  flaps: z
    .number()
    .int()
    .optional()
    .describe('how often BGP went down in these hours; absent where the events cannot be read'),
  series: z
    .object({
      rtt: values.describe('round-trip time in milliseconds'),
      loss: values.describe('lost pings in percent'),
      received: values.describe('bytes per second through the tunnel to this node'),
      sent: values.describe('bytes per second through the tunnel to the neighbor'),
      imported: values.describe('routes of the neighbor that this node takes'),
      refused: values.describe('routes of the neighbor that the filter refuses'),
      exported: values.describe('routes that the neighbor gets'),
      up: values.describe('the part of the step in which BGP was Established, 0 to 1'),
    })
    .describe('all of the same length, the oldest first; null where a value is not known'),
});

export type HistoryRequest = z.output<typeof historyRequest>;
export type HistoryAnswer = z.output<typeof historyAnswer>;

/** A series as JSON has it, with as many digits as mean something. */
export function toAnswer({ step, start, values: all }: Series): HistoryAnswer {
  return {
    step,
    from: start * step,
    series: {
      rtt: rounded(all.rtt, 3),
      loss: rounded(all.loss, 1),
      received: rounded(all.received, 0),
      sent: rounded(all.sent, 0),
      imported: rounded(all.imported, 1),
      refused: rounded(all.refused, 1),
      exported: rounded(all.exported, 1),
      up: rounded(all.up, 4),
    },
  };
}
