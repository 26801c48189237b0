import type { Part } from '../Part.ts';
import { acr, acrContent } from './acr/acr.ts';
import { referrersRegistry } from './referrersRegistry.ts';
import { registry } from './registry.ts';

/** The registries that the lab runs. */
export const registryParts: readonly Part[] = [registry, acrContent, acr, referrersRegistry];
