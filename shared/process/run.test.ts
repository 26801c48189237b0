import { describe, expect, it } from '@jest/globals';
import { Cancelled } from './Cancelled.ts';
import { childEnvironment } from './childEnvironment.ts';
import { run } from './run.ts';

const env = childEnvironment(process.env);
const node = (script: string, ...args: string[]) => ({
  program: process.execPath,
  args: ['-e', script, ...args],
  env,
});

describe('run', () => {
  it('passes arguments as they are: nothing is a shell word', async () => {
    const words = ['a b', '$HOME', '`id`', '"', "'", ';', '*', ''];
    const outcome = await run(
      node('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words),
    );
    expect(JSON.parse(outcome.stdout)).toEqual(words);
  });

  it('gives the child the stated environment and nothing else', async () => {
    const outcome = await run({
      ...node('console.log(JSON.stringify(process.env))'),
      env: { PATH: '/bin', ONLY: 'this' },
    });
    expect(JSON.parse(outcome.stdout)).toEqual({ PATH: '/bin', ONLY: 'this' });
  });

  it('tells how the program ended', async () => {
    expect(await run(node('process.exit(7)'))).toMatchObject({ exitCode: 7, endedBy: 'itself' });
    expect(await run(node('process.kill(process.pid, "SIGKILL")'))).toMatchObject({
      exitCode: undefined,
      killedBy: 'SIGKILL',
      endedBy: 'itself',
    });
    const missing = await run({ program: 'no-such-program', args: [], env });
    expect(missing.startError).toContain('ENOENT');
  });

  it('redacts a secret that is cut by a chunk border, on both streams and line by line', async () => {
    const lines: string[] = [];
    const outcome = await run({
      ...node(`
        process.stdout.write('before sec');
        setTimeout(() => process.stdout.write('ret after\\n'), 50);
        console.error('secret');
      `),
      secrets: ['secret'],
      onLine: (line) => lines.push(line),
    });
    expect(outcome.stdout).toBe('before *** after\n');
    expect(outcome.stderr).toBe('***\n');
    expect(lines.sort()).toEqual(['***', 'before *** after']);
  });

  it('leaves machine output as it is and does not show it', async () => {
    const lines: string[] = [];
    const outcome = await run({
      ...node('console.log(JSON.stringify({token: "secret"}))'),
      secrets: ['secret'],
      stdout: 'machine',
      onLine: (line) => lines.push(line),
    });
    expect(JSON.parse(outcome.stdout)).toEqual({ token: 'secret' });
    expect(lines).toEqual([]);
  });

  it('keeps the last 1 Mi characters of 8 MiB', async () => {
    const outcome = await run(
      node('for (let i = 0; i < 8 * 1024; i++) process.stdout.write("x".repeat(1023) + "\\n")'),
    );
    expect(outcome.stdout.length).toBe(1024 * 1024);
    expect(outcome.stdoutTruncated).toBe(true);
  });

  it('writes standard input', async () => {
    const outcome = await run({
      ...node('process.stdin.pipe(process.stdout)'),
      input: 'ab/cd==\n',
    });
    expect(outcome.stdout).toBe('ab/cd==\n');
  });

  it('does not start what is cancelled already', async () => {
    const outcome = await run({
      ...node('console.log("ran")'),
      signal: AbortSignal.abort(new Cancelled('SIGINT')),
    });
    expect(outcome).toMatchObject({ endedBy: 'cancellation', stdout: '' });
  });
});
