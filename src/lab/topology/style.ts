import type { Policy } from '../scenario/announcements.js';

/** One colour for each policy, in lines, badges and the legend. */
export const policyColours: Readonly<Record<Policy, string>> = {
  full: '#475569',
  peer: '#2563eb',
  upstream: '#15803d',
  downstream: '#c2410c',
};

/** What the policy says, from our side of the link. */
export const policyMeanings: Readonly<Record<Policy, string>> = {
  full: 'everything both ways',
  peer: 'own routes for own routes',
  upstream: 'our customer',
  downstream: 'our provider',
};

export const meshColour = '#0f766e';
export const ibgpColour = '#7c3aed';
export const serverColour = '#94a3b8';

export const css = `
text { font-family: "DejaVu Sans", "Liberation Sans", "Helvetica Neue", Arial, sans-serif; fill: #0f172a; }
.title { font-size: 24px; font-weight: bold; }
.subtitle { font-size: 13.5px; fill: #475569; }
.name { font-size: 16px; font-weight: bold; }
.peer { font-size: 13.5px; font-weight: bold; }
.detail { font-size: 11.5px; fill: #475569; }
.accepted { font-size: 11.5px; fill: #15803d; }
.refused { font-size: 11.5px; fill: #b91c1c; }
.badge { font-size: 11px; font-weight: bold; fill: #ffffff; }
.legend { font-size: 12px; fill: #334155; }
.card { fill: #ffffff; stroke: #cbd5e1; stroke-width: 1.2; }
.line { fill: none; stroke-linecap: round; stroke-linejoin: round; }
`;
