import type { TestPod } from '../../../../../shared/kube/followTests.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { longText } from '../../../../../shared/report/longText.ts';
import { blocks, code, Markdown, md } from '../../../../../shared/report/Markdown.ts';
import { table } from '../../../../../shared/report/table.ts';

/** GitHub takes 1 MB of a summary, and nothing of a longer one. */
const largestLogs = 600_000;
const mostRows = 200;

/** What became of a release's tests: those that failed first, and their logs folded. */
export function testReport(release: string, passed: boolean, pods: readonly TestPod[]): Markdown {
  const failedFirst = pods.toSorted((a, b) => Number(a.passed) - Number(b.passed));
  const rows = failedFirst
    .slice(0, mostRows)
    .map(({ name, passed: one, reason, line }) => [
      code(oneLine(name)),
      one ? md`✅ passed` : md`❌ ${oneLine(reason, 500)}`,
      line === undefined ? md`` : code(oneLine(line, 500)),
    ]);
  const logs = failedFirst.map(({ log }) => log).filter((log) => log !== '');
  return blocks(
    passed
      ? md`### ✅ The tests of ${code(release)} passed`
      : md`### ❌ The tests of ${code(release)} failed`,
    rows.length === 0 ? undefined : table([md`Test`, md`Result`, md`Its log says`], rows),
    logs.length === 0
      ? undefined
      : new Markdown(
          `<details><summary>Logs</summary>\n\n${longText(logs.join('\n\n'), largestLogs).text}\n\n</details>`,
        ),
  );
}
