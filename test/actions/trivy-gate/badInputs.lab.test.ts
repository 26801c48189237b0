import { describe, expect, it } from '@jest/globals';
import { startAction } from '../startAction.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const image = `acme.azurecr.io/web@${digest}`;

describe('each wrong input is one annotation with its name, what was given, and the remedy', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ image: '' }, ['Input image is required and was not given.']],
    [
      { image: 'Acme.azurecr.io/Web:1' },
      [
        'Input image: is not the name of an image: "Web" is not a repository\'s path; it has to be in lower case (given: "Acme.azurecr.io/Web:1").',
      ],
    ],
    [{ image: 'acme.azurecr.io/web@sha256:12' }, ['"sha256:12" is not a digest']],
    [{ image: '-v' }, ['Input image: is not the name of an image']],
    [
      { image, severity: 'CRITCAL' },
      ['Input severity: "CRITCAL" is not a severity (given: "CRITCAL"). Did you mean CRITICAL?'],
    ],
    [
      { image, 'ignore-unfixed': 'yes' },
      ['Input ignore-unfixed: is not a boolean (given: "yes").'],
    ],
    [{ image, timeout: '10 minutes' }, ['Input timeout: is not a duration']],
    [{ image, 'db-repository': 'https://ghcr.io/x' }, ['Input db-repository: is not the name']],
    [{ image, 'on-violation': 'pass' }, ['Input on-violation: "pass" is not']],
    [
      { image: 'A', severity: 'A', 'on-incomplete': 'A' },
      ['Input image', 'Input severity', 'Input on-incomplete'],
    ],
  ])('%j', async (inputs, said) => {
    const step = await startAction('trivy-gate', { inputs });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject(
      said.map((text) => ({ level: 'error', message: expect.stringContaining(text) })),
    );
    expect(step.outputs).toEqual({
      verdict: 'incomplete',
      'exit-reason': 'The step ended before there was a verdict; its log says why.',
    });
    expect(step.summary).toBe('');
  });

  it('an input that does not exist is told with the one that was meant', async () => {
    const step = await startAction('trivy-gate', {
      inputs: { image: 'A', severty: 'CRITICAL' },
    });
    expect(step.annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('Did you mean severity?'),
    });
  });
});
