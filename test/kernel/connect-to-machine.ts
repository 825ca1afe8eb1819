import { inject } from 'vitest';
import { type Connection, connect } from './connection.js';

/** Connects to the virtual machine of this run of tests. Not for the setup, which starts it. */
export function connectToMachine(): Promise<Connection> {
  const place = inject('machine');
  if (place === undefined) throw new Error('there is no virtual machine: npm run test:kernel starts it');
  return connect(place);
}
