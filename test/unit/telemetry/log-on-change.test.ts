import { expect, it } from 'vitest';
import { logOnChange } from '../../../src/telemetry/log-on-change.js';

function record() {
  const lines: string[] = [];
  const say = (level: string) => (text: unknown) => void lines.push(`${level} ${text}`);
  return { lines, changed: logOnChange({ info: say('info'), warn: say('warn'), error: say('error') }) };
}

it('names a problem once, its change and its end', () => {
  const { lines, changed } = record();
  for (const problem of [undefined, 'HTTP 503', 'HTTP 503', 'HTTP 401', undefined, undefined, 'HTTP 503']) {
    changed('control plane', problem);
  }
  expect(lines).toEqual([
    'warn control plane: HTTP 503',
    'warn control plane: HTTP 401',
    'info control plane: works again',
    'warn control plane: HTTP 503',
  ]);
});

it('keeps the keys apart', () => {
  const { lines, changed } = record();
  changed('a', 'broken', 'error');
  changed('b', 'broken');
  changed('a', undefined);
  expect(lines).toEqual(['error a: broken', 'warn b: broken', 'info a: works again']);
});
