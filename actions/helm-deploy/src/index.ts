import { runAction } from '../../../shared/action/runAction.ts';
import { main } from './main.ts';

await runAction(main);
