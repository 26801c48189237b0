import type { RunningContainer } from '../../../../shared/kube/reports/RunningImage.ts';
import { parseDigest, parseReference, pin } from '../../../../shared/oci/Reference.ts';
import { exampleInspection, examplePolicy } from '../../../../shared/verdict/fixtures.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { Inputs } from '../inputs.ts';
import { judged } from '../judged.ts';
import type { Component } from './Component.ts';
import type { ScannedImage } from './scanEach.ts';
import type { Running } from './surveyRunning.ts';

export const now = new Date('2026-11-24T12:00:00Z');

/** The digest that is this letter all over. */
export function digestOf(letter: string) {
  return parseDigest(`sha256:${letter.repeat(64)}`);
}

export function exampleContainer(change: Partial<RunningContainer> = {}): RunningContainer {
  return {
    workload: { namespace: 'apps', kind: 'Deployment', name: 'web' },
    pod: 'web-1',
    name: 'app',
    since: now,
    controllerUid: undefined,
    release: undefined,
    ...change,
  };
}

/** An image as it was judged for CRITICAL findings; `letter` makes its digest. */
export function exampleScanned(
  letter: string,
  seen: Partial<Inspection> = {},
  container: Partial<RunningContainer> = {},
): ScannedImage {
  const digest = digestOf(letter);
  const subject = `acme.azurecr.io/web@${digest}`;
  const inputs = { decide: { policy: examplePolicy() } } as Inputs;
  return {
    image: {
      digest,
      reference: pin(parseReference('acme.azurecr.io/web'), digest),
      name: 'acme.azurecr.io/web:1',
      containers: [exampleContainer(container)],
    },
    seen: judged(exampleInspection({ subject, ...seen }), inputs, { now }),
  };
}

export function exampleComponent(change: Partial<Component> = {}): Component {
  return {
    name: 'apps/web',
    namespace: 'apps',
    images: new Set([digestOf('a')]),
    unknown: [],
    ...change,
  };
}

export function exampleRunning(change: Partial<Running> = {}): Running {
  return {
    subject: 'namespace apps of https://10.0.0.1',
    cluster: 'c1',
    namespaces: ['apps'],
    ...{ images: [], components: [], gaps: [], notices: [] },
    ...change,
  };
}
