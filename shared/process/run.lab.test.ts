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

describe('run, of programs that take their time to end', () => {
  it.each([
    ['SIGINT', new Cancelled('SIGINT')],
    ['SIGTERM', new Cancelled('SIGTERM')],
  ] as const)('hands %s to the whole process group', async (signal, reason) => {
    const controller = new AbortController();
    const parent = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', 'process.on("${signal}", () => { console.log("child got it"); process.exit() }); console.log("up"); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      process.on('${signal}', () => { console.log('parent got it'); setTimeout(() => process.exit(3), 200) });
      setInterval(() => {}, 1000);
    `;
    const outcome = await run({
      ...node(parent),
      signal: controller.signal,
      onLine: (line) => {
        if (line === 'up') controller.abort(reason);
      },
    });
    expect(outcome.endedBy).toBe('cancellation');
    expect(outcome.stdout).toContain('parent got it');
    expect(outcome.stdout).toContain('child got it');
  });

  it('kills what ignores SIGTERM, its children included, and returns', async () => {
    const outcome = await run({
      ...node(`
        const { spawn } = require('node:child_process');
        spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
        process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
      `),
      deadlineMs: 300,
    });
    expect(outcome).toMatchObject({ endedBy: 'deadline', killedBy: 'SIGKILL' });
    expect(outcome.durationMs).toBeLessThan(5000);
  });
});
