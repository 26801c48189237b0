import type { components } from '@octokit/openapi-types';

/** Whoever acts with a job's GITHUB_TOKEN. */
export function actionsBot(): Partial<components['schemas']['simple-user']> {
  return {
    login: 'github-actions[bot]',
    id: 41898282,
    node_id: 'MDM6Qm90NDE4OTgyODI=',
    type: 'Bot',
    site_admin: false,
    html_url: 'https://github.com/apps/github-actions',
  };
}

/** A person or an app as others see it. */
export function somebody(login: string | undefined): Partial<components['schemas']['simple-user']> {
  return login === undefined ? actionsBot() : { login, id: login.length, type: 'User' };
}
