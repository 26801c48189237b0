import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAction } from '../actions/startAction.ts';
import { adminKubeconfig } from '../lab/cluster/kubeconfig.ts';
import { command } from '../lab/command.ts';
import type { LabContext } from '../lab/Part.ts';
import { median } from './median.ts';

const namespace = 'bench-deploy';

/** Seconds, medians of rounds in turns. */
export interface Deployed {
  readonly helm: number;
  readonly action: number;
  /** Without trying the release first. */
  readonly untried: number;
  /** A release that has not changed. */
  readonly unchanged: number;
}

/**
 * `helm upgrade --install --wait` and helm-deploy on the same chart, in turns, each with a change: one
 * Deployment, and beside it so many objects without pods. The settle time, which comes on top, is 0.
 */
export async function measureDeploy(
  lab: LabContext,
  { objects, rounds }: { readonly objects: number; readonly rounds: number },
): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
  try {
    const chart = writeChart(folder, objects);
    const kubeconfig = adminKubeconfig(lab);
    const helm = await lab.program('helm');
    const own = (name: string) => `bench-${name}-${objects}`;
    const byHelm = (round: number) =>
      command(
        helm,
        [
          ...['upgrade', own('helm'), chart, '--install', '--namespace', namespace],
          ...['--create-namespace', '--set-string', `round=${round}`, '--wait', '--timeout', '5m'],
        ],
        { env: { KUBECONFIG: kubeconfig } },
      );
    const byAction = async (name: string, round: number, inputs: Record<string, string> = {}) => {
      const step = await startAction('helm-deploy', {
        inputs: {
          ...{ chart, release: own(name), namespace, 'create-namespace': 'true', kubeconfig },
          ...{ set: `round=r${round}`, settle: '0s', ...inputs },
        },
      });
      if (step.exitCode !== 0) throw new Error(step.log);
    };
    const skip = { 'skip-unchanged': 'true' };
    const sides: Record<keyof Deployed, (round: number) => Promise<unknown>> = {
      helm: byHelm,
      action: (round) => byAction('action', round),
      untried: (round) => byAction('untried', round, { preflight: 'off' }),
      unchanged: (round) => byAction('unchanged', 0, round < 0 ? {} : skip),
    };
    const times: Record<keyof Deployed, number[]> = {
      ...{ helm: [], action: [], untried: [], unchanged: [] },
    };
    for (let round = -1; round < rounds; round++) {
      const names = Object.keys(sides) as (keyof Deployed)[];
      // No side always comes after the same other one.
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const started = performance.now();
        await sides[name](round);
        // The first round installs.
        if (round >= 0) times[name].push((performance.now() - started) / 1000);
      }
    }
    const medians = Object.entries(times).map(([name, values]) => [name, median(values)]);
    return Object.fromEntries(medians) as Record<keyof Deployed, number>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeChart(folder: string, objects: number): string {
  const chart = join(folder, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(chart, name), text);
  write('Chart.yaml', 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  write('values.yaml', 'round: ""\n');
  const labels = '{app: {{ .Release.Name }}}';
  write(
    'templates/web.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  selector: {matchLabels: ${labels}}
  template:
    metadata: {labels: ${labels}, annotations: {round: {{ .Values.round | quote }}}}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: 127.0.0.1:15000/library/busybox:1.36
          command: [sleep, "3600"]
`,
  );
  write(
    'templates/others.yaml',
    `{{ range untilStep 1 ${objects} 1 }}---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ . }}}
data: {round: {{ $.Values.round | quote }}}
{{ end }}`,
  );
  return chart;
}
