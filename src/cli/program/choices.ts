// Definitions and commands both need them, and only definitions are loaded at each start.

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The commands whose `--json` has a published form; `explain-prefix` is `explain prefix`. */
export const schemaNames = ['status', 'explain', 'explain-prefix', 'events', 'doctor', 'plan'] as const;

export const pageNames = ['moenet-agent.8', 'moenet-agent.json.5'] as const;
export type PageName = (typeof pageNames)[number];
