import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { NodeEvent } from '../../src/core/model/events/event.js';
import type { AgentNode } from './agent-node.js';
import { it } from './with-node.js';

async function eventsOf(node: AgentNode, ...args: string[]): Promise<readonly NodeEvent[]> {
  const { stdout, exitCode } = await node.agent('events', '--json', ...args);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout).events;
}

const lines = (events: readonly NodeEvent[]) =>
  events.map(({ kind, text, session }) => `${kind} ${session ? `AS${session.asn} ` : ''}${text}`);

it('events are told by a daemon, kept over its end, and read without one', async ({ node }) => {
  const daemon = await node.start();
  const started = await eventsOf(node);
  expect(lines(started)[0]).toMatch(/^start moenet-agent \d+\.\d+\.\d+ starts \(process \d+\)$/);
  expect((await node.agent('resync')).exitCode).toBe(0);
  expect(lines(await eventsOf(node, 'wg_24001'))).toContain(
    'change AS4242421080 create tunnel wg_24001 (it is missing)',
  );
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
  const after = await eventsOf(node);
  expect(lines(after)).toContain('reload reload BIRD (its files change)');
  expect(lines(after).at(-1)).toBe('stop SIGTERM: stopping');
  expect((await stat(join(node.directory, 'state/events.jsonl'))).mode & 0o777).toBe(0o600);
  const text = JSON.stringify(after);
  expect(text).not.toContain(node.token);
  const { stdout } = await node.agent('events');
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \(UTC\)\n\d\d:\d\d:\d\d {2}start /);
});

it('a daemon that was killed is told of by the next one', async ({ node }) => {
  const daemon = await node.start();
  await expect
    .poll(() => readFile(join(node.directory, 'state/events.jsonl'), 'utf8').catch(() => ''))
    .toContain('"start"');
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
  await node.start();
  const starts = (await eventsOf(node)).filter(({ kind }) => kind === 'start');
  expect(starts.map(({ text }) => text.split('. ')[1])).toEqual([
    undefined,
    'The agent before did not end by itself: it was killed, or the machine went down',
  ]);
});
