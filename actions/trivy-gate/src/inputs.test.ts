import { describe, expect, it } from '@jest/globals';
import type { Runner } from '../../../shared/action/Runner.ts';
import { silent } from '../../../shared/log/Log.ts';
import { readInputs } from './inputs.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const defaults = {
  INPUT_IMAGE: `acme.azurecr.io/web@${digest}`,
  'INPUT_SCAN-TYPE': 'image',
  INPUT_COMMENT: 'false',
  'INPUT_UPLOAD-SARIF': 'false',
  INPUT_ISSUE: 'false',
  'INPUT_DB-REPOSITORY': 'mirror.gcr.io/aquasec/trivy-db:2\nghcr.io/aquasecurity/trivy-db:2\n',
  INPUT_TIMEOUT: '10m',
  'INPUT_ON-VIOLATION': 'fail',
  'INPUT_ON-INCOMPLETE': 'fail',
};

function read(changed: Record<string, string>) {
  const warnings: string[] = [];
  const runner: Runner = {
    env: { ...defaults, ...changed },
    log: { ...silent, warning: (text) => warnings.push(text) },
    signal: new AbortController().signal,
    tempDir: '/temp',
    secrets: new Set(),
    mask() {},
    output() {},
    summary: async () => {},
    saveState() {},
    readState: () => undefined,
  };
  return { inputs: readInputs(runner), warnings };
}

describe('the inputs', () => {
  it('are typed', async () => {
    expect(await read({}).inputs).toMatchObject({
      target: {
        kind: 'image',
        image: { registry: 'acme.azurecr.io', repository: 'web', digest },
      },
      decide: {
        policy: { severities: new Set(['CRITICAL']), ignoreUnfixed: false },
        policyName: 'trivy-gate',
      },
      scan: {
        databases: [
          { registry: 'mirror.gcr.io', repository: 'aquasec/trivy-db', tag: '2' },
          { registry: 'ghcr.io', repository: 'aquasecurity/trivy-db', tag: '2' },
        ],
      },
      evidence: { attest: 'auto', reuse: false },
      reports: { comment: false, uploadSarif: false, issue: false },
      timeoutMs: 600_000,
      onViolation: 'fail',
      onIncomplete: 'fail',
    });
  });

  it.each([
    ['CRITICAL,HIGH', ['CRITICAL', 'HIGH']],
    ['critical, high', ['CRITICAL', 'HIGH']],
    ['CRITICAL\nHIGH\n', ['CRITICAL', 'HIGH']],
    ['CRITICAL,\n UNKNOWN', ['CRITICAL', 'UNKNOWN']],
    ['CRITICAL CRITICAL', ['CRITICAL']],
  ])('severity %j', async (given, expected) => {
    const { policy } = (await read({ INPUT_SEVERITY: given }).inputs).decide;
    expect([...policy.severities]).toEqual(expected);
  });

  it.each([
    ['HIGH', ['findings of CRITICAL do not count']],
    ['CRITICAL,LOW', ['findings of HIGH and MEDIUM do not count']],
    ['CRITICAL,HIGH', []],
    ['CRITICAL,UNKNOWN', []],
    ['UNKNOWN', []],
  ])('severity %s warns of what it leaves out', async (given, said) => {
    const { inputs, warnings } = read({ INPUT_SEVERITY: given });
    await inputs;
    expect(warnings).toEqual(said.map((text) => expect.stringContaining(text)));
  });

  it.each([
    [{ INPUT_IMAGE: '' }, 'Input image is required'],
    [{ INPUT_IMAGE: 'Acme/Web' }, 'Input image: is not the name of an image'],
    [{ INPUT_IMAGE: 'web@sha256:abc' }, '"sha256:abc" is not a digest'],
    [{ INPUT_IMAGE: 'web:1@2@3' }, 'more than one "@"'],
    [{ INPUT_IMAGE: '--version' }, 'Input image: is not the name of an image'],
    [
      { INPUT_SEVERITY: 'CRITCAL' },
      'Input severity: "CRITCAL" is not a severity (given: "CRITCAL"). Did you mean CRITICAL?',
    ],
    [{ INPUT_SEVERITY: 'HIGH,,SEVERE' }, '"SEVERE" is not a severity'],
    [{ INPUT_SEVERITY: ' , ' }, 'names no severity'],
    [{ 'INPUT_IGNORE-UNFIXED': 'yes' }, 'Input ignore-unfixed: is not a boolean'],
    [{ 'INPUT_DB-REPOSITORY': '# none' }, 'Input db-repository: names no repository'],
    [
      { 'INPUT_DB-REPOSITORY': 'ghcr.io/x\nhttps://ghcr.io/y' },
      'Input db-repository: is not the name of an image',
    ],
    [{ INPUT_TIMEOUT: '10' }, 'Input timeout: is not a duration'],
    [{ INPUT_TIMEOUT: '0s' }, 'Input timeout: is not between 1ms and 24h'],
    [{ INPUT_TIMEOUT: '1000h' }, 'Input timeout: is not between 1ms and 24h'],
    [
      { 'INPUT_ON-VIOLATION': 'ignore' },
      'Input on-violation: "ignore" is not what a verdict can do',
    ],
    [{ 'INPUT_ON-INCOMPLETE': 'pass' }, 'Input on-incomplete: "pass" is not what a verdict can do'],
  ])('%j is refused', async (given, said) => {
    const error = await read(given).inputs.catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors.map(String)).toEqual([expect.stringContaining(said)]);
  });

  it('are all read before any is refused', async () => {
    const given = { INPUT_IMAGE: 'A', INPUT_SEVERITY: 'A', INPUT_TIMEOUT: 'A' };
    const error = await read(given).inputs.catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors).toHaveLength(3);
  });
});
