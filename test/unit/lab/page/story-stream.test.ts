import { expect, it } from 'vitest';
import { openStoryStream } from '../../../../src/lab/page/story-stream.js';

async function textOf(stream: ReadableStream<Uint8Array> | undefined): Promise<string> {
  return new Response(stream ?? null).text();
}

it('tells a page that opens later all so far, each message after that, and the end', async () => {
  const stream = openStoryStream();
  stream.tell({ kind: 'line', seconds: 1, text: 'before' });
  const text = textOf(stream.open());
  stream.tell({ kind: 'line', seconds: 2, text: 'after' });
  stream.tell({ kind: 'ended', why: 'all was shown' });
  stream.close();
  const events = (await text).trim().split('\n\n');
  expect(events.map((event) => event.split('\n')[0])).toEqual([
    'event: story',
    'event: message',
    'event: message',
  ]);
  expect(events[0]).toContain('"text":"before"');
  expect(events[2]).toContain('all was shown');
});

it('says the end to a page that opens after it', async () => {
  const stream = openStoryStream();
  stream.tell({ kind: 'ended', why: 'it was interrupted' });
  stream.close();
  expect(await textOf(stream.open())).toContain('"ended":"it was interrupted"');
});

it('does not tell the page where the hosts are', async () => {
  const stream = openStoryStream();
  const text = textOf(stream.open());
  stream.tell({ kind: 'hosts', pids: { jp1: 4711 } });
  stream.close();
  expect(await text).not.toContain('4711');
});

it('takes no more pages than it can serve', () => {
  const stream = openStoryStream();
  const opened = Array.from({ length: 20 }, () => stream.open()).filter(Boolean);
  expect(opened.length).toBe(16);
});
