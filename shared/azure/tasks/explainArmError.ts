import { Failure, type FailureParts } from '../../failure/Failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import { oneLine } from '../../log/oneLine.ts';
import { plainText } from '../../log/sanitize.ts';
import type { TaskRegistry } from './TaskRegistry.ts';

interface ArmError {
  readonly code: string;
  readonly message: string;
}

type Explanation = Omit<FailureParts, 'details'>;

const rolePage = 'https://aka.ms/acr/roles';

/** Tells in words what a refusal of ARM's means for a build by ACR tasks, or a copy, by its code. */
export function explainArmError(
  doing: string,
  registry: TaskRegistry,
  response: Pick<HttpResponse, 'status' | 'body'>,
): Failure {
  const error = readArmError(response);
  // The code for a pool that is not there is that for any resource.
  const explain = /agent ?pool/i.test(error.message) ? noPool : explanations[error.code];
  return new Failure({
    ...(explain?.(registry, error) ?? explainOther(doing, registry, response.status, error)),
    details: plainText(response.body.toString()).slice(0, 2000),
  });
}

/** The code and text of ARM's `error`; empty where the answer is not ARM's. */
export function readArmError({ body }: Pick<HttpResponse, 'body'>): ArmError {
  try {
    const { error } = JSON.parse(body.toString()) as { error?: Partial<ArmError> };
    return { code: oneLine(String(error?.code ?? '')), message: String(error?.message ?? '') };
  } catch {
    return { code: '', message: '' };
  }
}

const explanations: Readonly<
  Record<string, (registry: TaskRegistry, error: ArmError) => Explanation>
> = {
  TasksOperationsNotAllowed: ({ subscription }) => ({
    what: `Azure does not let subscription ${subscription} use ACR tasks.`,
    why: 'They are off on free, trial, student and some sponsored subscriptions; no role changes that.',
    remedy:
      'Use another `builder`, or have the subscription made a paid one, or ask Azure support.',
  }),
  AuthorizationFailed: (registry, { message }) => {
    const action = /action '([^']+)'/.exec(message)?.[1];
    const client = /client '([^']+)'/.exec(message)?.[1];
    const why = `${client === undefined ? 'It' : `Client ${oneLine(client)}`} lacks the action ${oneLine(action ?? 'that was asked for')}.`;
    if (/importImage|registries\/read/i.test(action ?? '')) {
      return {
        what: `This identity may not have the registry ${registry.name} copy images.`,
        why,
        remedy: `Give it the role "Container Registry Data Importer and Data Reader" (or Contributor) on the registry; AcrPush is not enough, and a new role takes minutes to be known. ${rolePage}`,
      };
    }
    return {
      what: `This identity may not build in the registry ${registry.name}.`,
      why,
      remedy: `Give it the role "Container Registry Tasks Contributor" (or Contributor) on the registry; AcrPush is not enough, and a new role takes minutes to be known. ${rolePage}`,
    };
  },
  SubscriptionNotFound: ({ subscription, arm }) => ({
    what: `${new URL(arm).host} knows no subscription ${subscription}.`,
    why: 'The id is wrong, of another tenant or cloud, or this identity has no role in it.',
    remedy: 'Check the id (`az account show`), and the tenant that the login names.',
  }),
  InvalidSubscriptionId: ({ subscription }) => ({
    what: `${JSON.stringify(oneLine(subscription))} is not a subscription's id.`,
    remedy: 'Give the GUID that `az account show --query id` prints.',
  }),
  ResourceGroupNotFound: ({ resourceGroup, subscription }) => ({
    what: `Subscription ${subscription} has no resource group ${resourceGroup}.`,
    remedy: 'Check the name; `az acr show --name <registry>` prints the group of a registry.',
  }),
  ResourceNotFound: ({ name, resourceGroup }, { message }) => ({
    what: `Resource group ${resourceGroup} has no registry ${name}.`,
    why: sentence(message),
    remedy: 'Check the name, without `.azurecr.io`, and the resource group.',
  }),
  InvalidAuthenticationToken: (registry, error) => tokenRefused(registry, error),
  InvalidAuthenticationTokenTenant: ({ subscription }) => ({
    what: `The login is for another tenant than that of subscription ${subscription}.`,
    remedy: 'Log in to the tenant that owns the subscription (`az account show --query tenantId`).',
  }),
  ExpiredAuthenticationToken: (registry, error) => tokenRefused(registry, error),
  AuthenticationFailed: (registry, error) => tokenRefused(registry, error),
};

function tokenRefused({ arm }: TaskRegistry, { message }: ArmError): Explanation {
  return {
    what: `${new URL(arm).host} does not accept the token of this login.`,
    why: sentence(message),
    remedy: `The token has to be for ${arm}/.default, and of the same cloud.`,
  };
}

function noPool({ name }: TaskRegistry, { message }: ArmError): Explanation {
  return {
    what: `The registry ${name} has no such agent pool.`,
    why: sentence(message),
    remedy: 'Create the pool (`az acr agentpool create`), correct its name, or leave it out.',
  };
}

function explainOther(
  doing: string,
  { arm }: TaskRegistry,
  status: number,
  { code, message }: ArmError,
): Explanation {
  if (status === 429) {
    return {
      what: `${new URL(arm).host} is asked too much, and still was at the deadline.`,
      why: sentence(message),
      remedy: 'Run the job again later, or fewer builds at once.',
    };
  }
  return {
    what: `${new URL(arm).host} answered ${status} when asked to ${doing}.`,
    why: sentence(code === '' ? message : `${code}: ${message}`),
    remedy:
      status >= 500
        ? 'Azure had trouble; run the job again.'
        : 'Check the registry, and what was asked for.',
  };
}

function sentence(text: string): string | undefined {
  const line = oneLine(text, 500);
  return line === '' ? undefined : `${line.replace(/[.:]$/, '')}.`;
}
