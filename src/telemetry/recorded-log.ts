import { describeSubject, type EventLevel, type NodeEvent } from '../core/model/events/event.js';
import { redact } from '../redact/secret-forms.js';
import type { About, Log } from '../shell/ports/log.js';

/**
 * The one place that gives what happens to the log and to the events: `record` gets each line as an event, and `log` gets it
 * as text that begins with the name of its subject, once. `now`: Unix time in milliseconds.
 */
export function recordedLog(
  log: { readonly [L in EventLevel]: (text: string) => void },
  record: (event: NodeEvent) => void,
  now: () => number,
): Log {
  const say =
    (level: EventLevel) =>
    (text: string, about: About = {}) => {
      const { kind = 'note', isQuiet = false, session, mesh } = about;
      const event = { atMs: now(), kind, level, text, session, mesh };
      record(redact(event) as NodeEvent);
      if (isQuiet) return;
      const name = describeSubject(about);
      log[level](name === '' ? text : `${name}: ${text}`);
    };
  return { info: say('info'), warn: say('warn'), error: say('error') };
}
