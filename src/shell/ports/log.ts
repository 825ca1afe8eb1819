/** Where the agent says what it does. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Logs what is wrong with `subject` once, when it begins or changes, and once when it is over (`undefined`). */
export type LogOnChange = (subject: string, problem: string | undefined) => void;
