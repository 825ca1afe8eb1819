const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Unix seconds of `90s`, `15m`, `2h`, `3d` or `1w` before now, or of a date (`2026-11-26`, `2026-11-26T08:00`; UTC unless it
 * says another zone); undefined for any other text.
 */
export function parseSince(text: string, nowMs: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs / 1000 - Number(count) * (unitSeconds[unit] ?? 0);
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text)) return undefined;
  const hasZone = /(?:Z|:\d\d[+-]\d\d:?\d\d)$/.test(text);
  const time = Date.parse(text.length === 10 || hasZone ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time / 1000;
}
