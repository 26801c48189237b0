import { findBuilder } from '../../../actions/build-push-image/src/findBuilder.ts';
import { runAction } from '../../../shared/action/runAction.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { run } from '../../../shared/process/run.ts';

/** A step that has a builder and builds with it, and nothing else: what the builder's tests start. */
await runAction(async (runner) => {
  const { BUILDER, CONTEXT = '.', IMAGE } = runner.env;
  await using builder = await findBuilder(BUILDER, runner);
  runner.log.info(`The driver is ${builder.driver}`);
  const { exitCode, stderr, startError } = await run({
    program: builder.program,
    args: [
      ...[...builder.prefix, 'build', '--progress', 'plain', '--provenance', 'mode=max'],
      ...(builder.name === undefined ? [] : ['--builder', builder.name]),
      ...['--output', `type=image,name=${IMAGE},push=true`, CONTEXT],
    ],
    env: builder.env,
    signal: runner.signal,
    onLine: (line) => runner.log.untrusted(line),
  });
  runner.signal.throwIfAborted();
  if (exitCode !== 0) throw new Failure({ what: 'The build failed.', why: startError ?? stderr });
});
