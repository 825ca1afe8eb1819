import { renderColumns } from './columns.js';
import type { Paint } from './paint.js';
import type { Treatment } from './treatment.js';

const titles = ['PEER', 'AT', 'POLICY', 'ANNOUNCES', 'WHICH IS', 'IS SENT'];

const sources: Readonly<Record<string, string>> = {
  ours: 'our own',
  upstream: "customers'",
  full: "full peers'",
  peer: "peers'",
  downstream: "providers'",
};

/** What each peer announced, what became of it, and what it was sent: one line for each announcement. */
export function renderTreatments(treatments: readonly Treatment[], paint: Paint): string {
  return renderColumns(
    titles,
    treatments.flatMap((treatment) => treatmentLines(treatment, paint)),
    paint,
  );
}

function treatmentLines({ peer, node, policy, announced, sent }: Treatment, paint: Paint): string[][] {
  const sentParts = Object.entries(sources).flatMap(([source, name]) =>
    sent[source] === undefined ? [] : [`${sent[source]} ${name}`],
  );
  const unknown = sent['unknown'] === undefined ? [] : [`${sent['unknown']} of unknown origin`];
  const sentText = [...sentParts, ...unknown].join(', ') || 'nothing';
  return announced.map(({ what, prefixes, became }, index) => [
    ...(index === 0 ? [peer, node, policy] : ['', '', '']),
    `${what}: ${prefixes[0] ?? ''}`,
    paint(became === 'accepted' ? 'green' : became.startsWith('refused') ? 'red' : 'yellow', became),
    index === 0 ? sentText : '',
  ]);
}
