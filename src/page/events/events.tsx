import { useState } from 'preact/hooks';
import type { NodeEvent } from '../../core/model/events/event.js';
import type { EventsAnswer } from '../../shell/events/select-events.js';
import { flapWords, shortSubject, toneOfEvent } from '../../words/event-words.js';
import { counted, printable } from '../../words/text.js';
import { type Live, nowOf } from '../live.js';
import { useAnswer } from '../parts/hooks.js';
import { Choice, Notice, ViewTitle } from '../parts/layout.js';
import { linkTo } from '../route.js';
import { byDay, filterEvents } from './days.js';

const spans = [
  ['1', '1 h'],
  ['24', '24 h'],
  ['168', '7 d'],
  ['720', '30 d'],
] as const;

const mostAtFirst = 300;
const pauseMs = 2_000;

/** What happened on the node, as `moenet-agent events` says it; the newest first. */
export function Events({ live, isFirst }: { readonly live: Live; readonly isFirst: boolean }) {
  const [hours, setHours] = useState<(typeof spans)[number][0]>('24');
  const [filter, setFilter] = useState('');
  const [most, setMost] = useState(mostAtFirst);
  // Whole hours, so that the question stays the same for a while.
  const sinceSeconds = Math.floor(nowOf(live) / 3600) * 3600 - (Number(hours) - 1) * 3600;
  const { value, error } = useAnswer<EventsAnswer>(
    'events',
    { sinceSeconds: String(sinceSeconds) },
    { occasion: live.atSeconds, pauseMs },
  );
  const found = filterEvents(value?.events ?? [], filter);
  return (
    <>
      <ViewTitle isFirst={isFirst}>Events</ViewTitle>
      <div class="tools">
        <label class="search">
          <span class="hidden">Filter by kind, subject or words</span>
          <input
            type="search"
            placeholder="kind, subject, words"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <Choice label="Since" options={spans} value={hours} onChoose={setHours} />
        <p class="dim small" role="status">
          {value ? counted(found.length, 'event') : ''}
        </p>
      </div>
      {error !== undefined && <Notice tone="bad">{printable(error)}</Notice>}
      {value && value.flaps.length > 0 && (
        <p>
          went down:{' '}
          {value.flaps
            .slice(0, 20)
            .map((each) => printable(flapWords(each)))
            .join(', ')}
        </p>
      )}
      {byDay(found.slice(0, most)).map(([day, events]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>{day} (UTC)</h2>
          <table class="list events">
            <thead class="hidden">
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Kind</th>
                <th scope="col">Subject</th>
                <th scope="col">What happened</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event, index) => (
                <EventRow key={`${event.atMs} ${index}`} event={event} />
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + 1000)}>
          show older ones
        </button>
      )}
      {value && found.length === 0 && <p>nothing happened</p>}
    </>
  );
}

function EventRow({ event }: { readonly event: NodeEvent }) {
  const { session, mesh, kind, text, atMs } = event;
  const subject = printable(shortSubject(event));
  const word = session?.uuid ?? mesh?.interface;
  return (
    <tr>
      <td class="time">{new Date(atMs).toISOString().slice(11, 19)}</td>
      <td class={`kind ${toneOfEvent(event) ?? ''}`}>{kind}</td>
      <td class="subject">
        {word === undefined ? <bdi>{subject}</bdi> : <a href={linkTo('session', word)}>{subject}</a>}
      </td>
      <td>{printable(text)}</td>
    </tr>
  );
}
