// The door of every npm script. The machine may have another Node and no node_modules, so this file
// needs nothing but Node 20: it installs what package-lock.json says, then hands over to the Node 24
// that the lockfile pins, so that everything runs on the version on which the actions run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** Whether npm has installed what package-lock.json says: it keeps its own list of what is there. */
function installed() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const wanted = read(join(root, 'package-lock.json'));
  const hidden = join(modules, '.package-lock.json');
  const present = existsSync(hidden) ? read(hidden) : {};
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional || present[path]?.version === version,
  );
}

if (!installed()) {
  console.log('packages   installing what package-lock.json lists …');
  const started = Date.now();
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (npm.status !== 0) {
    console.error('packages   npm ci failed; its message is above');
    process.exit(npm.status ?? 1);
  }
  console.log(`packages   installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The folder of the pinned Node 24, or of the running one where it is 24 or newer. */
function nodeFolder() {
  const pinned = join(modules, `node-${process.platform}-${process.arch}`, 'bin');
  if (existsSync(join(pinned, 'node'))) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return dirname(process.execPath);
  console.error(
    `There is no packaged Node 24 for ${process.platform}-${process.arch}. Install Node 24, or work in .devcontainer/.`,
  );
  process.exit(1);
}

const node = nodeFolder();
const [first, ...rest] = process.argv.slice(2);
const program = first === '--bin' ? join(modules, '.bin', rest[0]) : join(node, 'node');
const args =
  first === '--bin'
    ? rest.slice(1)
    : ['--disable-warning=ExperimentalWarning', join(root, first), ...rest];
const child = spawn(program, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${node}${delimiter}${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
