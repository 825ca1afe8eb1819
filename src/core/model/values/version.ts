/** True where BIRD's version ("2.0.12") is this one or newer; false where it is not known. */
export function isAtLeast(version: string | undefined, ...wanted: readonly number[]): boolean {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '')?.slice(1);
  if (parts === undefined) return false;
  const found = wanted.map((_, index) => Number(parts[index] ?? 0));
  const differing = wanted.findIndex((part, index) => part !== found[index]);
  return (found[differing] ?? 0) >= (wanted[differing] ?? 0);
}
