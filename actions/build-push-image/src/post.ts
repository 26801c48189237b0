import { runAction } from '../../../shared/action/runAction.ts';
import { endBuilder } from './builders/endBuilder.ts';

await runAction((runner) => endBuilder(runner));
