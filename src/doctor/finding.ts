/** What one check found: one sentence, and what to do about it as a command. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  readonly text: string;
  /** A command to paste; absent where there is none. */
  readonly remedy?: string | undefined;
}

export function ok(text: string): Finding {
  return { level: 'ok', text };
}

/** The node works, but not all of it, or not for long. */
export function warning(text: string, remedy?: string): Finding {
  return { level: 'warning', text, ...(remedy === undefined ? {} : { remedy }) };
}

/** The agent cannot do its work. */
export function fault(text: string, remedy?: string): Finding {
  return { level: 'fault', text, ...(remedy === undefined ? {} : { remedy }) };
}
