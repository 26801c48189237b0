import type { Answer } from '../serve.ts';

/** A refusal of Azure Resource Manager's, in its shape and wording. */
export class ArmError extends Error {
  readonly #status: number;
  readonly #code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.#status = status;
    this.#code = code;
  }

  static noAuthorization(): ArmError {
    return new ArmError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }

  static badToken(): ArmError {
    return new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }

  static expiredToken(): ArmError {
    return new ArmError(
      401,
      'ExpiredAuthenticationToken',
      'The access token expiry UTC time is earlier than current UTC time.',
    );
  }

  static wrongAudience(): ArmError {
    return new ArmError(
      401,
      'InvalidAuthenticationTokenAudience',
      'The access token has been obtained for wrong audience or resource.',
    );
  }

  static noApiVersion(): ArmError {
    return new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }

  static unknownApiVersion(version: string, supported: readonly string[], type: string): ArmError {
    return new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location 'canadacentral' and API version '${version}' for type '${type}'. The supported api-versions are '${supported.join(', ')}'.`,
    );
  }

  static unknownSubscription(id: string): ArmError {
    return new ArmError(
      404,
      'SubscriptionNotFound',
      `The subscription '${id}' could not be found.`,
    );
  }

  static badSubscription(id: string): ArmError {
    return new ArmError(
      400,
      'InvalidSubscriptionId',
      `The provided subscription identifier '${id}' is malformed or invalid.`,
    );
  }

  static unknownGroup(name: string): ArmError {
    return new ArmError(
      404,
      'ResourceGroupNotFound',
      `Resource group '${name}' could not be found.`,
    );
  }

  static unknownRegistry(name: string, group: string): ArmError {
    return new ArmError(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.ContainerRegistry/registries/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  }

  static unknownCluster(name: string, group: string): ArmError {
    return new ArmError(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.ContainerService/managedClusters/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  }

  static noLocalAccounts(): ArmError {
    return new ArmError(
      400,
      'BadRequest',
      'Getting static credential is not allowed because this cluster is set to disable local accounts.',
    );
  }

  static forbidden(
    { client, object }: { readonly client: string; readonly object: string },
    action: string,
    scope: string,
  ): ArmError {
    return new ArmError(
      403,
      'AuthorizationFailed',
      `The client '${client}' with object id '${object}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }

  static tasksNotAllowed(registry: string, subscription: string): ArmError {
    return new ArmError(
      403,
      'TasksOperationsNotAllowed',
      `ACR Tasks requests for the registry ${registry} and ${subscription} are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.`,
    );
  }

  /** The service's own words for it were not seen; the code is that of any missing resource. */
  static unknownPool(name: string): ArmError {
    return new ArmError(404, 'ResourceNotFound', `The agent pool '${name}' was not found.`);
  }

  static unknownRun(id: string): ArmError {
    return new ArmError(404, 'RunNotFound', `The run '${id}' was not found.`);
  }

  static badContent(message: string): ArmError {
    return new ArmError(
      400,
      'InvalidRequestContent',
      `The request content was invalid: ${message}`,
    );
  }

  static noContentType(): ArmError {
    return new ArmError(
      415,
      'UnsupportedMediaType',
      "The content media type '<null>' is not supported. Only 'application/json' is supported.",
    );
  }

  /** The service's own words for it are those of the registry that refused. */
  static badImport(message: string): ArmError {
    return new ArmError(400, 'InvalidParameters', message);
  }

  static noRoute(): ArmError {
    return new ArmError(404, 'InvalidResourceType', 'The resource type could not be found.');
  }

  answer(): Answer {
    return {
      status: this.#status,
      ...(this.#status === 401 && {
        headers: { 'www-authenticate': `Bearer error="invalid_token"` },
      }),
      body: { error: { code: this.#code, message: this.message } },
    };
  }
}
