/** What is drawn around the node. */
export interface MapPoint {
  readonly key: string;
  readonly label: string;
  /** Undefined: not known, drawn at the rim. */
  readonly rttMs: number | undefined;
  /** Labels go to these first where there is no room for all. */
  readonly isUrgent: boolean;
}

interface PlacedPoint<P extends MapPoint> {
  readonly point: P;
  readonly x: number;
  readonly y: number;
  /** Undefined where there is no room for it. */
  readonly label: { readonly x: number; readonly y: number; readonly side: 'left' | 'right' } | undefined;
}

export interface MapLayout<P extends MapPoint> {
  readonly width: number;
  readonly height: number;
  readonly center: { readonly x: number; readonly y: number };
  readonly points: readonly PlacedPoint<P>[];
  /** How large their signs are: 1 is the size in the legend, less where there are many. */
  readonly signScale: number;
  /** Circles of equal round-trip time. */
  readonly rings: readonly { readonly radius: number; readonly rttMs: number }[];
}

const lineHeight = 18;
const labelWidth = 166;
const margin = 12;
const innerRadius = 34;
const ringGap = 34;
const roomOfSign = 40;
const leastScale = 0.4;
const ringMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * The node in the middle, everybody else around it: the farther, the longer the round-trip time (logarithmic). Half of them on each side, with
 * labels in two columns beside the picture where that is wide enough.
 */
export function layoutMap<P extends MapPoint>(points: readonly P[], width: number): MapLayout<P> {
  const hasColumns = width >= 560;
  const height = Math.round(Math.min(hasColumns ? 580 : 340, Math.max(260, width * 0.68)));
  const center = { x: width / 2, y: height / 2 };
  const room = hasColumns ? width / 2 - labelWidth : width / 2;
  const rim = Math.max(innerRadius + 40, Math.min(height / 2, room) - margin);
  const known = points.flatMap(({ rttMs }) => (rttMs === undefined ? [] : [rttMs]));
  const scale = scaleOf(known, rim);
  const sides = [points.filter((_, n) => n % 2 === 0), points.filter((_, n) => n % 2 === 1)] as const;
  const most = hasColumns ? Math.floor((height - 2 * margin) / lineHeight) : 0;
  const placed = sides.flatMap((own, index) => {
    const side = index === 0 ? 'right' : 'left';
    const sign = side === 'right' ? 1 : -1;
    const angles = anglesOf(own);
    const spots = own.map((point, n) => {
      const angle = angles[n] ?? 0;
      const radius = point.rttMs === undefined ? rim : scale(point.rttMs);
      return { point, x: center.x + sign * radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) };
    });
    // From above, so that the lines to them do not cross.
    const labelled = chooseLabels(own, most)
      .map((point) => spots.find((spot) => spot.point === point))
      .sort((a, b) => (a?.y ?? 0) - (b?.y ?? 0));
    const gap = (height - 2 * margin) / labelled.length;
    return spots.map((spot): PlacedPoint<P> => {
      const place = labelled.indexOf(spot);
      if (place === -1) return { ...spot, label: undefined };
      return {
        ...spot,
        label: { side, x: center.x + sign * (rim + margin), y: margin + gap * (place + 0.5) },
      };
    });
  });
  const rings = known.length === 0 ? [] : ringsWithin(scale, rim);
  const signScale = scaleOfSigns(points.length, rim);
  return { width, height, center, points: placed, signScale, rings };
}

/** From above to below, in their order. The urgent ones together have a third of the half circle at least, so that each can be told from the next. */
function anglesOf(points: readonly MapPoint[]): readonly number[] {
  const urgent = points.filter(({ isUrgent }) => isUrgent).length;
  const weightOf = ({ isUrgent }: MapPoint) =>
    isUrgent ? Math.max(1, (points.length - urgent) / 2 / urgent) : 1;
  const all = points.reduce((sum, point) => sum + weightOf(point), 0);
  let before = 0;
  return points.map((point) => {
    const weight = weightOf(point);
    const angle = Math.PI * ((before + weight / 2) / all - 0.5);
    before += weight;
    return angle;
  });
}

/** By the room that each has if they were spread over the whole picture. */
function scaleOfSigns(count: number, rim: number): number {
  const room = Math.sqrt((Math.PI * rim ** 2) / Math.max(1, count));
  return Math.min(1, Math.max(leastScale, room / roomOfSign));
}

/** Those that have room between each other, from the outside. */
function ringsWithin(scale: (rttMs: number) => number, rim: number): MapLayout<MapPoint>['rings'] {
  const kept: { rttMs: number; radius: number }[] = [];
  for (const rttMs of ringMs.toReversed()) {
    const radius = scale(rttMs);
    const outer = kept.at(-1)?.radius ?? rim + ringGap;
    if (radius > innerRadius + 8 && outer - radius >= ringGap) kept.push({ rttMs, radius });
  }
  return kept;
}

/** In their order; where there are too many, the urgent ones alone. */
function chooseLabels<P extends MapPoint>(points: readonly P[], most: number): readonly P[] {
  if (points.length <= most) return points;
  return points.filter(({ isUrgent }) => isUrgent).slice(0, most);
}

/** From 1 ms, or the next smaller ring, at the inside to the largest at the rim. */
function scaleOf(known: readonly number[], rim: number): (rttMs: number) => number {
  const least = Math.max(0.2, Math.min(1, ...known));
  const largest = Math.max(20, ...known) * 1.15;
  return (rttMs) => {
    const part = Math.log(Math.max(rttMs, least) / least) / Math.log(largest / least);
    return innerRadius + part * (rim - innerRadius);
  };
}
