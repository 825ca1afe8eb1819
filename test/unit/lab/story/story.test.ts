import { describe, expect, it } from 'vitest';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';
import { groupChecks } from '../../../../src/lab/story/group-checks.js';
import type { LabMessage, Look, SessionLook } from '../../../../src/lab/story/messages.js';
import { linkState, sessionState, verdictOf } from '../../../../src/lab/story/states.js';
import { emptyStory, type Story, withMessage } from '../../../../src/lab/story/story.js';

const scenario = makeScenario(2, 1);
const [peer] = scenario.peers;
if (!peer) throw new Error('the scenario has a peer');

const coming: SessionLook = {
  asn: peer.asn,
  isWanted: true,
  hasHandshake: false,
  bgp: undefined,
  isUp: false,
  routes: 0,
  rttMs: undefined,
  told: undefined,
};
const up: SessionLook = {
  ...coming,
  hasHandshake: true,
  bgp: 'Established',
  isUp: true,
  routes: 2,
  rttMs: 1.23,
};

function look(session: SessionLook, isUp = false): LabMessage {
  const links = [{ from: 'jp1', to: 'de1', isUp }];
  const seen: Look = { seconds: 1, peers: [], nodes: [], sessions: [session], mesh: links, ibgp: links };
  return { kind: 'look', ...seen };
}

function told(...messages: readonly LabMessage[]): Story {
  return messages.reduce(withMessage, emptyStory);
}

describe('the state of what is in the picture', () => {
  it('is "coming" until it was up, and "down" from then on', () => {
    expect(sessionState(told(look(coming)), coming)).toEqual({ state: 'coming', words: 'no tunnel yet' });
    expect(sessionState(told(look(up)), up)).toEqual({
      state: 'up',
      words: 'Established · 2 routes · 1.2 ms',
    });
    const story = told(look(up, true), look(coming));
    expect(sessionState(story, { ...coming, bgp: 'Idle' })).toEqual({ state: 'down', words: 'Idle' });
    const [link] = story.look?.mesh ?? [];
    expect(link && linkState(story, 'mesh', link)).toBe('down');
    expect(link && linkState(emptyStory, 'ibgp', link)).toBe('coming');
  });

  it('is "off" where the control plane does not want it, up or not', () => {
    const session = { ...up, isWanted: false, told: 'disabled' };
    expect(sessionState(told(look(up)), session)).toEqual({ state: 'off', words: 'off: disabled' });
  });
});

describe('the verdict', () => {
  it('follows the lab from its start to its outcome', () => {
    const start: LabMessage = { kind: 'scenario', scenario };
    const steps: LabMessage = { kind: 'steps', done: ['a new peer', 'a link is deleted'] };
    const second: LabMessage = { kind: 'step', index: 1, step: { done: 'a link is deleted', state: 'runs' } };
    const checks: LabMessage = {
      kind: 'checks',
      checks: [
        { name: 'jp1: a', state: 'ok' },
        { name: 'jp1: b', state: 'waits' },
      ],
    };
    const words = (...messages: readonly LabMessage[]) => verdictOf(told(...messages)).words;
    expect(words(start)).toBe('starting');
    expect(words(start, look(up))).toBe('converging: 1 of 3 sessions, tunnels and iBGP are up');
    expect(words(start, look(up), steps, second)).toBe('step 2 of 2: a link is deleted');
    expect(words(start, look(up), checks)).toBe('checking: 1 of 2 checks hold');
    expect(verdictOf(told(start, checks, { kind: 'result', ok: true, seconds: 61.26 }))).toEqual({
      tone: 'good',
      words: 'everything held (61.3 s)',
    });
    expect(verdictOf(told(start, { kind: 'result', ok: false, seconds: 3 })).tone).toBe('bad');
    const simulation: LabMessage = { kind: 'simulation', why: 'asked for', notProved: 'that packets arrive' };
    for (const ok of [true, false])
      expect(words(start, simulation, { kind: 'result', ok, seconds: 3 })).toMatch(
        /in the simulation \(3\.0 s\)$/,
      );
  });
});

describe('the story', () => {
  it('keeps the last thousand lines, and counts the others', () => {
    const lines = Array.from({ length: 1002 }, (_, index): LabMessage => {
      return { kind: 'line', seconds: index, text: `line ${index}` };
    });
    const story = told(...lines);
    expect([story.lines.length, story.linesLeftOut, story.lines[0]?.text]).toEqual([1000, 2, 'line 2']);
  });

  it('waits for nothing after the end', () => {
    const story = told({ kind: 'waiting', what: ['BGP'] }, { kind: 'ended', why: 'it was interrupted' });
    expect([story.waiting, story.ended]).toEqual([[], 'it was interrupted']);
  });
});

describe('the groups of the checks', () => {
  it('are by subject, those that do not hold first', () => {
    const groups = groupChecks([
      { name: 'jp1: a', state: 'ok' },
      { name: 'de1: a', state: 'waits' },
      { name: 'us1: a', state: 'ok' },
      { name: 'us1: b', state: 'failed' },
    ]);
    expect(groups.map(({ subject, checks }) => [subject, checks.length])).toEqual([
      ['us1', 2],
      ['de1', 1],
      ['jp1', 1],
    ]);
  });
});
