import { describe, expect, it } from '@jest/globals';
import { explainHelmError } from './explainHelmError.ts';

describe('explainHelmError', () => {
  it.each([
    [
      'Error: create: failed to create: Secret "sh.helm.release.v1.web.v1" is invalid: data: Too long: may not be more than 1048576 bytes',
      { what: 'The release is larger than the 1 MiB that a cluster keeps of it.' },
    ],
    [
      'Error: server-side apply failed for object n/web apps/v1, Kind=Deployment: Internal error occurred: failed calling webhook "deny.acme.example": failed to call webhook: Post "https://policy": context deadline exceeded',
      {
        what: 'The webhook deny.acme.example does not answer, and without it the cluster admits nothing of its kind.',
        why: 'failed to call webhook: Post "https://policy": context deadline exceeded.',
      },
    ],
    [
      "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '/replicas': got string, want integer\n",
      {
        what: "Input values: the chart's schema refuses them.",
        why: "web: at '/replicas': got string, want integer",
      },
    ],
    [
      'Error: INSTALLATION FAILED: execution error at (web/templates/a.yaml:3:5): image is needed: name@digest',
      {
        what: 'The chart refuses its values at web/templates/a.yaml:3:5.',
        why: 'image is needed: name@digest.',
      },
    ],
    [
      'Error: YAML parse error on web/templates/a.yaml: error converting YAML to JSON: yaml: line 4',
      { what: 'The chart cannot be rendered.' },
    ],
    [
      'Error: create: failed to create: namespaces "apps" not found',
      { what: 'Input namespace: the cluster has no namespace apps.' },
    ],
    [
      'Error: UPGRADE FAILED: admission webhook "validation.gatekeeper.sh" denied the request: [repos] no',
      {
        what: "The cluster's policy (validation.gatekeeper.sh) refuses an object of the chart.",
        why: '[repos] no.',
      },
    ],
    [
      'Error: query: failed to query with labels: secrets is forbidden: User "guest" cannot list resource',
      { what: 'The kubeconfig’s user may not do what the chart needs.' },
    ],
    [
      'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
      { what: 'Another Helm command works on this release.' },
    ],
    [
      'Error: unable to build kubernetes objects: no matches for kind "Foo" in version "a.io/v1"',
      { what: 'The cluster does not serve Foo of a.io/v1.' },
    ],
    [
      "Error: file '/w/bad.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'",
      { what: 'Input chart: it is not a chart.' },
    ],
    [
      "Error: an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: redis",
      { what: 'Input chart: its dependencies are not there: redis.' },
    ],
    [
      'Error: failed to perform "FetchReference" on source: r.io/web:1: 401 Unauthorized',
      {
        what: 'Input chart: it cannot be fetched from its registry.',
        remedy: 'Log in to the registry in an earlier step.',
      },
    ],
    [
      'Error: UPGRADE FAILED: Deployment.apps "web" is invalid: spec.selector: Invalid value: field is immutable',
      {
        what: 'The API server refuses Deployment.apps web of the chart.',
        remedy: expect.stringContaining('this field cannot change'),
      },
    ],
    [
      'Error: failed to perform "FetchReference" on source: Get "https://r.io:4013/v2/": read tcp 10.0.0.4:40312->10.0.0.5:4013: connection reset by peer',
      { remedy: expect.stringContaining('this runner reaches the registry') },
    ],
    [
      'Error: unable to continue with install: ConfigMap "a" in namespace "apps" exists and cannot be imported into the current release: invalid ownership metadata; label validation error',
      {
        what: 'ConfigMap a in namespace apps is there already and belongs to no release, or to another one.',
        remedy: expect.stringContaining('take-ownership'),
      },
    ],
    [
      'Error: UPGRADE FAILED: conflict occurred while applying object apps/a /v1, Kind=ConfigMap: Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.text',
      {
        what: 'ConfigMap apps/a has fields that belong to another program or person.',
        why: 'The API server says: conflict with "kubectl" using v1: .data.text',
      },
    ],
    ['Error: something new\n', { what: 'Helm failed.', why: 'something new' }],
  ])('%s', (output, expected) => {
    expect(explainHelmError(output)).toMatchObject(expected);
  });
});
