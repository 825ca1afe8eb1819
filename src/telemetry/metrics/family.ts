import { Counter, Gauge, type Registry } from 'prom-client';
import { oneLine } from '../../core/model/words-of.js';

export type LabelValues = Readonly<Record<string, string | number>>;

/** A value with its labels. Undefined is unknown: it has no series, because no sample is not zero. */
export interface Sample {
  readonly value: number | boolean | undefined;
  readonly labels?: LabelValues;
}

/** One metric that follows from `S`. A counter that the system counts is read, too. */
export interface Family<S> {
  /** Without the prefix `moenet_agent_`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  samples(source: S): readonly Sample[];
}

export const prefix = 'moenet_agent_';

/** A metric with one series. */
export function single<S>(
  name: string,
  help: string,
  value: (source: S) => number | boolean | undefined,
): Family<S> {
  return { name, type: 'gauge', help, labels: [], samples: (source) => [{ value: value(source) }] };
}

/** Makes the metric, which reads `source` anew for each scrape: what is gone has no series any more. */
export function register<S>(
  registry: Registry,
  { name, type, ...family }: Family<S>,
  source: () => S | undefined,
): void {
  const options = {
    name: `${prefix}${name}`,
    help: family.help,
    labelNames: [...family.labels],
    registers: [registry],
  };
  const each = (add: (labels: LabelValues, value: number) => void) => {
    const now = source();
    for (const { value, labels = {} } of now === undefined ? [] : family.samples(now))
      if (value !== undefined) add(shown(labels), Number(value));
  };
  if (type === 'counter') {
    new Counter({
      ...options,
      collect() {
        this.reset();
        if (family.labels.length === 0) this.remove();
        each((labels, value) => this.inc(labels, value));
      },
    });
  } else {
    new Gauge({
      ...options,
      collect() {
        this.reset();
        // Without labels, a reset gauge is 0.
        if (family.labels.length === 0) this.remove();
        each((labels, value) => this.set(labels, value));
      },
    });
  }
}

const mostCharacters = 128;

function shown(labels: LabelValues): LabelValues {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, labelText(value)]));
}

/**
 * A label's value, which may be a name from outside: one short line of valid Unicode without control characters. The writer of the
 * exposition escapes quotes and backslashes.
 */
export function labelText(value: string | number): string {
  if (typeof value === 'number' || /^[\w.:-]{0,64}$/.test(value)) return String(value);
  const line = oneLine(value);
  const characters = Array.from(line);
  return characters.length <= mostCharacters
    ? line
    : `${characters.slice(0, mostCharacters - 3).join('')}...`;
}
