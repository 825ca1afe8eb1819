import { describe, expect, it } from 'vitest';
import { driftLog } from '../../../src/telemetry/drift-log.js';

const hourMs = 3_600_000;

function makeDriftLog() {
  const lines: string[] = [];
  const clock = { ms: 5000 };
  const { hear, note } = driftLog({ warn: (line: string) => void lines.push(line) } as never, () => clock.ms);
  return { lines, clock, hear, note };
}

const port = { field: 'port', count: 3, example: 'a string, "24001"' };
const unknown = { field: '(unknown key)', count: 1, example: 'next' };

describe('driftLog', () => {
  it('says nothing where all is as promised', () => {
    const { lines, clock, hear } = makeDriftLog();
    for (let hour = 0; hour < 50; hour++, clock.ms += hourMs) hear('sessions', []);
    expect(lines).toEqual([]);
  });

  it('logs after a minute the differences until then, with an example of each field', () => {
    const { lines, clock, hear } = makeDriftLog();
    hear('sessions', [unknown]);
    hear('sessions', [port]);
    expect(lines).toEqual([]);
    clock.ms += 60_000;
    hear('config', []);
    expect(lines).toEqual([
      'some of the control plane\'s answers differ from its dialect: sessions port 3 times (a string, "24001"), ' +
        'sessions (unknown key) 1 times (next)',
    ]);
  });

  it('sums up once a day, also where it has ended meanwhile, and not again', () => {
    const { lines, clock, hear } = makeDriftLog();
    clock.ms += 60_000;
    hear('sessions', [port]);
    hear('sessions', [port]);
    hear('mesh', [port]);
    for (let hour = 0; hour < 72; hour++, clock.ms += hourMs) hear('sessions', []);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('sessions port 3 times (a string, "24001"), mesh port 3 times');
  });

  it('has a note for `status` while the last answer differs', () => {
    const { hear, note } = makeDriftLog();
    expect(note()).toBeUndefined();
    hear('sessions', [port, unknown, { ...port, field: 'mtu' }, { ...port, field: 'psk' }]);
    hear('mesh', []);
    expect(note()).toMatch(/differ from its dialect: sessions port 3 times .*, and 1 more$/);
    hear('sessions', []);
    expect(note()).toBeUndefined();
  });

  it('stays one line of bearable length', () => {
    const { lines, clock, hear } = makeDriftLog();
    clock.ms += 60_000;
    hear(
      'config',
      Array.from({ length: 30 }, (_, index) => ({ ...port, field: `f${index}` })),
    );
    expect(lines[0]).toMatch(/, and 10 more$/);
  });
});
