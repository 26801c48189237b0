import { InputProblem, type InputReader } from '../../../../shared/action/InputReader.ts';
import type { ReportsTarget } from '../cluster/inspectReports.ts';

/** The images that run now. */
export interface RunningTarget {
  readonly kind: 'running';
  readonly cluster: Pick<ReportsTarget, 'kubeconfig' | 'namespaces'>;
  /** Only these are logged in to: what pods run is nobody's leave to send a credential. */
  readonly registries: readonly string[];
  readonly platform: string | undefined;
}

/** Inputs that say something of one image, or one change. */
const ofOne = ['baseline', 'dockerfile', 'sbom'];
const logins = ['azure-client-id', 'azure-managed-identity', 'username'];

/** What has no meaning for what runs, or for nothing else, is not to be ignored silently. */
export function checkRunning(
  reader: InputReader,
  { kind }: { readonly kind: string },
  { issue, comment }: { readonly issue: boolean; readonly comment: boolean },
): void {
  if (kind !== 'running') {
    if (issue) {
      reader.conflict(
        'Input issue: issues are of what runs, and something else is judged.',
        'Leave issue out, or write `scan-type: running`; `comment` tells a pull request.',
      );
    }
    return;
  }
  const wrong = ofOne.filter((name) => reader.has(name));
  for (const name of comment ? [...wrong, 'comment'] : wrong) {
    reader.conflict(
      `Input ${name} is for one image, and scan-type \`running\` judges many.`,
      `Leave ${name} out.`,
    );
  }
  const login = logins.find((name) => reader.has(name));
  if (login === undefined || reader.has('registries')) return;
  reader.conflict(
    `Input ${login} is given, and no registries that it logs in to.`,
    'Write their hosts under `registries`, one a line.',
  );
}

/** A host as references begin with it. */
export function registryHost(given: string): string {
  if (/^[a-z0-9][a-z0-9.-]*(:\d+)?$/.test(given)) return given;
  throw new InputProblem(
    `${JSON.stringify(given)} is not the host of a registry`,
    'Write `acme.azurecr.io`, for example.',
  );
}
