import { Failure } from '../../shared/failure/Failure.ts';
import { nearest } from '../../shared/text/nearest.ts';
import { down, labContext, status, up } from './lab.ts';
import { terminal } from './terminal.ts';

const verbs = ['up', 'down', 'status'] as const;
const { log, progress } = terminal();

try {
  const [verb = '', ...names] = process.argv.slice(2);
  const lab = labContext(log, progress);
  if (verb === 'up') {
    await up(lab, names, {
      onReady: (part, seconds) =>
        log.info(`${part.name.padEnd(24)} answers  (${seconds.toFixed(1)} s)`),
    });
  } else if (verb === 'down') {
    await down(lab);
    log.info('The lab is down.');
  } else if (verb === 'status') {
    for (const { part, answers } of await status(lab)) {
      log.info(`${answers ? 'answers' : '-      '}  ${part.name.padEnd(24)} ${part.about}`);
    }
  } else {
    const meant = nearest(verb, verbs);
    throw new Failure({
      what: verb === '' ? 'Say what the lab shall do.' : `${JSON.stringify(verb)} is not known.`,
      remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}npm run lab -- up|down|status [part…]`,
    });
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  log.error(error.message);
  if (error.details !== undefined) log.untrusted(error.details);
  process.exitCode = 1;
}
