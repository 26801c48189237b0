import type { Answer } from '../serve.ts';

/** One entry of `errors` in a refusal of GitHub's. */
export interface ValidationError {
  readonly resource: string;
  readonly code:
    | 'missing'
    | 'missing_field'
    | 'invalid'
    | 'already_exists'
    | 'unprocessable'
    | 'custom';
  readonly field?: string;
  readonly message?: string;
}

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly errors?: readonly (ValidationError | string)[];
  readonly headers?: Readonly<Record<string, string>>;
  /** The general page by default; routes fill in their own. */
  readonly documentation?: string;
}

const documentationRoot = 'https://docs.github.com/rest';

/** A refusal as GitHub words and shapes it. */
export class GitHubError extends Error {
  readonly #refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.#refusal = refusal;
  }

  static badCredentials(): GitHubError {
    return new GitHubError({
      status: 401,
      message: 'Bad credentials',
      documentation: documentationRoot,
    });
  }

  static notFound(): GitHubError {
    return new GitHubError({ status: 404, message: 'Not Found' });
  }

  /** @param accepted as GitHub lists them: `issues=write; pull_requests=write` */
  static forbidden(accepted: string): GitHubError {
    return new GitHubError({
      status: 403,
      message: 'Resource not accessible by integration',
      headers: { 'x-accepted-github-permissions': accepted },
    });
  }

  /** The body does not fit the endpoint's schema. */
  static invalidRequest(problems: readonly string[]): GitHubError {
    return new GitHubError({ status: 422, message: `Invalid request.\n\n${problems.join('\n')}` });
  }

  /** The body fits, but means something that cannot be. */
  static validationFailed(...errors: readonly ValidationError[]): GitHubError {
    return new GitHubError({ status: 422, message: 'Validation Failed', errors });
  }

  answer(documentation = documentationRoot): Answer {
    const { status, message, errors, headers } = this.#refusal;
    return {
      status,
      ...(headers && { headers }),
      body: {
        message,
        ...(errors && { errors }),
        documentation_url: this.#refusal.documentation ?? documentation,
        status: String(status),
      },
    };
  }
}
