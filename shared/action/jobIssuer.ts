/** Who issues the tokens of a job: GitHub's own issuer, or that of a server of one's own. */
export function jobIssuer({
  GITHUB_SERVER_URL: serverUrl = 'https://github.com',
}: Readonly<Record<string, string | undefined>>): string {
  return serverUrl === 'https://github.com'
    ? 'https://token.actions.githubusercontent.com'
    : `${serverUrl}/_services/token`;
}
