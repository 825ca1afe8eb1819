import type { Check } from '../check.js';

export const configuration: Check = {
  name: 'configuration',
  limitMs: 5_000,
  look: async ({ configuration: findings }) => findings,
};
