const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Bits per second that a name of a bandwidth says: `1G`, `2.5g`, `100k_plus`; undefined where it says none. */
export function amountOf(name: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:_plus)?$/.exec(name.toLowerCase()) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit] ?? 1);
}
