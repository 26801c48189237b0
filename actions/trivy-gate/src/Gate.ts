import type { LoggedIn } from '../../../shared/action/login/logIn.ts';
import { at, readPayload, textAt } from '../../../shared/action/payload.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import type { GitHub } from '../../../shared/github/GitHub.ts';
import { type Http, httpClient } from '../../../shared/http/request.ts';
import { httpStream } from '../../../shared/http/stream.ts';
import type { Patience } from '../../../shared/oci/patiently.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import type { Database } from '../../../shared/trivy/provideDatabase.ts';
import type { Inputs } from './inputs.ts';

/** What the event says of this run. */
export interface RunEvent {
  /** Of the pull request. */
  readonly number: number | undefined;
  /** Of the pull request, not of its merge with the base; else that of the run. */
  readonly commit: string;
  /** Of the commit that is shown to people: of a pull request, its own and not that of its merge. */
  readonly branch: string | undefined;
  readonly defaultBranch: string;
}

/** What the gate asks while it works. */
export interface Gate {
  readonly registry: RegistryClient;
  readonly http: Http;
  readonly patience: Patience;
  /** Where many are judged, the one database of them all. */
  readonly database?: () => Promise<Database | undefined>;
  readonly event: RunEvent;
  /** `undefined` without a token. */
  readonly github: GitHub | undefined;
}

/** A registry that has not given a manifest by then, retries included, will not. */
const manifestMs = 20_000;

/** Makes what speaks to the registry and to GitHub; nothing is asked yet. */
export async function openGate(
  inputs: Inputs,
  { credentialFor }: Pick<LoggedIn, 'credentialFor'>,
  runner: Runner,
): Promise<Gate> {
  const { env, log, mask, signal } = runner;
  const http = httpClient({ env, log });
  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  const number = at(payload, 'pull_request', 'number');
  const { githubToken: token } = inputs.reports;
  return {
    http,
    registry: new RegistryClient({
      http: (request) => http({ deadlineMs: manifestMs, ...request }),
      stream: httpStream({ env }),
      ...{ credentialFor, mask, signal },
    }),
    patience: { until: Date.now() + inputs.timeoutMs, log, signal },
    event: {
      number: typeof number === 'number' ? number : undefined,
      commit: textAt(payload, 'pull_request', 'head', 'sha') ?? env.GITHUB_SHA ?? '',
      branch: env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || undefined,
      defaultBranch: textAt(payload, 'repository', 'default_branch') ?? 'main',
    },
    github:
      token === undefined
        ? undefined
        : {
            ...{ http, token, log, signal },
            apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
            repository: env.GITHUB_REPOSITORY ?? '',
          },
  };
}
