import { runAction } from '../../../shared/action/runAction.ts';
import { judged } from './judged.ts';
import { main } from './main.ts';

await runAction(judged(main));
