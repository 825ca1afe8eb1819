/** Exit codes beyond 0 and 1; 64 and 78 are those of sysexits(3). */
export const exitCodes = {
  changesPending: 2,
  degraded: 3,
  usage: 64,
  config: 78,
} as const;
