/** The agent's log. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Logs a fault of `subject` once when it begins or changes, and once when it ends (`undefined`). */
export type LogOnChange = (subject: string, problem: string | undefined) => void;
