import type { Outcome } from '../../../../shared/verdict/Verdict.ts';
import type { Component } from './Component.ts';
import { worstOf } from './combine.ts';
import type { ScannedImage } from './scanEach.ts';

/** What was seen of all that a component runs. */
export interface ComponentResult {
  readonly component: Component;
  readonly images: readonly ScannedImage[];
  /** The worst of its images; `undefined` where nothing of it could be looked at. */
  readonly outcome: Outcome | undefined;
}

/** What was seen, by component. */
export function componentResults(
  components: readonly Component[],
  scanned: readonly ScannedImage[],
): ComponentResult[] {
  return components.map((component) => {
    const images = scanned.filter(({ image }) => component.images.has(image.digest));
    const outcome = worstOf(images.map(({ seen }) => seen.judgement.verdict.outcome));
    return { component, images, outcome };
  });
}
