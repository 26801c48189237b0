import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { command } from '../command.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { Part } from '../Part.ts';
import { port } from './controlPlane.ts';
import { adminKubeconfig } from './kubeconfig.ts';

/** What a Node has to carry for KWOK to pretend it, and for nothing to land there unasked. */
export const pretended = {
  annotations: { 'kwok.x-k8s.io/node': 'fake' },
  taint: { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' },
} as const;

export const kwok: Part = {
  name: 'kwok',
  about: 'pretends nodes, and the pods on them; tests create them',
  needs: ['kube-apiserver'],
  programs: ['kwok'],
  async start(lab) {
    const stages = await stageFiles();
    await startDaemon(lab, {
      name: 'kwok',
      program: await lab.program('kwok'),
      args: [
        `--kubeconfig=${adminKubeconfig(lab)}`,
        ...stages.map((file) => `--config=${file}`),
        '--manage-all-nodes=false',
        '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
        '--node-lease-duration-seconds=40',
        `--server-address=127.0.0.1:${port(addresses.kwok)}`,
      ],
      answers: () => kwok.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'kwok'),
  answers: () => answersHttp(`http://${addresses.kwok}/healthz`),
};

/** How nodes become ready, and pods run, end and go: the rules that KWOK's own module brings. */
async function stageFiles(): Promise<string[]> {
  const cwd = join(import.meta.dirname, '../go/kwok');
  const module = await command('go', ['mod', 'download', '-json', 'sigs.k8s.io/kwok'], { cwd });
  const { Dir: folder } = JSON.parse(module) as { Dir: string };
  return [
    'node/fast/node-initialize.yaml',
    'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
    'pod/fast/pod-ready.yaml',
    'pod/fast/pod-complete.yaml',
    'pod/fast/pod-delete.yaml',
  ].map((file) => join(folder, 'kustomize/stage', file));
}
