/** What is done about endpoint names that do not resolve, for people; undefined where all do. */
export function describeUnresolved(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const some = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  const verb = names.length === 1 ? 'does' : 'do';
  return `DNS: ${some} ${verb} not resolve; tunnels keep the endpoint that they have, new ones wait for theirs`;
}
