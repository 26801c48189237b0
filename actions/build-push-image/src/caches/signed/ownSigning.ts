import { jobIssuer } from '../../../../../shared/action/jobIssuer.ts';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { requestIdToken } from '../../../../../shared/action/requestIdToken.ts';
import { httpClient } from '../../../../../shared/http/request.ts';
import type { Branches } from '../readBranches.ts';
import type { SigningInputs } from '../readCacheInputs.ts';
import type { Signing } from './openSigning.ts';

/** Few builds sign, and only those load what that needs. */
export async function ownSigning(
  signing: SigningInputs,
  { defaultBranch = '' }: Branches,
  { env, log, mask, signal }: Runner,
): Promise<Signing> {
  const { openSigning } = await import('./openSigning.ts');
  const { GITHUB_SERVER_URL: serverUrl = 'https://github.com', GITHUB_REPOSITORY = '' } = env;
  const http = httpClient({ env, log });
  return openSigning(
    signing,
    { serverUrl, repository: GITHUB_REPOSITORY, defaultBranch, issuer: jobIssuer(env) },
    http,
    (audience) => requestIdToken(env, audience, { http, mask, signal }),
  );
}
