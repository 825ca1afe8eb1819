/** What an exposition says of its metrics: name → the names of its labels. A histogram counts with its parts. */
export function labelsByMetric(exposition: string): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map(
    [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type]) => [name, type]),
  );
  const found = new Map<string, ReadonlySet<string>>();
  for (const [, name = '', labels = ''] of exposition.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const own = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    found.set(name, new Set([...(found.get(name) ?? []), ...own]));
  }
  const histograms = [...types].filter(([, type]) => type === 'histogram');
  for (const [name] of types)
    if (!found.has(name) && !histograms.some(([each]) => each === name))
      throw new Error(`the exposition has no sample of ${name}`);
  return found;
}
