import type { HelmMajor } from './arguments.ts';

/** Builds of a distribution say `v4.2` or `v3.21.4+gabcdef`; only the first number decides. */
export function readHelmVersion(printed: string): HelmMajor | undefined {
  const major = /^\s*v?(\d+)(\.|\s|$)/.exec(printed)?.[1];
  return major === '3' || major === '4' ? (Number(major) as HelmMajor) : undefined;
}
