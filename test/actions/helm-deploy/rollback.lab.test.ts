import { describe, expect, it } from '@jest/globals';
import { graceMs } from '../graceMs.ts';
import { deploy, namespace, revisions } from './cluster.ts';
import { inMode, running, serve } from './inMode.ts';

describe('a rollback', () => {
  it.concurrent.each(['4', '3'])(
    'goes to the last good one, or the one that was asked for; people are respected (Helm %s)',
    async (version) => {
      await using space = await namespace();
      const inputs = { 'helm-version': version };
      await deploy(space.name, { command: serve('one') }, { inputs });
      await deploy(space.name, { command: serve('two') }, { inputs });
      const back = await inMode('rollback', space.name, inputs);
      expect(back.annotations).toEqual([]);
      expect(back.outputs).toMatchObject({ revision: '3', status: 'deployed' });
      expect(await running(space.name)).toContain('echo one');

      const again = await deploy(space.name, { command: serve('two') }, { inputs });
      expect(again.annotations.at(0)?.message).toMatch(
        /^Release web was rolled back by hand from revision 2, and this deploy brings the same again\. Revision 3 runs since/,
      );
      expect(again.outputs).toMatchObject({ revision: '3', status: 'failed' });
      expect(await revisions(space.name)).toEqual(['1 superseded', '2 superseded', '3 deployed']);
      const forced = await deploy(
        space.name,
        { command: serve('two') },
        { inputs: { ...inputs, force: 'true' } },
      );
      expect(forced.outputs).toMatchObject({ revision: '4', status: 'deployed' });
    },
    120_000,
  );

  it.concurrent('to what does not start is diagnosed, and undone', async () => {
    await using space = await namespace();
    await deploy(space.name, { command: serve('one') });
    await deploy(space.name, { command: ['/no/such/program'] });
    expect(await revisions(space.name)).toEqual(['1 superseded', '2 failed', '3 deployed']);
    const back = await inMode('rollback', space.name, { revision: '2' });
    expect(back.exitCode).toBe(1);
    expect(back.annotations.at(0)?.message).toMatch(
      /^Deployment\/web → pod .* no such file or directory.* The release was rolled back to revision 3\./s,
    );
    expect(back.outputs).toMatchObject({ revision: '5', status: 'rolled-back' });
    expect(await running(space.name)).toContain('echo one');
    // It is no rollback by people.
    const next = await deploy(space.name, { command: serve('one') });
    expect(next.outputs).toMatchObject({ revision: '6', status: 'deployed' });
  }, 60_000);

  it.concurrent('of ours, from what Helm took for good, is none by people', async () => {
    await using space = await namespace();
    await deploy(space.name, { command: serve('one') });
    const [shell = '', option = '', script = ''] = serve('two');
    const ends = [shell, option, `${script.replace('exec httpd', 'httpd')} & sleep 4`];
    const undone = await deploy(
      space.name,
      { command: ends },
      { inputs: { settle: '10s', timeout: '20s' } },
    );
    expect(undone.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
    expect(await revisions(space.name)).toEqual(['1 superseded', '2 failed', '3 deployed']);
    const again = await deploy(space.name, { command: ends });
    expect(again.outputs).toMatchObject({ revision: '4', status: 'deployed' });
  }, 60_000);

  it.concurrent('that is stopped leaves nothing pending', async () => {
    await using space = await namespace();
    await deploy(space.name, { command: serve('one') });
    await deploy(
      space.name,
      { readinessPath: '/none' },
      {
        onOutput: (text, child) =>
          void (/Deployment\/web +0\/1/.test(text) && child.kill('SIGINT')),
      },
    );
    await deploy(space.name, { command: serve('one') });
    let sentAt = 0;
    const stopped = await inMode(
      'rollback',
      space.name,
      { revision: '2' },
      {
        onOutput: (text, child) => {
          if (sentAt !== 0 || !/Deployment\/web +0\/1/.test(text)) return;
          sentAt = performance.now();
          child.kill('SIGINT');
        },
      },
    );
    expect(stopped.exitCode).toBe(130);
    expect(performance.now() - sentAt).toBeLessThan(graceMs.SIGINT);
    expect((await revisions(space.name)).at(-1)).toBe('4 failed');
    const next = await deploy(space.name, { command: serve('two') });
    expect(next.outputs).toMatchObject({ status: 'deployed' });
  }, 60_000);

  it.concurrent.each<[string, Record<string, string>, string]>([
    ['no release', {}, 'There is no release web in namespace'],
    ['what is no revision', { revision: 'last' }, 'Input revision: is not a revision'],
    ['a plan', { 'plan-file': 'x' }, 'Input plan-file: it means nothing with `mode: rollback`.'],
  ])('is refused: %s', async (_name, inputs, message) => {
    const step = await inMode('rollback', 'default', { ...inputs, release: 'nobody' });
    expect(step.exitCode).toBe(1);
    expect(step.annotations.at(0)?.message).toContain(message.replace('web', 'nobody'));
  });
});
