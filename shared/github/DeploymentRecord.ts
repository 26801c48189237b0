import * as v from 'valibot';

/** An image that a deployment runs. */
export interface DeployedImage {
  /** As the one who deployed calls it: for people. */
  readonly name: string;
  /** `registry/name@digest`. */
  readonly reference: string;
}

/** What a deployment of ours says of itself in its payload, beside what others put there. */
export interface DeploymentRecord {
  readonly images: readonly DeployedImage[];
  /** By it a step finds the deployment again that an earlier attempt of it made. */
  readonly key?: string | undefined;
}

const payload = v.object({
  platformActions: v.object({
    images: v.array(v.object({ name: v.string(), reference: v.string() })),
    key: v.optional(v.string()),
  }),
});

/** The payload for a new deployment (POST /repos/{owner}/{repo}/deployments). */
export function deploymentPayload({ images, key }: DeploymentRecord) {
  return {
    platformActions: {
      images: images.map(({ name, reference }) => ({ name, reference })),
      ...(key !== undefined && { key }),
    },
  };
}

/**
 * Reads the payload of a deployment, which is an object or its JSON, whatever its author sent.
 *
 * @returns `undefined` for a deployment that is not ours, such as the one GitHub makes of each job with
 * an `environment`
 */
export function readDeploymentPayload(given: unknown): DeploymentRecord | undefined {
  const read = v.safeParse(payload, typeof given === 'string' ? parseJson(given) : given);
  return read.success ? read.output.platformActions : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
