/** A Debian on which the agent is tried. */
export interface Debian {
  readonly suite: 'bookworm' | 'trixie';
  readonly bird: 'bird2' | 'bird3';
}

const all: readonly Debian[] = [
  { suite: 'bookworm', bird: 'bird2' },
  { suite: 'trixie', bird: 'bird3' },
];

/** Both, or those that MOENET_SYSTEM names, separated by commas. */
export function selectedDebians(): readonly Debian[] {
  const named = process.env['MOENET_SYSTEM']?.split(',');
  const selected = all.filter(({ suite }) => named?.includes(suite) ?? true);
  if (selected.length === 0)
    throw new Error(`MOENET_SYSTEM names none of ${all.map(({ suite }) => suite).join(', ')}`);
  return selected;
}

/** The Debian of a suite; without a name, the one that these tests run on. */
export function debianNamed(suite = process.env['MOENET_SUITE']): Debian {
  const found = all.find((debian) => debian.suite === suite);
  if (!found) throw new Error('MOENET_SUITE names no Debian: run npm run test:system');
  return found;
}
