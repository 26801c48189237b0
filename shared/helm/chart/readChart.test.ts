import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { create } from 'tar';
import { readChart } from './readChart.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-chart-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const pack = (name: string) =>
  create({ gzip: true, cwd: folder, file: join(folder, `${name}.tgz`) }, [name]);

it.each(['web', 'web.tgz'])('a chart with subcharts of each form (%s)', async (path) => {
  write({
    'db/Chart.yaml': 'name: db\nversion: 2.0.0\n',
    'db/values.yaml': 'size: 1\n',
    'db/crds/a.yaml': 'kind: A\n',
  });
  await pack('db');
  const dependencies = '- {name: db, alias: store, condition: store.on}\n- {name: cache}\n';
  write({
    'web/Chart.yaml': `name: web\nversion: 1.0.0\ndependencies:\n${dependencies}`,
    'web/values.yaml': 'a: 1\n',
    'web/templates/a.yaml': '{{ .Values.a }}',
    'web/charts/db-2.0.0.tgz': readFileSync(join(folder, 'db.tgz')),
    'web/charts/cache/Chart.yaml': 'name: cache\n',
    'web/charts/cache/templates/b.yaml': '{{ .Values.b }}',
    'web/README.md': 'x',
  });
  await pack('web');
  const chart = await readChart(join(folder, path));
  expect(chart).toMatchObject({ name: 'web', version: '1.0.0', values: 'a: 1\n' });
  expect([...chart.subcharts.keys()].sort()).toEqual(['cache', 'store']);
  expect(chart.subcharts.get('store')?.values).toBe('size: 1\n');
  expect(chart.crds).toEqual([{ file: 'crds/a.yaml', text: 'kind: A\n' }]);
  for (const used of ['.Values.a', '.Values.b', 'store.on']) expect(chart.mentions).toContain(used);
});

it('what is no archive', async () => {
  write({ 'bad.tgz': 'not an archive' });
  await expect(readChart(join(folder, 'bad.tgz'))).rejects.toThrow();
});
