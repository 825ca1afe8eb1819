import { familyNames } from '../core/model/values/family.js';
import type { SystemStatus } from '../shell/status/status.js';
import { counted } from './text.js';
import { formatDuration } from './units.js';

/** The node's own protocols and the kernel's settings, as rows of name and text. */
export function systemLines(system: SystemStatus, nowSeconds: number): (readonly [string, string])[] {
  const rows = [
    ['kernel', system.kernel.map(kernelText).join(', ')],
    ['protocols', protocolsText(system)],
    ['RPKI', [...system.caches.map(cacheText), ...savedText(system, nowSeconds)].join(', ')],
    ['forwarding', forwardingText(system)],
  ] as const;
  return rows.filter(([, text]) => text !== '');
}

function kernelText({ family, isUp, exported }: SystemStatus['kernel'][number]): string {
  const name = familyNames[family];
  return isUp ? counted(exported, `${name} route`) : `no ${name} route (its kernel protocol is not up)`;
}

/** One sentence where all are up; otherwise with those that are not. iBGP and RPKI have lines of their own. */
function protocolsText({ protocols }: SystemStatus): string {
  const own = protocols.filter(({ type, name }) => type !== 'rpki' && !/^ibgp_/.test(name));
  const down = own.filter(({ isUp }) => !isUp);
  if (own.length === 0) return '';
  const all = `${own.length} of the node's own`;
  return down.length === 0
    ? `${all} are up`
    : `${all}, not up: ${down.map(({ name, state }) => `${name} (${state})`).join(', ')}`;
}

function cacheText({ name, isUp, state, roas }: SystemStatus['caches'][number]): string {
  return isUp ? `${name} ${roas} ROAs` : `${name} does not answer (${state}, ${roas} ROAs)`;
}

function savedText({ savedRoas }: SystemStatus, nowSeconds: number): string[] {
  if (!savedRoas) return [];
  const { atSeconds, count, isUsed } = savedRoas;
  const age = formatDuration(Math.max(0, nowSeconds - atSeconds));
  return [`${count} ROAs saved ${age} ago${isUsed ? ', in use' : ''}`];
}

function forwardingText({ forwarding, strictRpFilter, ipv6Disabled }: SystemStatus): string {
  const families = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const isOn = forwarding[family];
    return isOn === undefined ? [] : [`${familyNames[family]} ${isOn ? 'on' : 'off'}`];
  });
  const strict =
    strictRpFilter.length === 0 ? [] : [`rp_filter strict on ${counted(strictRpFilter.length, 'tunnel')}`];
  const disabled = ipv6Disabled.length === 0 ? [] : [`IPv6 switched off on ${ipv6Disabled.join(', ')}`];
  return [...families, ...strict, ...disabled].join(', ');
}
