import type { EventKind, Subject } from '../../core/model/events/event.js';

/** What a line of the log is about, for those who read it as an event. */
export interface About extends Subject {
  /** `note` where it does not say. */
  readonly kind?: EventKind;
  /** True for what is kept as an event and does not stand in the log: another line there says the same. */
  readonly isQuiet?: boolean;
}

/** The agent's log, whose lines are also kept as events. The text does not name the subject of `about`; the log does. */
export interface Log {
  info(text: string, about?: About): void;
  warn(text: string, about?: About): void;
  error(text: string, about?: About): void;
}

/**
 * Logs a fault of `subject` once when it begins or changes, and once when it ends (`undefined`). `about` names the session
 * or node whose fault it is; without it, `subject` stands before the text.
 */
export type LogOnChange = (subject: string, problem: string | undefined, about?: About) => void;
