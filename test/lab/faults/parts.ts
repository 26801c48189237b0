import type { Part } from '../Part.ts';
import { toxiproxy } from './toxiproxy.ts';

/** What of the faults the lab runs; the HTTP proxy is started by each test itself. */
export const faultParts: readonly Part[] = [toxiproxy];
