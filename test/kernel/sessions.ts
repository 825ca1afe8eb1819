/** A row of the control plane's list of sessions, as the documented dialect has it. */
export interface SessionRow {
  readonly uuid: string;
  readonly asn: number;
  /** 1: active; 5: queued for deletion. */
  readonly status: 1 | 5;
  readonly interface: string;
  readonly port: number;
  readonly mtu: number;
  readonly endpoint: string | null;
  readonly ipv4?: string;
  readonly ipv6LinkLocal: string;
  readonly credential: { readonly publicKey: string; readonly presharedKey?: string };
  readonly type: 'wireguard';
  readonly extensions: readonly string[];
}

/** Keys of neighbors that are not there. */
export const keys = [
  'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=',
  'mKNiXTqlcB/OeVkYA4Ag/JbyE5FB6fkT9tx6bEU2IlU=',
  'pnM1SvGvdyVuLG3QPUfQpqc8luuzEg6HRbYqyegz3zM=',
  'wASi4jpoF/j3aXVfoMouy7q0IxCtySEgxnp9URzduiM=',
] as const;

/** An active session; `number` tells it from others in every field that must differ. */
export function sessionRow(number: 1 | 2 | 3, part: Partial<SessionRow> = {}): SessionRow {
  return {
    uuid: `abc-12${number}`,
    asn: 4242421080 + number,
    status: 1,
    interface: `wg_2400${number}`,
    port: 24_000 + number,
    mtu: 1420,
    endpoint: `192.0.2.${number}:51820`,
    ipv6LinkLocal: `fe80::${number}`,
    credential: { publicKey: keys[number - 1] ?? keys[0] },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
    ...part,
  };
}
