import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { pushImage, pushIndex } from '../../lab/registry/pushImage.ts';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { contents, ownRepository, push } from './images.ts';

/** Nothing listens there: the port of the discard service, which only root may open. */
const nobody = '127.0.0.1:9';
const noDigest = `sha256:${'0'.repeat(64)}`;

/** What makes a verdict that cannot be believed, what is said of it, and what to do. */
const cases: Record<string, [() => Promise<Record<string, string>>, RegExp, RegExp]> = {
  'no database in the repository': [
    async () => ({
      image: await push(contents.clean),
      'db-repository': `${addresses.registry}/nobody/trivy-db:2`,
    }),
    /The vulnerability database could not be had\. .*nobody\/trivy-db:2 does not exist/,
    /A mirror of your own can be given as db-repository/,
  ],
  'what is there is no database': [
    async () => ({
      image: await push(contents.clean),
      'db-repository': await push(contents.clean),
    }),
    /What is there is not a vulnerability database of Trivy\. It holds application\/vnd\.oci\.image\.layer/,
    /a database has the tag 2/,
  ],
  'no image of that tag': [
    async () => ({ image: `${addresses.registry}/${ownRepository()}:1` }),
    /:1 does not exist/,
    /Check the tag or digest/,
  ],
  'no image of that digest': [
    async () => ({ image: `${(await push(contents.clean)).split('@')[0]}@${noDigest}` }),
    /@sha256:0{64} does not exist/,
    /Check the tag or digest/,
  ],
  'a time limit that is too short': [
    async () => ({ image: await push(contents.clean), timeout: '5ms' }),
    /Trivy could not .* It did not finish within 0\.005 s/,
    /Raise `timeout`/,
  ],
  'a distribution that Trivy does not know': [
    async () => ({ image: await push(contents.unsupported) }),
    /The packages of fedora 40 were not judged/,
    /build on a distribution that Trivy supports/,
  ],
  'a package database that is gone': [
    async () => ({ image: await push(contents.withoutPackageDatabase) }),
    /The packages of debian 12\.11 were not judged/,
    /Keep the package database/,
  ],
  'nothing that Trivy knows': [
    async () => ({ image: await push(contents.unknownFile) }),
    /Nothing in the image could be judged/,
    /Build with package metadata/,
  ],
  'an index of which one platform cannot be judged': [
    async () => {
      const repository = ownRepository();
      const amd64 = await pushImage({ repository, files: contents.clean });
      const arm64 = await pushImage({
        repository,
        files: contents.unknownFile,
        architecture: 'arm64',
      });
      const image = await pushIndex(repository, { [amd64]: 'linux/amd64', [arm64]: 'linux/arm64' });
      return { image };
    },
    /linux\/arm64: Nothing in the image could be judged/,
    /Build with package metadata/,
  ],
  'an image of another architecture than the index says': [
    async () => {
      const repository = ownRepository();
      const amd64 = await pushImage({ repository, files: contents.clean });
      return { image: await pushIndex(repository, { [amd64]: 'linux/arm64' }) };
    },
    /The image says that it is of linux\/amd64, and linux\/arm64 was asked for/,
    /Build the image for that platform/,
  ],
  'an index of attestations alone': [
    async () => {
      const repository = ownRepository();
      const statement = await pushImage({ repository, files: contents.none });
      return { image: await pushIndex(repository, { [statement]: 'unknown/unknown' }) };
    },
    /is an index without an image/,
    /at least one platform/,
  ],
  'a chart in place of an image': [
    async () => ({ image: database }),
    /Trivy could not scan the image\. .*unsupported artifact type/,
    /Give the digest of an image/,
  ],
};

describe('the verdict is incomplete, and the step fails by it:', () => {
  it.each(Object.entries(cases))('%s', async (_, [inputs, why, remedy]) => {
    const step = await startAction('trivy-gate', {
      inputs: { 'db-repository': database, ...(await inputs()) },
    });
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.level).toBe('error');
    expect(step.annotations[0]?.message).toMatch(/^No verdict on .* \(incomplete\): /);
    expect(step.annotations[0]?.message).toMatch(why);
    expect(step.annotations[0]?.message).toMatch(remedy);
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.exitCode).toBe(1);
    expect(step.summary).toMatch(/^## ⚠️ Trivy gate: incomplete\n/);
  });

  it('where nothing listens: the registry of the image, or that of the database', async () => {
    const image = await push(contents.clean);
    const steps = await Promise.all(
      [
        { image: `${nobody}/web:1`, 'db-repository': database },
        { image, 'db-repository': `${nobody}/trivy-db:2` },
      ].map((inputs) => startAction('trivy-gate', { inputs })),
    );
    for (const step of steps) {
      expect(step.outputs.verdict).toBe('incomplete');
      expect(step.annotations[0]?.message).toMatch(
        /[Nn]othing listens there \(connection refused\).*this runner reaches it/,
      );
      expect(step.exitCode).toBe(1);
    }
  }, 40_000);

  it('goes on with on-incomplete: warn, and stays incomplete', async () => {
    const step = await startAction('trivy-gate', {
      inputs: {
        image: await push(contents.unknownFile),
        'db-repository': database,
        'on-incomplete': 'warn',
      },
    });
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.annotations.map(({ level }) => level)).toEqual(['warning']);
    expect(step.summary).toContain('The step goes on all the same (on-incomplete:');
    expect(step.exitCode).toBe(0);
  });
});
