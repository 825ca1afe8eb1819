import { beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program/program.js';
import { createMetrics } from '../../src/telemetry/metrics/metrics.js';
import { fullStatus } from '../fakes/full-status.js';
import { read } from './documents.js';
import { labelsByMetric } from './exposition.js';

/** Of Prometheus itself, for each target and each alert. */
const everywhere = ['instance', 'job', 'le'];
const ofPrometheus: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
};

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

let metrics: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  const { work, text } = createMetrics();
  work.drifted('sessions', [{ field: 'port', count: 1 }]);
  metrics = labelsByMetric(await text(fullStatus));
});

/** What of an expression of PromQL is not in the agent's metrics. */
function unknownIn(expr: string): string[] {
  const plain = expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  const used = [...plain.matchAll(/\b((?:moenet_agent|process)_\w+|up|ALERTS)\b(?:\{([^}]*)\})?/g)];
  const labelsOf = (name: string) => ofPrometheus[name] ?? metrics.get(name);
  const all = new Set([...everywhere, ...used.flatMap(([, name = '']) => [...(labelsOf(name) ?? [])])]);
  const grouped = [...plain.matchAll(/\b(?:by|on|group_left) ?\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return [
    ...(used.length === 0 ? [`no metric in ${expr}`] : []),
    ...used.flatMap(([, name = '', matchers = '']) => {
      const known = labelsOf(name);
      if (known === undefined) return [name];
      const labels = [...matchers.matchAll(/(\w+) *(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
      return labels
        .filter((label) => ![...everywhere, ...known].includes(label))
        .map((label) => `${name}{${label}}`);
    }),
    ...grouped.filter((label) => !all.has(label)).map((label) => `label ${label} in ${expr}`),
  ];
}

function labelsIn(expr: string): ReadonlySet<string> {
  const names = [...expr.matchAll(/\b(moenet_agent|process)_\w+|\bup\b|\bALERTS\b/g)].map(([name]) => name);
  return new Set([...everywhere, ...names.flatMap((name) => [...(metrics.get(name) ?? [])])]);
}

describe.each(['node', 'fleet'])('docs/monitoring/%s.json', (name) => {
  const board = JSON.parse(read(`docs/monitoring/${name}.json`));
  const panels: readonly Panel[] = board.panels;
  const targets = panels.flatMap(({ title, targets: each = [] }) =>
    each.map((target) => ({ title, ...target })),
  );

  it('asks only for metrics and labels that the agent has', () => {
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    const names = targets.flatMap(({ expr, legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)]
        .map(([, label = '']) => label)
        .filter((label) => !labelsIn(expr).has(label))
        .map((label) => `${label} in ${expr}`),
    );
    expect(names).toEqual([]);
  });

  it('can be imported: a data source to choose, panels with numbers of their own that do not overlap', () => {
    expect(board.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    expect(JSON.stringify(board)).not.toMatch(/"uid":"(?!\$\{datasource\}|moenet-agent)/);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

describe('docs/monitoring/alerts.yml', () => {
  const blocks = read('docs/monitoring/alerts.yml')
    .split(/^ {6}- alert: /m)
    .slice(1);
  const alerts = blocks.map((block) => ({
    name: /^\w+/.exec(block)?.[0] ?? '',
    expr: /expr: (?:>-\n)?([\s\S]*?)\n {8}(?:for|labels):/.exec(block)?.[1] ?? '',
    severity: /severity: (\w+)/.exec(block)?.[1],
    command: /command: "(.*)"$/m.exec(block)?.[1] ?? '',
    texts: [...block.matchAll(/(?:summary|description|command): "(.*)"$/gm)].map(([, text = '']) => text),
  }));

  it('asks only for metrics and labels that the agent has', () => {
    expect(alerts.length).toBeGreaterThan(15);
    expect(alerts.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    const named = alerts.flatMap(({ expr, texts }) =>
      [...texts.join(' ').matchAll(/\$labels\.(\w+)/g)]
        .map(([, label = '']) => label)
        .filter((label) => !labelsIn(expr).has(label)),
    );
    expect(named).toEqual([]);
  });

  it('has what to type first, by commands that there are', () => {
    const program = makeProgram(
      '1',
      () => expect.unreachable(),
      () => undefined,
    );
    const names = program.commands.map((command) => command.name());
    for (const { command, severity } of alerts) {
      expect(['critical', 'warning', 'info']).toContain(severity);
      const [first = '', second = ''] = command.split(' ');
      if (first === 'moenet-agent') expect(names).toContain(second);
      else expect(['systemctl', 'journalctl']).toContain(first);
    }
  });

  it('has each alert in README.md beside it, with the same command', () => {
    const rows = read('docs/monitoring/README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `Moenet'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const told = rows.map(([, name = '', severity = '', , command = '']) => [
      name.replaceAll('`', ''),
      severity.split(',')[0],
      command.replaceAll('`', ''),
    ]);
    expect(told).toEqual(
      alerts.map(({ name, severity, command }) => [
        name,
        severity,
        command.replace('{{ $labels.interface }}', 'INTERFACE'),
      ]),
    );
  });
});
