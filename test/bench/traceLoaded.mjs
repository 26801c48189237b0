// Loaded with --import into a step: writes which files of dist/ it loads, one a line.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  load(url, context, next) {
    if (url.includes('/dist/')) appendFileSync(process.env.TRACE_LOADED, `${fileURLToPath(url)}\n`);
    return next(url, context);
  },
});
