import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { Log } from '../../../../shared/log/Log.ts';

/** What trivy-action takes and we do not, with what there is in its place. */
const foreign: Readonly<Record<string, string>> = {
  'exit-code': 'a violation fails the step; `on-violation: warn` lets it go on',
  format:
    'every report is made of the one scan: see the outputs `report`, `sarif`, `junit`, `sbom`',
  template:
    'every report is made of the one scan: see the outputs `report`, `sarif`, `junit`, `sbom`',
  output: 'the paths of the reports are outputs: `report`, `sarif`, `junit`, `sbom`',
  'ignore-policy': 'write a `policy`, and `waivers` with an owner and an end',
  'trivy-config': 'a file of the workspace may not change the verdict; each setting is an input',
  'limit-severities-for-sarif': 'the SARIF file has all findings, and marks what is waived',
  'list-all-pkgs': 'all packages are in the report',
  'hide-progress': 'nothing of it is shown',
  'cache-dir': 'the database is kept by its digest in the tool cache of the runner',
  cache: 'the database is kept by its digest in the tool cache of the runner',
  'github-pat': 'give `github-token`',
  'docker-host': 'images come from their registry; give a local one as an archive (`input`)',
  version: 'Trivy is pinned by version and sum',
  'skip-setup-trivy': 'Trivy is found or fetched, and its sum checked',
  'token-setup-trivy': 'Trivy is found or fetched, and its sum checked',
};

/** Tells those who come from trivy-action what becomes of an input that is not taken over. */
export function warnForeignInputs(reader: InputReader, log: Log): void {
  for (const [name, instead] of Object.entries(foreign)) {
    if (reader.has(name))
      log.warning(`Input ${name} of trivy-action has no effect here: ${instead}.`);
  }
}
