import type { Dialect } from './dialect.js';
import { documented } from './documented.js';
import { moenetCore } from './moenet-core.js';
import type { Wire } from './wire.js';

/** How the lab's control plane reads requests and writes answers in each dialect. */
export const wires: Readonly<Record<Dialect, Wire>> = { documented, 'moenet-core': moenetCore };
