import { describe, expect, it } from '@jest/globals';
import mermaid from 'mermaid';
import { gantt } from '../../../../shared/report/gantt.ts';
import { hostileText } from '../../../../test/lab/fixtures/hostileText.ts';
import type { Step } from './BuildProgress.ts';
import { type Fixture, fixture } from './fixtures/fixture.ts';
import { ProgressReader } from './ProgressReader.ts';
import { timeline } from './timeline.ts';

interface Task {
  readonly section: string;
  readonly task: string;
  readonly startTime: Date;
  readonly endTime: Date;
}

/** What Mermaid understands of the diagram; it throws for one that is none. */
async function understood(markdown: string): Promise<readonly Task[]> {
  const [, source = ''] = /^```mermaid\n([^`]*)\n```$/.exec(markdown) ?? [];
  // It learns its diagrams at the first use of this one only.
  await mermaid.parse(source);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(source);
  return (db as unknown as { getTasks(): Task[] }).getTasks();
}

function stepsOf(name: Fixture): readonly Step[] {
  const reader = new ProgressReader();
  for (const line of fixture(name)) reader.take(line);
  return reader.progress.steps;
}

function instruction(): Step {
  const step = stepsOf('failedRun').find(({ kind }) => kind === 'instruction');
  if (step === undefined) throw new Error('the fixture has no instruction');
  return step;
}

const draw = (steps: readonly Step[]) => gantt(timeline(steps).sections)?.text ?? '';

describe('the picture of a build', () => {
  it.each<Fixture>(['built', 'cached', 'platforms', 'bake', 'failedRun', 'failedBeside'])(
    '%s is what Mermaid understands',
    async (name) => {
      const steps = stepsOf(name);
      const { sections } = timeline(steps);
      const tasks = await understood(draw(steps));
      expect(tasks.map(({ section }) => section)).toEqual(
        sections.flatMap((section) => section.bars.map(() => section.name.replaceAll(',', ''))),
      );
      for (const { startTime, endTime } of tasks) {
        expect(endTime.getTime()).toBeGreaterThan(startTime.getTime());
      }
    },
  );

  it('has the stages with their times', async () => {
    const tasks = await understood(draw(stepsOf('built')));
    const build = tasks.filter(({ section }) => section === 'Stage base');
    expect(
      build.map(({ task, startTime, endTime }) => [
        task.trim(),
        startTime.getTime(),
        endTime.getTime(),
      ]),
    ).toEqual([
      ['cached 1/2 FROM docker.io/library/busybox 1.36 f4eea9be', 0, 21],
      ['2.2 s 2/2 RUN echo building sleep 1 echo done', 21, 2204],
    ]);
  });

  it('shows the thirty longest steps, and how many are left out', async () => {
    const step = instruction();
    const many = Array.from({ length: 100 }, (_, i) => ({
      ...step,
      startedAt: i,
      endedAt: 2 * i + 1,
      durationMs: i + 1,
    }));
    const { sections, left } = timeline(many);
    expect(left).toBe(70);
    expect(await understood(gantt(sections)?.text ?? '')).toHaveLength(30);
    expect(Math.min(...sections.flatMap(({ bars }) => bars.map((bar) => bar.durationMs)))).toBe(71);
  });

  it('is none of a build that did nothing', () => {
    expect(draw([])).toBe('');
  });

  it('has names that are nothing else, whatever stands in them', async () => {
    const step = instruction();
    const words = [
      'section x',
      'title x',
      'click x',
      'gantt',
      'dateFormat x',
      '%% x',
      'a: b',
      '#35; y',
    ];
    const texts = [...words, ...hostileText.map(({ text }) => text)];
    const steps = texts.map((text, at) => ({
      ...{ ...step, text, stage: text, group: text, position: '1/2' },
      ...{ startedAt: at, endedAt: at + 50, durationMs: 50 },
    }));
    const { sections } = timeline(steps, steps.length);
    const tasks = await understood(gantt(sections)?.text ?? '');
    expect(tasks).toHaveLength(texts.length);
    for (const { task, section } of tasks) {
      expect(task).toMatch(/^(?:0\.1 s|cached) 1\/2/);
      expect(section).toMatch(/^(?:Stage|Dockerfile)/);
    }
  });
});
