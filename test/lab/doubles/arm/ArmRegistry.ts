/** A registry that the double knows. */
export interface ArmRegistry {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly loginServer: string;
  /** Off on free subscriptions. */
  readonly tasks?: boolean;
  readonly agentPools?: readonly string[];
}
