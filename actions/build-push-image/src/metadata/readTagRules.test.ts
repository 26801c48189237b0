import { describe, expect, it } from '@jest/globals';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { readTagRules } from './readTagRules.ts';

const none = { enable: 'true', prefix: undefined, suffix: undefined };

describe('readTagRules', () => {
  it.each<[string, object]>([
    ['type=schedule', { type: 'schedule', pattern: 'nightly', priority: 1000 }],
    [
      "type=schedule,enable=true,pattern={{date 'YYYYMMDD' tz='Asia/Tokyo'}}",
      { type: 'schedule', pattern: "{{date 'YYYYMMDD' tz='Asia/Tokyo'}}", priority: 1000 },
    ],
    [
      'type=semver,priority=1,pattern={{version}},value=v1.0.0',
      { type: 'semver', priority: 1, pattern: '{{version}}', value: 'v1.0.0', match: undefined },
    ],
    [
      'type=pep440,pattern={{version}},match=v(.*)',
      { type: 'pep440', priority: 900, pattern: '{{version}}', value: undefined, match: /v(.*)/ },
    ],
    [
      'type=match,pattern=v(.*),group=1,value=v1.2.3',
      { type: 'match', priority: 800, pattern: /v(.*)/, group: 1, value: 'v1.2.3' },
    ],
    [
      'type=match,"pattern=^v(\\d{1,2})$"',
      { type: 'match', priority: 800, pattern: /^v(\d{1,2})$/, group: 0, value: undefined },
    ],
    ['type=edge', { type: 'edge', priority: 700, branch: undefined }],
    ['type=edge,branch=dev', { type: 'edge', priority: 700, branch: 'dev' }],
    ['type=ref,event=branch', { type: 'ref', priority: 600, event: 'branch' }],
    ['type=ref,event=pr', { type: 'ref', priority: 600, event: 'pr', prefix: 'pr-' }],
    ['type=ref,event=pr,prefix=', { type: 'ref', priority: 600, event: 'pr', prefix: '' }],
    ['type=raw,value=a', { type: 'raw', priority: 200, value: 'a' }],
    ['type=raw,a', { type: 'raw', priority: 200, value: 'a' }],
    [' TYPE = raw , Value = a ', { type: 'raw', priority: 200, value: 'a' }],
    ['a,enable=False', { type: 'raw', priority: 200, value: 'a', enable: 'False' }],
    [
      'a,prefix=x-,suffix=-y',
      { type: 'raw', priority: 200, value: 'a', prefix: 'x-', suffix: '-y' },
    ],
    ['type=raw,value=a=b#c', { type: 'raw', priority: 200, value: 'a=b#c' }],
    ['"type=raw","value=a,b"', { type: 'raw', priority: 200, value: 'a,b' }],
    ['type=raw,value={{date "YYYY"}}', { type: 'raw', priority: 200, value: '{{date "YYYY"}}' }],
    ['type=sha', { type: 'sha', priority: 100, format: 'short', prefix: 'sha-' }],
    ['type=sha,format=long,prefix=', { type: 'sha', priority: 100, format: 'long', prefix: '' }],
    ['1.4.2', { type: 'raw', priority: 200, value: '1.4.2' }],
    [
      "{{date 'YYYY/MM' tz='UTC'}}",
      { type: 'raw', priority: 200, value: "{{date 'YYYY/MM' tz='UTC'}}" },
    ],
    ['r.io/a/b:{{sha}}', { type: 'reference', priority: 200, value: 'r.io/a/b:{{sha}}' }],
    ['localhost:5000/a:1', { type: 'reference', priority: 200, value: 'localhost:5000/a:1' }],
  ])('%s', (line, expected) => {
    expect(readTagRules([line])).toEqual([{ ...none, line, ...expected }]);
  });

  it('orders by priority, and keeps the order of equals', () => {
    const rules = readTagRules([
      'type=sha',
      'a',
      'type=ref,event=tag',
      'b',
      'type=schedule',
      'c,priority=650',
    ]);
    expect(rules.map(({ line }) => line)).toEqual([
      'type=schedule',
      'c,priority=650',
      'type=ref,event=tag',
      'a',
      'b',
      'type=sha',
    ]);
  });

  it('takes several plain tags from one line', () => {
    expect(readTagRules(['1.4,latest, r.io/a:2,'])).toMatchObject([
      { type: 'raw', value: '1.4' },
      { type: 'raw', value: 'latest' },
      { type: 'reference', value: 'r.io/a:2' },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'type=semvr,pattern={{version}}',
      'type=semvr is not known',
      'Did you mean type=semver? Write one of schedule,',
    ],
    ['typ=sha', 'a rule has no attribute typ', 'Did you mean type=?'],
    ['type=', 'type= is empty', 'Write one of schedule,'],
    ['pattern={{version}}', 'it has no type', 'Begin it with type='],
    ['type=ref', 'type=ref needs event=', 'Write `type=ref,event=branch`.'],
    ['type=ref,event=brnach', 'event=brnach is not known', 'Did you mean event=branch?'],
    ['type=semver', 'type=semver needs pattern=', '`type=semver,pattern={{version}}`'],
    ['type=pep440,pattern=', 'type=pep440 needs pattern=', '`type=pep440,pattern={{version}}`'],
    ['type=match', 'type=match needs pattern=', '`type=match,pattern=v(.*)`'],
    [
      'type=match,pattern=v(.*,group=1',
      'pattern=v(.* is not a regular expression',
      'double quotes',
    ],
    ['type=match,pattern=/a/zz', 'pattern=/a/zz is not a regular expression', 'Invalid flags'],
    ['type=match,pattern=a,group=foo', "group=foo is not a group's number", '`group=1`'],
    ['type=raw', 'type=raw needs value=', '`type=raw,value=nightly`'],
    ['type=raw,value=a,b', 'value is given twice', 'A value with a comma stands in double quotes'],
    ['type=sha,format=full', 'format=full is not known', 'Write one of short, long.'],
    ['type=sha,enable=yes', 'enable=yes is not known', 'Write one of true, false.'],
    ['type=sha,enable=', 'enable= is empty', 'Write one of true, false.'],
    ['type=sha,priority=high', 'priority=high is not a number', '`priority=900`'],
    ['type=sha,priority=', 'priority= is not a number', '`priority=900`'],
    [
      'type=sha,patern=x',
      'type=sha has no attribute patern',
      'It takes type, enable, priority, prefix, suffix, format.',
    ],
    ['type=edge,brnch=x', 'type=edge has no attribute brnch', 'Did you mean branch=?'],
    ['feature/x', 'it is a reference without a tag, or with a digest', '`type=raw,value=…`'],
    ['localhost:5000/x', 'it is a reference without a tag', 'registry/path:tag'],
    [`r.io/x:1@sha256:${'a'.repeat(64)}`, 'or with a digest', 'registry/path:tag'],
    ['r.io/Web:1', 'it is neither a tag nor a reference', 'registry/path:tag'],
    ['"type=sha', 'it is not CSV', 'double quotes'],
  ])('refuses %s', (line, why, remedy) => {
    const found = problem(['type=sha', line]);
    expect(found.message).toContain(`line ${JSON.stringify(line)}: `);
    expect(found.message).toContain(why);
    expect(found.remedy).toContain(remedy);
  });

  it('tells of all wrong lines at once', () => {
    const found = problem(['type=shaa', 'type=sha', 'type=ref']);
    expect(found.message).toBe(
      'line "type=shaa": type=shaa is not known; line "type=ref": type=ref needs event=',
    );
    expect(found.remedy).toMatch(/Did you mean type=sha\?.*`type=ref,event=branch`/);
  });
});

function problem(lines: readonly string[]): InputProblem {
  try {
    readTagRules(lines);
  } catch (error) {
    if (error instanceof InputProblem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
