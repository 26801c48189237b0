import type { Http, HttpResponse } from '../http/request.ts';
import { answerChallenge } from './answerChallenge.ts';
import type { Credential } from './credentials.ts';
import { type Challenge, parseChallenge } from './parseChallenge.ts';
import type { Reference } from './Reference.ts';
import type { Asked } from './RegistryRequest.ts';

/** What the tokens of one registry are asked for with. */
export interface SessionOptions {
  readonly http: Http;
  readonly credentialFor: (registry: string) => Promise<Credential | undefined>;
  /** Told of each token, so that no log shows it. */
  readonly mask?: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The logins at registries, as far as they want them: one a scope, kept as long as they are taken. */
export class Sessions {
  readonly #options: SessionOptions;
  /** By registry and scopes. */
  readonly #authorizations = new Map<string, string>();
  readonly #logins = new Map<string, Promise<string | undefined>>();
  /** How each registry wants to be answered, so that a refusal need not tell it again. */
  readonly #challenges = new Map<string, Challenge>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** What is sent at first: an authorization that is there, or one by what the registry told before. */
  async known(
    reference: Reference,
    asked: Pick<Asked, 'access' | 'alsoRead'>,
  ): Promise<string | undefined> {
    const { key, scopes } = scopeOf(reference, asked);
    const there = this.#authorization(key, reference, asked.access);
    const challenge = this.#challenges.get(reference.registry);
    if (there !== undefined || challenge === undefined) return there;
    return this.#login(key, undefined, reference, challenge, scopes);
  }

  /** Logs in, when this refusal says how; `undefined` when there is nothing to answer it with. */
  async renewed(
    reference: Reference,
    asked: Pick<Asked, 'access' | 'alsoRead'>,
    refusal: Pick<HttpResponse, 'headers'>,
    sent: string | undefined,
  ): Promise<string | undefined> {
    const { key, scopes } = scopeOf(reference, asked);
    const challenge = this.remember(reference.registry, refusal);
    return challenge && this.#login(key, sent, reference, challenge, scopes);
  }

  /** Keeps how a registry wants to be answered, where an answer of it tells. */
  remember(registry: string, { headers }: Pick<HttpResponse, 'headers'>): Challenge | undefined {
    const challenge = parseChallenge(String(headers['www-authenticate'] ?? ''));
    if (challenge !== undefined) this.#challenges.set(registry, challenge);
    return challenge;
  }

  /** Whether a login was sent that the registry did not refuse at once. */
  isSignedIn({ registry, repository }: Reference): boolean {
    const prefix = `${registry} repository:${repository}:`;
    return [...this.#authorizations.keys()].some((key) => key.startsWith(prefix));
  }

  /** Who may write may read: one token serves both. */
  #authorization(
    key: string,
    { registry, repository }: Reference,
    access: Asked['access'] = 'pull',
  ): string | undefined {
    return (
      this.#authorizations.get(key) ??
      (access === 'pull'
        ? this.#authorizations.get(`${registry} repository:${repository}:pull,push`)
        : undefined)
    );
  }

  /** One login at a time for a scope; whoever comes later with the same old one gets the new one. */
  #login(
    key: string,
    old: string | undefined,
    { registry }: Reference,
    challenge: Challenge,
    scopes: readonly string[],
  ): Promise<string | undefined> {
    const newer = this.#authorizations.get(key);
    if (newer !== undefined && newer !== old) return Promise.resolve(newer);
    const login =
      this.#logins.get(key) ??
      this.#authorize({ registry, challenge, scopes })
        .then((authorization) => {
          if (authorization === undefined) this.#authorizations.delete(key);
          else this.#authorizations.set(key, authorization);
          return authorization;
        })
        .finally(() => this.#logins.delete(key));
    this.#logins.set(key, login);
    return login;
  }

  async #authorize(question: Parameters<typeof answerChallenge>[0]): Promise<string | undefined> {
    const { http, credentialFor, mask, signal } = this.#options;
    const credential = await credentialFor(question.registry);
    return answerChallenge(question, { http, credential, mask, signal });
  }
}

function scopeOf(
  { registry, repository }: Reference,
  { access = 'pull', alsoRead }: Pick<Asked, 'access' | 'alsoRead'>,
): { readonly key: string; readonly scopes: readonly string[] } {
  const scopes = [
    `repository:${repository}:${access}`,
    ...(alsoRead === undefined ? [] : [`repository:${alsoRead}:pull`]),
  ];
  return { key: `${registry} ${scopes.join(' ')}`, scopes };
}
