/** The two ways in which control planes speak the Agent API (protocol.md, "Two dialects"). */
export const dialects = ['documented', 'moenet-core'] as const;
export type Dialect = (typeof dialects)[number];
