// Definitions and commands both need them, and only definitions are loaded at each start.

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const pageNames = ['moenet-agent.8', 'moenet-agent.json.5'] as const;
export type PageName = (typeof pageNames)[number];
