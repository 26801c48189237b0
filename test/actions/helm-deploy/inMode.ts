import { type StepOptions, type StepResult, startAction } from '../startAction.ts';
import { apps, kubeconfig } from './cluster.ts';

/** Starts a mode that is given no chart, for the release of the test chart. */
export function inMode(
  mode: string,
  space: string,
  inputs: StepOptions['inputs'] = {},
  options: StepOptions = {},
): Promise<StepResult> {
  return startAction('helm-deploy', {
    ...options,
    inputs: {
      ...{ mode, release: 'web', namespace: space, kubeconfig },
      ...{ timeout: '60s', settle: '0s', ...inputs },
    },
  });
}

/** The command of a server that says a word, by which one deploy is told from another. */
export function serve(word: string): readonly string[] {
  const page = `mkdir -p /tmp/www && echo ${word} > /tmp/www/index.html`;
  return ['sh', '-c', `${page} && exec httpd -f -p 8080 -h /tmp/www`];
}

/** What the test chart's server runs. */
export async function running(space: string): Promise<string | undefined> {
  const { spec } = await apps.readNamespacedDeployment({ namespace: space, name: 'web' });
  return spec?.template.spec?.containers[0]?.command?.at(-1);
}
