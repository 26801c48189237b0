import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { contents, push } from './images.ts';
import { at, type RegistryInFront, registryInFront, type Takes } from './registryInFront.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

async function serve(takes: Takes): Promise<RegistryInFront> {
  const registry = await registryInFront(takes);
  undo.push(() => registry.close());
  return registry;
}

/** Answers every request so. */
function answering(status: number, code: string, headers: Record<string, string> = {}): Takes {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ errors: [{ code, message: 'no' }] }));
    return true;
  };
}

const wanted = `Basic ${Buffer.from('robot:pass:word').toString('base64')}`;
const wantsLogin: Takes = (request, response) => {
  if (request.headers.authorization === wanted) return false;
  response.writeHead(401, { 'www-authenticate': 'Basic realm="lab"' }).end();
  return true;
};

describe('a registry that wants a login', () => {
  it('is given the one of the docker configuration, by us and by Trivy', async () => {
    const registry = await serve(wantsLogin);
    const image = at(registry, await push(contents.critical));
    const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
    undo.push(() => rmSync(folder, { recursive: true }));
    const auth = wanted.slice('Basic '.length);
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    const step = await startAction('trivy-gate', {
      inputs: { image, 'db-repository': at(registry, database) },
      env: { DOCKER_CONFIG: folder },
    });
    expect(step.outputs.verdict).toBe('violation');
    expect(step.log).not.toContain(auth);
    expect(step.log).not.toContain('pass:word');
  });

  it('without one the verdict is incomplete, and the annotation says where to log in', async () => {
    const registry = await serve(wantsLogin);
    const step = await startAction('trivy-gate', {
      inputs: { image: at(registry, await push(contents.critical)), 'db-repository': database },
    });
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.annotations[0]?.message).toContain(
      `${registry.host} wants a login to read test/trivy-gate/`,
    );
    expect(step.annotations[0]?.message).toContain(`Log in to ${registry.host}`);
  });
});

describe('a registry that refuses', () => {
  it.each([
    [403, 'DENIED', 'refuses to let', 'Give this identity the right to pull'],
    [404, 'NAME_UNKNOWN', 'has no repository', 'Check the name'],
    [429, 'TOOMANYREQUESTS', 'answered 429', 'limits requests'],
  ])('the image, with %d', async (status, code, why, remedy) => {
    const registry = await serve(answering(status, code, { 'retry-after': '0' }));
    const step = await startAction('trivy-gate', {
      inputs: { image: `${registry.host}/web:1`, 'db-repository': database },
    });
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.annotations[0]?.message).toContain(why);
    expect(step.annotations[0]?.message).toContain(remedy);
    expect(step.exitCode).toBe(1);
  });
});

it('a registry that gives other content than the digest says is not believed', async () => {
  const [wantedImage, other] = await Promise.all([push(contents.critical), push(contents.clean)]);
  const otherManifest = Buffer.from(
    await (
      await fetch(`http://${other.replace('/', '/v2/').replace('@', '/manifests/')}`, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      })
    ).arrayBuffer(),
  );
  const registry = await serve((request, response) => {
    if (!request.url?.includes('/manifests/')) return false;
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
    response.end(otherManifest);
    return true;
  });
  const step = await startAction('trivy-gate', {
    inputs: { image: at(registry, wantedImage), 'db-repository': database },
  });
  expect(step.outputs.verdict).toBe('incomplete');
  expect(step.annotations[0]?.message).toContain('sent another content than');
});

it('is incomplete where a page answers in place of the login', async () => {
  const registry = await serve(({ url, headers }, response) => {
    const page = url?.startsWith('/login');
    response.writeHead(page ? 200 : 401, {
      'content-type': 'text/html',
      'www-authenticate': `Bearer realm="http://${headers.host}/login",service="r"`,
    });
    response.end('<html>Sign in</html>');
    return true;
  });
  const step = await startAction('trivy-gate', {
    inputs: { image: `${registry.host}/web:1`, 'db-repository': database },
  });
  expect(step.annotations[0]?.message).toMatch(/^No verdict on .* \(incomplete\): .*text\/html/);
  expect(step.outputs.verdict).toBe('incomplete');
  expect(step.summary).toMatch(/^## ⚠️ Trivy gate: incomplete\n/);
  expect(step.exitCode).toBe(1);
}, 60_000);
