import type { Story } from '../../../shared/action/Runner.ts';
import { readInputs } from './inputs.ts';

/** Looks at something, judges what was seen, signs and tells it, and lets the step end by it. */
export const main: Story = async (runner) => {
  // What holds until the end is reached, should this step be killed on the way, or its inputs be wrong.
  runner.output('verdict', 'incomplete');
  runner.output('exit-reason', 'The step ended before there was a verdict; its log says why.');
  const inputs = await readInputs(runner);
  const { logIn } = await import('../../../shared/action/login/logIn.ts');
  const { openGate } = await import('./Gate.ts');
  const { look } = await import('./look.ts');
  const { publish } = await import('./publish.ts');
  const { attest } = await import('./attest.ts');
  const { tell } = await import('./tell.ts');
  const { conclude } = await import('./conclude.ts');

  await using login = await logIn(inputs.login, runner, { pushes: [] });
  const gate = await openGate(inputs, login, runner);
  const { target } = inputs;
  if (target.kind === 'running') {
    const { rescan } = await import('./running/rescan.ts');
    return rescan({ ...inputs, target }, gate, login, runner);
  }
  const seen = await look({ ...inputs, target }, gate, login, runner);
  await publish(seen, inputs, runner);
  const attestation = await attest(seen, inputs, gate, runner);
  let advice: string | undefined;
  if (inputs.reports.recommendBase) {
    const { adviseBase } = await import('./base/adviseBase.ts');
    advice = await adviseBase(seen, gate, inputs.reports.dockerfile, runner);
  }
  await tell(seen, { ...attestation, advice }, inputs, gate, runner);
  const { failure } = attestation;
  conclude(seen, failure === undefined ? [] : [failure], inputs, runner.log);
};
