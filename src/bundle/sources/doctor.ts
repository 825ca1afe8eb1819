import { partOf } from '../part-of.js';
import type { Source } from '../source.js';

export const doctor: Source = {
  name: 'doctor.json',
  limitMs: 90_000,
  collect: async ({ diagnose }) => [
    await partOf('doctor.json', async () => ({ document: await diagnose() })),
  ],
};
