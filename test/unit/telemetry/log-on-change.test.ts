import { expect, it } from 'vitest';
import { logOnChange } from '../../../src/telemetry/log-on-change.js';

function record() {
  const lines: string[] = [];
  const say = (level: string) => (text: string, about?: object) =>
    void lines.push([level, text, ...(about && 'kind' in about ? [`[${about.kind}]`] : [])].join(' '));
  return { lines, changed: logOnChange({ info: say('info'), warn: say('warn'), error: say('error') }) };
}

it('names a problem once, its change and its end', () => {
  const { lines, changed } = record();
  for (const problem of [undefined, 'HTTP 503', 'HTTP 503', 'HTTP 401', undefined, undefined, 'HTTP 503']) {
    changed('control plane', problem);
  }
  expect(lines).toEqual([
    'warn control plane: HTTP 503 [problem]',
    'warn control plane: HTTP 401 [problem]',
    'info control plane: works again [recovered]',
    'warn control plane: HTTP 503 [problem]',
  ]);
});

it('keeps the keys apart', () => {
  const { lines, changed } = record();
  changed('a', 'broken');
  changed('b', 'broken');
  changed('a', undefined);
  expect(lines).toEqual([
    'warn a: broken [problem]',
    'warn b: broken [problem]',
    'info a: works again [recovered]',
  ]);
});
