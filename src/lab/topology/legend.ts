import type { Policy } from '../scenario/announcements.js';
import type { Layout } from './layout.js';
import { line } from './links.js';
import { ibgpColour, meshColour, policyColours, policyMeanings, serverColour } from './style.js';
import { type Svg, text } from './svg.js';

interface Entry {
  readonly label: string;
  readonly colour: string;
  readonly stroke: Readonly<Record<string, string | number>>;
}

const lines: readonly Entry[] = [
  { label: 'mesh: WireGuard, Babel', colour: meshColour, stroke: { 'stroke-width': 3 } },
  { label: 'iBGP', colour: ibgpColour, stroke: { 'stroke-width': 2, 'stroke-dasharray': '8 6' } },
  {
    label: 'HTTP to the control plane, RTR to the RPKI cache',
    colour: serverColour,
    stroke: { 'stroke-width': 1.4, 'stroke-dasharray': '1 5' },
  },
];

/** What the lines and colours mean, in two rows. */
export function legend({ legendY, width }: Layout): Svg[] {
  const policies = (Object.keys(policyColours) as Policy[]).map((policy) => ({
    label: `${policy}: ${policyMeanings[policy]}`,
    colour: policyColours[policy],
    stroke: { 'stroke-width': 2.2 },
  }));
  return [...row(policies, width, legendY), ...row(lines, width, legendY + 24)];
}

function row(entries: readonly Entry[], width: number, y: number): Svg[] {
  const widths = entries.map(({ label }) => 44 + 6.9 * label.length + 24);
  let x = (width - widths.reduce((sum, each) => sum + each, 0)) / 2;
  return entries.flatMap(({ label, colour, stroke }, index) => {
    const from = x;
    x += widths[index] ?? 0;
    return [line(`M ${from} ${y - 4} h 34`, colour, stroke), text([from + 44, y], 'legend', label)];
  });
}
