import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/model/values/secret.js';
import { chooseLogFormat, createLog, type LogFormat } from '../../../src/telemetry/log.js';
import type { LogLevel } from '../../../src/telemetry/log-levels.js';

function capture(format: LogFormat, level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLog({ format, level, target: { write: (text: string) => lines.push(text) } });
  return { log, lines };
}

const formats: readonly LogFormat[] = ['json', 'journal', 'pretty'];

describe('the JSON log', () => {
  it('has the level as a word, an ISO time, the message and the facts', () => {
    const { log, lines } = capture('json');
    log.warn({ session: 'a1' }, 'refused');
    const entry = JSON.parse(lines.join(''));
    expect(entry).toMatchObject({ level: 'warn', msg: 'refused', session: 'a1' });
    expect(new Date(entry.time).toISOString()).toBe(entry.time);
    expect(Object.keys(entry).sort()).toEqual(['level', 'msg', 'session', 'time']);
  });

  it('leaves out what is below the level', () => {
    const { log, lines } = capture('json', 'warn');
    log.info('nothing');
    expect(lines).toEqual([]);
  });
});

describe('the journal log', () => {
  it.each([
    ['fatal', 2],
    ['error', 3],
    ['warn', 4],
    ['info', 6],
    ['debug', 7],
  ] as const)('has the priority of %s as <%i>', (level, priority) => {
    const { log, lines } = capture('journal', 'trace');
    log[level]({ interface: 'wg_24001', error: 'no such device' }, 'set peer');
    expect(lines).toEqual([`<${priority}>set peer interface=wg_24001 error="no such device"\n`]);
  });

  it('is one line, also for an error with a stack', () => {
    const { log, lines } = capture('journal');
    log.error(new Error('first\nsecond'));
    expect(lines.join('')).toMatch(/^<3>first second .*\n$/);
    expect(lines.join('').split('\n')).toHaveLength(2);
  });
});

it('is a readable line on a terminal', () => {
  const { log, lines } = capture('pretty');
  log.warn({ a: 1 }, 'hello');
  expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: hello \{"a":1\}\n$/);
});

it.each(formats)('gives no secret away as %s', (format) => {
  const { log, lines } = capture(format);
  const secret = 'GEHEIM';
  log.info({
    token: secret,
    headers: { Authorization: `Bearer ${secret}` },
    list: [{ presharedKey: secret }],
  });
  log.info({ config: { private_key: secret, credential: secret, key: new Secret(secret) } });
  log.error(Object.assign(new Error(`sent Authorization: Bearer ${secret}`), { privateKey: secret }));
  log.info(`PrivateKey = ${secret}`);
  expect(lines.length).toBe(4);
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).toContain('[secret]');
});

it.each(['journal', 'pretty'] as const)('keeps control characters from a terminal as %s', (format) => {
  const { log, lines } = capture(format);
  log.info({ description: 'a\u001b]0;title\u0007b', 'k\u001bey': '\u009b31m' }, 'x\r\nforged\u202e');
  expect(lines.join('').trimEnd()).toMatch(/^[\x20-\x7e]*$/);
});

describe('the format', () => {
  const stats = { dev: 8, ino: 42 };
  it.each([
    ['journal', { JOURNAL_STREAM: '8:42' }, false],
    ['json', { JOURNAL_STREAM: '8:41' }, false],
    ['json', {}, false],
    ['pretty', {}, true],
    ['pretty', { JOURNAL_STREAM: '8:41' }, true],
  ] as const)('is %s for %j and a terminal: %s', (expected, env, isTTY) => {
    expect(chooseLogFormat(env, { isTTY, stats })).toBe(expected);
  });
});
