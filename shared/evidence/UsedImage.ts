/** An image as something that is to run names it. */
export interface UsedImage {
  /** As it is written there. */
  readonly image: string;
  /** What uses it, for people: `Deployment/web → container web`. */
  readonly usedBy: readonly string[];
}
