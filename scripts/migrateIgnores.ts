import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatWaivers } from '../shared/verdict/waivers/formatWaivers.ts';
import { parseExpiry } from '../shared/verdict/waivers/parseExpiry.ts';
import { readIgnores } from '../shared/verdict/waivers/readIgnores.ts';

// npm runs it in this repository; the paths are those of the folder where a person stands.
// npm run --silent waivers:migrate -- .trivyignore.yaml --owner team-data --expires 2026-12-31 > waivers.yaml
const usage =
  'npm run --silent waivers:migrate -- FILE… --owner TEAM --expires 2026-12-31 [--reason TEXT] > waivers.yaml';

try {
  process.stdout.write(migrate(process.argv.slice(2)));
} catch (error) {
  const all = error instanceof AggregateError ? error.errors : [error];
  for (const one of all) console.error(one instanceof Error ? one.message : one);
  process.exitCode = 1;
}

function migrate(args: string[]): string {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    options: { owner: text, expires: text, reason: text },
    allowPositionals: true,
  });
  const { owner, expires, reason } = values;
  if (positionals.length === 0 || !owner || !expires) throw new Error(`Usage: ${usage}`);
  const end = parseExpiry(expires);
  if (!(end instanceof Date)) throw new Error(`--expires: ${expires} ${end}.`);
  const folder = process.env.INIT_CWD ?? '.';
  const all = positionals.flatMap((file) =>
    readIgnores(readFileSync(resolve(folder, file), 'utf8'), basename(file)),
  );
  const [ended, held] = [all.filter(isOver), all.filter((waiver) => !isOver(waiver))];
  for (const { id, source } of ended)
    console.error(`left out, for it has ended: ${id} (${source})`);
  return formatWaivers(held, { owner, expires, reason });
}

function isOver({ expires }: { readonly expires: Date }): boolean {
  return expires.getTime() <= Date.now();
}
