import { wordsOf } from '../../core/model/words-of.js';
import type { NodeState } from '../pass/node-state.js';
import { isAnswered } from '../ports/control-plane-error.js';
import type { Clock } from '../ports/host.js';
import type { LogOnChange } from '../ports/log.js';

/** What a call does. Resolves to false where it asked nothing, which says nothing of the control plane. */
export type CallTask = () => Promise<unknown>;

/** Makes a named call to the control plane. Resolves to the errors, at most one. */
export interface Call {
  (name: string, signal: AbortSignal, task: CallTask): Promise<string[]>;
  /** There is nothing left to call for: forgets the last failure. */
  forget(name: string): void;
}

/** Calls that record how the control plane answers. A call that the caller's signal cuts off is no failure. */
export function accountedCalls(
  state: NodeState,
  context: {
    readonly host: { readonly clock: Clock };
    readonly logOnChange: LogOnChange;
  },
): Call {
  const heard = (name: string) => {
    state.isHeard = true;
    state.unanswered.delete(name);
  };
  const forget = (name: string) => {
    state.callErrors.delete(name);
    state.unanswered.delete(name);
    context.logOnChange(name, undefined);
  };
  const call = async (name: string, signal: AbortSignal, task: CallTask) => {
    try {
      if ((await task()) !== false) {
        heard(name);
        state.lastAnswerSeconds = Math.floor(context.host.clock.now() / 1000);
      }
      forget(name);
      return [];
    } catch (error) {
      if (signal.aborted) return [];
      const words = wordsOf(error);
      // The error's own words may begin with the name of the call.
      const reason = words.startsWith(`${name}: `) ? words.slice(name.length + 2) : words;
      state.callErrors.set(name, reason);
      if (isAnswered(error)) heard(name);
      else state.unanswered.add(name);
      context.logOnChange(name, reason);
      return [words];
    }
  };
  return Object.assign(call, { forget });
}
