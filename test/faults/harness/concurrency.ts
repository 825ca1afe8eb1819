/** How many tests of a file run at a time, where they may. */
export const maxConcurrency = 3;
