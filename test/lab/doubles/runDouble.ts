import { readFileSync } from 'node:fs';
import { addresses } from '../addresses.ts';
import { makeEntra } from './entra.ts';
import { makeGitHub } from './github.ts';
import { type DoubleName, labOptions } from './labDoubles.ts';
import { makeOidc } from './oidc.ts';
import { type Answer, type Asked, type Double, serve } from './serve.ts';

// Runs one double as a part of the lab: `node runDouble.ts <name> [certificate key]`. Its own door
// is `/_lab`: GET tells what it knows, PUT begins anew with other options, DELETE as at the start.
const [name, certFile, keyFile] = process.argv.slice(2) as [DoubleName, ...string[]];
const tls =
  certFile !== undefined && keyFile !== undefined
    ? { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    : undefined;

function make(options: object, url: string): Double | Promise<Double> {
  switch (name) {
    case 'github':
      return makeGitHub(options);
    case 'oidc':
      return makeOidc(options, url);
    case 'entra':
      return makeEntra({ ...labOptions.entra, ...options }, url);
  }
}

async function door(asked: Asked): Promise<Answer> {
  switch (asked.method) {
    case 'GET':
      return { status: 200, body: JSON.stringify(double, mapsAsObjects) };
    case 'PUT':
      double = await make(JSON.parse(asked.body.toString()) as object, served.url);
      return { status: 204 };
    case 'DELETE':
      double = await make(labOptions[name], served.url);
      return { status: 204 };
    default:
      return { status: 405 };
  }
}

function mapsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

let double: Double = { handle: () => ({ status: 503 }) };
const port = Number(addresses[name].split(':')[1]);
const served = await serve(
  (asked) => (asked.path === '/_lab' ? door(asked) : double.handle(asked)),
  { port, tls },
);
double = await make(labOptions[name], served.url);
