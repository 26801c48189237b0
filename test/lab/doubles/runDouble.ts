import { readFileSync } from 'node:fs';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { authority } from '../authority.ts';
import { labContext } from '../lab.ts';
import { buildWithLab } from './arm/buildWithLab.ts';
import { copyWithLab } from './arm/copyWithLab.ts';
import { verifyArmToken } from './arm/verifyArmToken.ts';
import { makeArm } from './arm.ts';
import { makeEntra } from './entra.ts';
import { makeGitHub } from './github.ts';
import { type DoubleName, labIdentity, labOptions } from './labDoubles.ts';
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
    case 'arm':
      return makeLabArm(options);
  }
}

/** It builds with the lab's BuildKit, and takes the tokens of the lab's Entra. */
async function makeLabArm(options: object): Promise<Double> {
  const lab = labContext(silent);
  const ca = readFileSync((await authority(lab)).cert, 'utf8');
  const http = httpClient({ env: {}, log: silent, ca });
  return makeArm({
    ...labOptions.arm,
    build: buildWithLab(lab),
    copy: copyWithLab(lab),
    verify: verifyArmToken(`https://${addresses.entra}`, labIdentity.tenant, http),
    ...options,
  });
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
