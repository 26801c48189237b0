import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import {
  type Answer,
  type Asked,
  type Double,
  type Served,
  type ServeOptions,
  serveDouble,
} from './serve.ts';

/** GitHub's tokens live that long, in seconds. */
const lifetime = 300;

/** What of the job is written into its tokens; the rest follows from it. */
export interface Job {
  readonly repository: string;
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/1/merge`. */
  readonly ref: string;
  readonly sha: string;
  readonly eventName: string;
  readonly environment?: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly actor: string;
  readonly visibility: 'public' | 'private' | 'internal';
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
  /** `owner/repo/path@ref` when the job comes from a reusable workflow. */
  readonly jobWorkflowRef?: string;
}

const someJob: Job = {
  repository: 'acme/web',
  ref: 'refs/heads/main',
  sha: '0123456789abcdef0123456789abcdef01234567',
  eventName: 'push',
  runId: '1',
  runAttempt: '1',
  actor: 'octocat',
  visibility: 'private',
  workflow: '.github/workflows/deploy.yml',
};

export interface OidcOptions extends ServeOptions {
  readonly job?: Partial<Job>;
  /** Replaces claims in all tokens: a customised subject, one that has expired … */
  readonly claims?: JWTPayload;
  /** What the runner's request token is; random by default. */
  readonly requestToken?: string;
  /** Seconds since 1970; tests move it. */
  readonly now?: () => number;
}

/** The double on a server of its own. */
export type Oidc = OidcDouble & Served;

export interface OidcDouble extends Double {
  readonly issuer: string;
  /** What the runner gives a job that has `id-token: write`. */
  readonly env: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** Claims of all tokens that were given out, in order. */
  readonly issued: readonly JWTPayload[];
  /** A token without a request, with any claims replaced: expired, of another issuer … */
  mint(audience: string, claims?: JWTPayload): Promise<string>;
  /** The job is over: its request token is not taken any more. */
  endJob(): void;
}

/** `repo:acme/web:environment:prod`, `…:pull_request` or `…:ref:refs/heads/main`, as GitHub forms it. */
export function subjectOf(job: Pick<Job, 'repository' | 'environment' | 'eventName' | 'ref'>) {
  const context =
    job.environment !== undefined
      ? // Colons would make the subject ambiguous.
        `environment:${job.environment.replaceAll(':', '%3A')}`
      : job.eventName === 'pull_request'
        ? 'pull_request'
        : `ref:${job.ref}`;
  return `repo:${job.repository}:${context}`;
}

/**
 * The job's OIDC issuer as GitHub runs it: the endpoint that the runner offers to steps, the
 * discovery document and the keys. Tokens are RS256 and live for 5 minutes.
 */
export function startOidc(options: OidcOptions = {}): Promise<Oidc> {
  return serveDouble(makeOidc, options);
}

/** The same without a server of its own, at `url`. */
export async function makeOidc(options: OidcOptions, url: string): Promise<OidcDouble> {
  const job = { ...someJob, ...options.job };
  const requestToken = options.requestToken ?? randomBytes(32).toString('base64url');
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomUUID();
  const key: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  const issued: JWTPayload[] = [];
  let over = false;

  async function mint(audience: string, claims: JWTPayload = {}): Promise<string> {
    const at = now();
    const payload = {
      ...claimsOf(job),
      aud: audience,
      iss: url,
      jti: randomUUID(),
      iat: at,
      nbf: at - 600,
      exp: at + lifetime,
      ...options.claims,
      ...claims,
    };
    issued.push(payload);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .sign(privateKey);
  }

  async function handle(asked: Asked): Promise<Answer> {
    if (asked.method !== 'GET') return { status: 405 };
    switch (asked.path) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: discovery(url) };
      case '/.well-known/jwks':
        return { status: 200, body: { keys: [key] } };
      case '/token': {
        if (over || asked.headers.authorization !== `Bearer ${requestToken}`) {
          return { status: 401, body: { message: 'Unauthorized' } };
        }
        // The runner's address has a query already; whoever writes `?audience` gets what GitHub gives.
        if (asked.query.get('api-version') !== '2.0') {
          return { status: 400, body: { message: 'No api-version was given' } };
        }
        const owner = job.repository.split('/')[0];
        const audience = asked.query.get('audience') ?? `https://github.com/${owner}`;
        const value = await mint(audience);
        return { status: 200, body: { count: value.length, value } };
      }
      default:
        return { status: 404 };
    }
  }
  return {
    handle,
    issuer: url,
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    issued,
    mint,
    endJob: () => {
      over = true;
    },
  };
}

/** The claims of docs.github.com, "OpenID Connect reference". */
function claimsOf(job: Job): JWTPayload {
  const [owner = ''] = job.repository.split('/');
  const refType = job.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const workflowRef = `${job.repository}/${job.workflow}@${job.ref}`;
  return {
    sub: subjectOf(job),
    ref: job.ref,
    sha: job.sha,
    ref_type: refType,
    ref_protected: 'false',
    repository: job.repository,
    repository_id: '100',
    repository_owner: owner,
    repository_owner_id: '10',
    repository_visibility: job.visibility,
    run_id: job.runId,
    run_number: '1',
    run_attempt: job.runAttempt,
    runner_environment: 'github-hosted',
    actor: job.actor,
    actor_id: '12',
    workflow: job.workflow,
    workflow_ref: workflowRef,
    workflow_sha: job.sha,
    job_workflow_ref: job.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: job.sha,
    event_name: job.eventName,
    head_ref: '',
    base_ref: '',
    ...(job.environment !== undefined && { environment: job.environment }),
  };
}

function discovery(issuer: string): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}
