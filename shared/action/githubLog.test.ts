import { describe, expect, it } from '@jest/globals';
import { githubLog } from './githubLog.ts';

function recorded(secrets: string[] = []) {
  const written: string[] = [];
  return { written, log: githubLog(secrets, (line) => written.push(line)) };
}

describe('githubLog', () => {
  it('prints what is untrusted with the commands switched off, under a token it cannot know', () => {
    const { written, log } = recorded();
    log.untrusted('::error::not ours');
    log.untrusted('##[error]neither');
    log.info('ours');
    const [, token] = /^::stop-commands::([\w-]{36})$/.exec(written[0] ?? '') ?? [];
    expect(written).toEqual([
      `::stop-commands::${token}`,
      '::error::not ours',
      '##[error]neither',
      `::${token}::`,
      'ours',
    ]);
  });

  it('prints our own text so as well when it looks like a command', () => {
    const { written, log } = recorded();
    log.info('::set-output name=a::b');
    expect(written[0]).toMatch(/^::stop-commands::/);
    expect(written.at(-1)).toMatch(/^::[\w-]{36}::$/);
  });

  it('redacts secrets that become known later, too', () => {
    const secrets: string[] = [];
    const { written, log } = recorded(secrets);
    secrets.push('hunter2');
    log.info('the password is hunter2');
    log.untrusted('hunter2');
    expect(written.join('\n')).not.toContain('hunter2');
  });
});
