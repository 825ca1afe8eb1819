import { listSome } from './list-some.js';

/** What is done about endpoint names that do not resolve, for people; undefined where all do. */
export function describeUnresolved(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const verb = names.length === 1 ? 'does' : 'do';
  return `DNS: ${listSome(names, 5)} ${verb} not resolve; tunnels keep the endpoint that they have, new ones wait for theirs`;
}
