/** For `vi.waitFor` and the like, whose second by default a busy machine may take for nothing. */
export const patiently = { timeout: 30_000 } as const;
