import { openEventFiles } from '../../adapters/state/event-files.js';
import { selectEvents } from '../../shell/events/select-events.js';
import type { NodeStatus } from '../../shell/status/status.js';
import { partOf } from '../part-of.js';
import type { Part, Patient, Source } from '../source.js';

const noDaemon = 'no daemon is running';

/** What the daemon says of itself, and of each session or node with trouble. */
export const daemon: Source = {
  name: 'status.json',
  limitMs: 90_000,
  collect: async (patient) => {
    const answer = await partOf('status.json', async () => {
      const status = await patient.ask('status', {});
      if (!status) throw new Error(noDaemon);
      return { document: status };
    });
    const status = 'document' in answer ? (answer.document as NodeStatus) : undefined;
    return [answer, ...(await explanations(patient, status))];
  },
};

const mostExplained = 20;
// The daemon takes some seconds for each where BIRD has many routes.
const explainedWithinMs = 60_000;

async function explanations(patient: Patient, status: NodeStatus | undefined): Promise<Part[]> {
  if (!status) return [{ file: 'explain', missing: noDaemon }];
  const wanted = namesOfTroubled(status);
  const until = patient.now() + explainedWithinMs;
  const parts: Part[] = [];
  for (const name of wanted.slice(0, mostExplained)) {
    if (patient.now() > until) break;
    parts.push(
      await partOf(`explain/${name}.json`, async () => ({
        document: await patient.ask('explain', { subject: name }),
      })),
    );
  }
  const left = wanted.length - parts.length;
  return left === 0 ? parts : [...parts, { file: 'explain', missing: `${left} more with trouble` }];
}

function namesOfTroubled({ sessions, mesh }: NodeStatus): string[] {
  const isFine = (state: string) => ['ok', 'ignored'].includes(state);
  return [
    ...sessions.filter((row) => row.trouble || !isFine(row.state)).map((row) => row.uuid),
    ...mesh.filter(({ trouble }) => trouble).map((row) => row.interface),
  ];
}

const eventDays = 7;
const mostEvents = 5_000;

/** What happened in the last days; from the disk where no daemon answers. */
export const events: Source = {
  name: 'events.json',
  limitMs: 20_000,
  collect: async (patient) => [
    await partOf('events.json', async () => {
      const sinceSeconds = Math.round(patient.now() / 1000) - eventDays * 86_400;
      const answer =
        (await patient.ask('events', { sinceSeconds }).catch(() => undefined)) ??
        selectEvents(await openEventFiles(patient.paths.stateDir, patient).read(), { sinceSeconds });
      return { document: { ...answer, events: answer.events.slice(-mostEvents) } };
    }),
  ],
};
