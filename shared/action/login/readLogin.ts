import { cloudNames } from '../../azure/clouds.ts';
import type { InputReader, Parse } from '../InputReader.ts';
import { InputProblem } from '../InputReader.ts';
import { oneOf, text, verbatim } from '../parsers.ts';
import type { Runner } from '../Runner.ts';
import { planLogin } from './planLogin.ts';
import type { GivenLogin, RegistryLogin } from './RegistryLogin.ts';

/** How each registry that is pushed to is logged in to; the image's own first. */
export type Login = readonly RegistryLogin[];

/**
 * Reads the inputs about logins. What is wrong with them is told to the reader.
 *
 * @param registryHosts the hosts of everything that is pushed, the image's own first
 */
export async function readLogin(
  reader: InputReader,
  registryHosts: readonly string[],
  { env }: Pick<Runner, 'env'>,
): Promise<Login> {
  const given = await readGivenLogin(reader);
  const { logins, problems } = planLogin(given, registryHosts, githubRegistry(env));
  for (const { what, remedy } of problems) reader.conflict(what, remedy);
  return logins;
}

/** Reads each of the inputs about logins by itself. */
export async function readGivenLogin(reader: InputReader): Promise<GivenLogin> {
  return {
    ...(await readAzure(reader)),
    username: await reader.optional('username', text),
    password: await reader.secret('password', verbatim),
    githubToken: await reader.secret('github-token', text),
  };
}

/** Those about an identity of Azure. */
export async function readAzure(
  reader: InputReader,
): Promise<Omit<GivenLogin, 'username' | 'password' | 'githubToken'>> {
  return {
    clientId: await reader.optional('azure-client-id', guid),
    tenantId: await reader.optional('azure-tenant-id', tenant),
    clientSecret: await reader.secret('azure-client-secret', text),
    managedIdentity: await reader.optional('azure-managed-identity', guidOrSystem),
    cloud: await reader.optional('azure-cloud', oneOf(cloudNames, 'a cloud of Azure')),
  };
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are not secrets, but many keep them as such: an empty one would only fail at Entra. */
const guid: Parse<string> = (given) => {
  const id = given.trim();
  if (guidPattern.test(id)) return id;
  throw new InputProblem(
    'is not an application id',
    'Write it as 00000000-0000-0000-0000-000000000000, from the overview of the application.',
  );
};

const guidOrSystem: Parse<string> = (given) => {
  const id = given.trim();
  if (id === 'system' || guidPattern.test(id)) return id;
  throw new InputProblem(
    'is neither `system` nor a client id',
    "Write `system` for the machine's own identity, or the client id of a user-assigned one.",
  );
};

/** A directory is named by its id or by one of its domains. */
const tenant: Parse<string> = (given) => {
  const id = given.trim();
  if (guidPattern.test(id) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(id)) return id;
  throw new InputProblem(
    'is neither the id of a directory nor its domain',
    'Write it as 00000000-0000-0000-0000-000000000000 or acme.onmicrosoft.com.',
  );
};

/** GitHub's registry: an enterprise server of one's own has it on a subdomain. */
export function githubRegistry({ GITHUB_SERVER_URL: server = '' }: Runner['env']): string {
  const host = URL.parse(server)?.host ?? 'github.com';
  return host === 'github.com' ? 'ghcr.io' : `containers.${host}`;
}
