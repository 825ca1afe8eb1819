import type { BootstrapConfig } from '../core/model/control-plane.js';

/** What `status` says where the control plane wants the agent to update itself, which the agent does not do: packages replace it. */
export function autoUpdateNotes({ autoUpdate }: Pick<BootstrapConfig, 'autoUpdate'>): string[] {
  if (!autoUpdate) return [];
  const channel = autoUpdate.channel === undefined ? '' : ` (channel ${autoUpdate.channel})`;
  return [
    `the control plane wants automatic updates${channel}: the agent does not replace itself; update its package`,
  ];
}
