import { describe, expect, it } from '@jest/globals';
import type { LockedTool } from '../shared/tools/lock.ts';
import { moveTool } from './moveTool.ts';

const [old, fresh, other] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];
const base = 'https://release.test/v1.0.0';
const tool: LockedTool = {
  version: '1.0.0',
  versionArgs: [],
  versionPattern: '',
  archives: { 'linux-x64': { url: `${base}/tool_1.0.0_linux.tar.gz`, sha256: old, path: 'tool' } },
  go: { module: 'go/tool', package: 'test/tool', ldflags: '-X main.version=v1.0.0', minutes: 1 },
};
const archive = 'https://release.test/v1.1.0/tool_1.1.0_linux.tar.gz';

function effects(published: Record<string, string>) {
  const asked: string[] = [];
  return {
    asked,
    sum: async (url: string) => {
      asked.push(url);
      return fresh;
    },
    text: async (url: string) => published[url],
  };
}

describe('moveTool', () => {
  it.each<[string, Record<string, string>]>([
    ['beside the archive', { [`${archive}.sha256sum`]: `${fresh}  tool_1.1.0_linux.tar.gz\n` }],
    ['alone in a file', { [`${archive}.sha256`]: `${fresh}\n` }],
    [
      'in one file of the release',
      {
        'https://release.test/v1.1.0/tool_1.1.0_checksums.txt': `${other}  x\n${fresh}  tool_1.1.0_linux.tar.gz\n`,
      },
    ],
    ['nowhere', {}],
  ])('takes the sum of what came; the publisher tells it %s', async (_name, published) => {
    const seen = effects(published);
    expect(await moveTool(tool, '1.1.0', seen)).toEqual({
      ...tool,
      version: '1.1.0',
      archives: { 'linux-x64': { url: archive, sha256: fresh, path: 'tool' } },
      go: { ...tool.go, ldflags: '-X main.version=v1.1.0' },
    });
    expect(seen.asked).toEqual([archive]);
  });

  it('refuses an archive whose publisher tells another sum', async () => {
    const published = { [`${archive}.sha256sum`]: `${other}  tool_1.1.0_linux.tar.gz\n` };
    await expect(moveTool(tool, '1.1.0', effects(published))).rejects.toThrow(
      `${archive}: its sha256 is ${fresh}, and the publisher says ${other}.`,
    );
  });

  it.each(['latest', 'v1.1.0', '1.1', ''])('refuses %j as a version', async (version) => {
    await expect(moveTool(tool, version, effects({}))).rejects.toThrow('is not an exact version');
  });
});
