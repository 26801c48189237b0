/** A lock file of npm; of minimist the lab's database knows that 0.0.8 is CRITICAL and 1.2.6 is not. */
export function lockFile(version: string, name = 'minimist'): string {
  const packages = { [`node_modules/${name}`]: { version } };
  return JSON.stringify({ name: 'app', lockfileVersion: 3, packages }, null, 2);
}

/** Terraform of a storage account; one that lets everybody in is CRITICAL. */
export function storage(others: 'Allow' | 'Deny'): string {
  return `resource "azurerm_storage_account" "logs" {
  name            = "logs"
  min_tls_version = "TLS1_2"
  network_rules {
    default_action = "${others}"
  }
}
`;
}

/** A pod; one that is privileged is HIGH. */
export function pod(privileged: boolean): string {
  const securityContext = {
    ...{ privileged, readOnlyRootFilesystem: true, runAsNonRoot: true },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'web' } },
    spec: { securityContext, containers: [{ name: 'web', image: 'web', securityContext }] },
  });
}

/** CycloneDX of one npm package. */
export function bom(version: string): string {
  const component = {
    ...{ type: 'library', name: 'minimist', version, 'bom-ref': 'a' },
    purl: `pkg:npm/minimist@${version}`,
  };
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    components: [component],
  });
}
