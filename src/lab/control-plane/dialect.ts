/** The two ways in which control planes speak the Agent API. */
export const dialects = ['documented', 'moenet-core'] as const;
export type Dialect = (typeof dialects)[number];
