import { Counter, Histogram, type Registry } from 'prom-client';
import { type NodeEvent, subjectKey } from '../../core/model/events/event.js';
import type { AccountedCall, PassWork } from '../../shell/ports/work.js';
import { type CommandResult, commandResults, programs } from './commands.js';
import { labelText, prefix } from './family.js';

/** The calls whose answers have fields that the agent reads. */
const readCalls = ['config', 'sessions', 'bird-config', 'mesh'];

/** What the agent has done since it started. */
export interface Work {
  /** A request to the control plane has ended. */
  callEnded(call: AccountedCall): void;
  /** A field of an answer came otherwise than the dialect promises. `field` is of a limited set. */
  drifted(call: string, drifts: readonly { readonly field: string; readonly count: number }[]): void;
  passEnded(pass: PassWork): void;
  happened(event: NodeEvent): void;
  commandEnded(program: string, result: CommandResult): void;
  /** How often BGP of a subject (`subjectKey`) went down. */
  flapsOf(subject: string): number;
  /** Forgets the flaps of all others: nobody asks for them any more. */
  keepFlaps(subjects: ReadonlySet<string>): void;
}

/** Every counter that can be known in advance is there from the start, so that its first step is seen. */
export function countWork(registry: Registry, calls: readonly string[], failures: readonly string[]): Work {
  const settings = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({
    name: `${prefix}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  const counter = <L extends string = never>(name: string, help: string, labels: readonly L[] = []) =>
    new Counter(settings(name, help, labels));
  const asked = counter(
    'control_plane_calls_total',
    'Requests to the control plane, by call and result (ok, failed).',
    ['call', 'result'],
  );
  const failed = counter(
    'control_plane_failures_total',
    'Requests to the control plane that failed, by the kind of failure.',
    ['kind'],
  );
  const callDuration = new Histogram({
    ...settings(
      'control_plane_call_duration_seconds',
      "How long requests to the control plane took, with retries and the agent's own rate limit.",
      ['call'],
    ),
    buckets: [0.05, 0.25, 1, 5, 20, 60],
  });
  const drift = counter(
    'contract_drift_total',
    "Fields of the control plane's answers that differ from its dialect, by call and field.",
    ['call', 'field'],
  );
  const driftedAnswers = counter(
    'drifted_answers_total',
    'Answers of the control plane of which a field differs from its dialect, by call.',
    ['call'],
  );
  const passes = counter(
    'passes_total',
    'Passes by result: complete (the agent has read the system), failed.',
    ['result'],
  );
  const passDuration = new Histogram({
    ...settings('pass_duration_seconds', 'How long passes took, without the updates that follow.', []),
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180],
  });
  const changes = counter('changes_total', 'Changes that passes tried, by result (done, failed).', [
    'result',
  ]);
  const reloads = counter('bird_reloads_total', 'How often BIRD has loaded files of the agent.');
  const restarts = counter('bird_restarts_total', 'How often the agent has restarted BIRD for an operator.');
  const undos = counter(
    'undone_changes_total',
    'How often the agent has undone a change because of its effect, or of an agent that was killed.',
  );
  const commands = counter(
    'commands_total',
    'Programs that the agent has run, by result (ok, failed, missing, timeout).',
    ['program', 'result'],
  );
  const counted = { reload: reloads, restart: restarts, undo: undos };
  const flaps = new Map<string, number>();

  for (const call of calls) {
    for (const result of ['ok', 'failed']) asked.inc({ call, result }, 0);
    callDuration.zero({ call });
  }
  // The fields are not known in advance: the first difference is seen here.
  for (const call of readCalls) driftedAnswers.inc({ call }, 0);
  for (const kind of failures) failed.inc({ kind }, 0);
  for (const result of ['complete', 'failed']) passes.inc({ result }, 0);
  for (const result of ['done', 'failed']) changes.inc({ result }, 0);
  for (const program of programs) for (const result of commandResults) commands.inc({ program, result }, 0);

  return {
    callEnded: ({ call, failure, durationMs }) => {
      asked.inc({ call, result: failure === undefined ? 'ok' : 'failed' });
      callDuration.observe({ call }, durationMs / 1000);
      if (failure !== undefined) failed.inc({ kind: failure });
    },
    drifted: (call, drifts) => {
      if (drifts.length > 0) driftedAnswers.inc({ call });
      for (const { field, count } of drifts) drift.inc({ call, field: labelText(field) }, count);
    },
    passEnded: ({ isComplete, durationMs, done, failed: notDone }) => {
      passes.inc({ result: isComplete ? 'complete' : 'failed' });
      passDuration.observe(durationMs / 1000);
      changes.inc({ result: 'done' }, done);
      changes.inc({ result: 'failed' }, notDone);
    },
    happened: (event) => {
      const { kind } = event;
      if (kind === 'reload' || kind === 'restart' || kind === 'undo') counted[kind].inc();
      if (kind === 'down') flaps.set(subjectKey(event), (flaps.get(subjectKey(event)) ?? 0) + 1);
    },
    commandEnded: (program, result) => {
      commands.inc({ program: programs.find((known) => known === program) ?? 'other', result });
    },
    flapsOf: (subject) => flaps.get(subject) ?? 0,
    keepFlaps: (subjects) => {
      for (const subject of flaps.keys()) if (!subjects.has(subject)) flaps.delete(subject);
    },
  };
}
