import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makePaint } from '../../../../src/lab/report/paint.js';
import { renderTreatments } from '../../../../src/lab/report/policy-report.js';
import { makeProgress } from '../../../../src/lab/report/progress.js';
import { renderChecks, renderTable } from '../../../../src/lab/report/report.js';
import type { Row } from '../../../../src/lab/report/rows.js';

const plain = makePaint(false, {});
const coloured = makePaint(true, {});
const row: Row = {
  session: 'jp1 ↔ AS4242421000',
  policy: 'peer',
  kind: 'mp-bgp',
  daemon: 'FRR',
  writer: 'web',
  handshakeSecondsAgo: 3,
  bgpState: 'Established',
  establishedAfterMs: 5230,
  recoveries: [
    { asn: 4242421000, fault: 'ip link del', afterMs: 8210 },
    { asn: 4242421000, fault: 'a reboot', afterMs: undefined },
  ],
  routesImported: 2,
  rttMs: 1.26,
  told: [
    { status: 'active', afterMs: 2100 },
    { status: 'deleted', afterMs: 9000 },
  ],
};

describe('renderTable', () => {
  it('says all of a session in one line, under its titles', () => {
    const [titles = '', line = ''] = renderTable([row], plain).split('\n');
    expect(titles.split(/ {2,}/)).toEqual([
      'SESSION',
      'POLICY',
      'KIND',
      'PEER',
      'ROW BY',
      'HANDSHAKE',
      'BGP',
      'UP AFTER',
      'RECOVERED IN',
      'ROUTES',
      'RTT',
      'CONTROL PLANE WAS TOLD',
    ]);
    expect(line.split(/ {2,}/)).toEqual([
      'jp1 ↔ AS4242421000',
      'peer',
      'mp-bgp',
      'FRR',
      'web',
      '3 s ago',
      'Established',
      '5.2 s',
      '8.2 s (ip link del), never (a reboot)',
      '2',
      '1.3 ms',
      'active (2.1 s), deleted (9.0 s)',
    ]);
  });

  it('shows what is not there yet', () => {
    const nothing = {
      ...row,
      handshakeSecondsAgo: undefined,
      establishedAfterMs: undefined,
      rttMs: undefined,
      recoveries: [],
      told: [],
    };
    const [, line = ''] = renderTable([{ ...nothing, bgpState: 'Idle', routesImported: 0 }], plain).split(
      '\n',
    );
    expect(line.split(/ {2,}/)).toEqual([
      'jp1 ↔ AS4242421000',
      'peer',
      'mp-bgp',
      'FRR',
      'web',
      'never',
      'Idle',
      '-',
      '-',
      '0',
      '-',
      'nothing yet',
    ]);
  });

  it('keeps its columns where there are colours, and has none under NO_COLOR', () => {
    const table = renderTable([row, { ...row, bgpState: 'Idle' }], coloured);
    expect(table).toContain('\x1b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
    expect(table.replace(/\x1b\[\d+m/g, '')).toBe(renderTable([row, { ...row, bgpState: 'Idle' }], plain));
    expect(renderTable([row], makePaint(true, { NO_COLOR: '1' }))).not.toContain('\x1b[');
  });
});

describe('renderTreatments', () => {
  it('says of each announcement what became of it, and of each peer what it was sent', () => {
    const text = renderTreatments(
      [
        {
          peer: 'AS4242421001',
          node: 'de1',
          policy: 'peer',
          announced: [
            { what: 'its own', prefixes: ['172.20.17.0/26'], became: 'accepted' },
            {
              what: 'a leak',
              prefixes: ['172.23.8.0/24'],
              became: 'refused: not originated by the neighbor',
            },
          ],
          sent: { ours: 2, upstream: 4, unknown: 1 },
        },
      ],
      plain,
    );
    expect(text.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['PEER', 'AT', 'POLICY', 'ANNOUNCES', 'WHICH IS', 'IS SENT'],
      [
        'AS4242421001',
        'de1',
        'peer',
        'its own: 172.20.17.0/26',
        'accepted',
        "2 our own, 4 customers', 1 of unknown origin",
      ],
      ['a leak: 172.23.8.0/24', 'refused: not originated by the neighbor'],
    ]);
  });
});

describe('renderChecks', () => {
  const held = { name: 'a', node: 'jp1', ok: true, seen: undefined };
  it('is one line where all hold', () => {
    expect(renderChecks([held, held], plain)).toBe('✓ all 2 checks hold');
  });

  it('names what did not, and what was seen', () => {
    const text = renderChecks([held, { ...held, name: 'ping', ok: false, seen: 'no answer' }], plain);
    expect(text).toBe('1 of 2 checks hold; not these:\n✗ ping: no answer');
  });
});

describe('makeProgress', () => {
  it('prints what is waited for once, not at every look, where the output is no terminal', () => {
    const output = new PassThrough({ encoding: 'utf8' });
    const progress = makeProgress(output, Date.now());
    progress.waitingFor(['a', 'b', 'c'], Date.now());
    progress.waitingFor(['a', 'b', 'c'], Date.now());
    progress.waitingFor(['c'], Date.now());
    const lines = String(output.read())
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^.*? s {2}/, ''));
    expect(lines).toEqual(['waiting for a, b and 1 more', 'waiting for c']);
  });

  it('keeps one live line on a terminal', () => {
    const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 200 });
    const progress = makeProgress(output, Date.now());
    progress.waitingFor(['a'], Date.now() - 4000);
    const text = String(output.read());
    expect(text).not.toContain('\n');
    expect(text).toContain('waiting since 4.0 s for a');
  });
});
