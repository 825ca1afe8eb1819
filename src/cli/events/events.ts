import { setTimeout as sleep } from 'node:timers/promises';
import { wordsOf } from '../../core/model/words-of.js';
import type { EventsAnswer, EventsRequest } from '../../shell/events/select-events.js';
import { printable } from '../../words/text.js';
import { askOrAlone } from '../ask-or-alone.js';
import type { Context } from '../commands.js';
import { type Screen, screenOf } from '../terminal/screen.js';
import { toJson } from '../terminal/text.js';
import { renderEvents, renderFlaps } from './view.js';

export interface EventsOptions {
  /** Unix seconds. */
  readonly sinceSeconds: number;
  readonly session: string | undefined;
  /** Goes on with the new ones until Ctrl-C. */
  readonly follow: boolean;
}

const followMs = 2_000;

/** `moenet-agent events`: 0, also where nothing happened; 1 where the events cannot be read. */
export async function eventsCommand(context: Context, options: EventsOptions): Promise<number> {
  const { io, json } = context;
  const { follow, ...request } = options;
  const answer = await ask(context, request);
  if (json) {
    io.stdout.write(toJson(answer));
    return 0;
  }
  const view = screenOf(io);
  const { text, day } = renderEvents(answer.events, view);
  io.stdout.write(text === '' && !follow ? nothing(options) : text);
  if (follow) return followEvents(context, request, { answer, day, view });
  io.stdout.write(renderFlaps(answer.flaps, view));
  return 0;
}

/** The daemon also has those that are not on disk yet; without its answer, the command reads what is there. */
async function ask(context: Context, request: EventsRequest): Promise<EventsAnswer> {
  const { io, commands, logLevel } = context;
  try {
    return await askOrAlone(context, 'events', request);
  } catch (error) {
    const onDisk = async () => commands.alone((await context.load()).config, 'events', request, { logLevel });
    const answer = await onDisk().catch(() => undefined);
    if (!answer) throw error;
    io.stderr.write(`moenet-agent: ${printable(wordsOf(error))}; these are the events on disk\n`);
    return answer;
  }
}

function nothing({ sinceSeconds, session }: EventsOptions): string {
  const since = new Date(sinceSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const whose = session === undefined ? '' : ` to ${printable(session)}`;
  return `nothing happened${whose} since ${since} UTC; --since 7d looks further back\n`;
}

interface Shown {
  readonly answer: EventsAnswer;
  /** The day of the last line. */
  readonly day: string;
  readonly view: Screen;
}

async function followEvents(context: Context, request: EventsRequest, shown: Shown): Promise<number> {
  const { io } = context;
  const signal = io.untilInterrupted();
  let { day } = shown;
  let last = shown.answer.events;
  for (;;) {
    await sleep(followMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return 0;
    const fromMs = last.at(-1)?.atMs;
    const sinceSeconds = fromMs === undefined ? request.sinceSeconds : fromMs / 1000;
    // Several may have the same time.
    const seen = new Set(last.filter(({ atMs }) => atMs === fromMs).map((event) => JSON.stringify(event)));
    const { events } = await ask(context, { ...request, sinceSeconds });
    const fresh = events.filter((event) => !seen.has(JSON.stringify(event)));
    const rendered = renderEvents(fresh, shown.view, day);
    io.stdout.write(rendered.text);
    day = rendered.day;
    if (events.length > 0) last = events;
  }
}
