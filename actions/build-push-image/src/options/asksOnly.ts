import type { Build } from './readBuild.ts';

/** `call` asks the Dockerfile something (its checks, its arguments); then no image is made. */
export function asksOnly({ passedOn }: Pick<Build, 'passedOn'>): boolean {
  const call = passedOn.call?.[0]?.split(',')[0];
  return call !== undefined && call !== 'build';
}
