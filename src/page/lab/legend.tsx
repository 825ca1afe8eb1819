import { StateSign } from './state-sign.js';

const states = [
  ['up', 'up'],
  ['coming', 'not up yet'],
  ['down', 'down'],
  ['off', 'not wanted'],
] as const;

const lines = [
  ['mesh', 'mesh: WireGuard, Babel'],
  ['ibgp', 'iBGP'],
  ['server', 'HTTP, RTR'],
] as const;

const policies = [
  ['full', 'full: everything both ways'],
  ['peer', 'peer: own for own'],
  ['upstream', 'upstream: our customer'],
  ['downstream', 'downstream: our provider'],
] as const;

/** What signs, lines and colors mean. */
export function Legend() {
  return (
    <>
      <ul class="legend lab-legend">
        {states.map(([state, words]) => (
          <li key={state}>
            <svg class="glyph" viewBox="-8 -8 16 16" aria-hidden="true">
              <StateSign state={state} />
            </svg>
            {words}
          </li>
        ))}
        {lines.map(([kind, words]) => (
          <li key={kind}>
            <Swatch kind={`${kind} up`} />
            {words}
          </li>
        ))}
      </ul>
      <ul class="legend lab-legend">
        {policies.map(([policy, words]) => (
          <li key={policy}>
            <Swatch kind={`session policy-${policy} up`} />
            {words}
          </li>
        ))}
      </ul>
    </>
  );
}

function Swatch({ kind }: { readonly kind: string }) {
  return (
    <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
      <path class={`lab-line ${kind}`} d="M1 4h24" />
    </svg>
  );
}
