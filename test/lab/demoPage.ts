import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { marked } from 'marked';
import type { WorkflowRun } from '../path/collectRun.ts';

/** A row of the report: what it is, and what it was in this run. */
export type Fact = readonly [name: string, value: string];

/**
 * The report of a demo as one HTML page that needs no network: the steps, the facts, and each job
 * summary as GitHub would show it.
 */
export function demoPage(title: string, run: WorkflowRun, facts: readonly Fact[]): string {
  const steps = run.steps
    .map(
      ({ job, step, result, seconds }) =>
        `<tr class="${text(result)}"><td>${text(job)}</td><td>${text(step)}</td><td>${text(result)}</td><td>${result === 'skipped' ? '' : `${seconds.toFixed(1)} s`}</td></tr>`,
    )
    .join('\n');
  const errors = run.errors
    .map(({ step, message }) => `<p class="error"><b>${text(step)}</b> ${text(message)}</p>`)
    .join('\n');
  const summaries = run.summaries
    .map(({ step, markdown }) => `<article><h6>${text(step)}</h6>${render(markdown)}</article>`)
    .join('\n');
  const diagrams = /<pre class="mermaid">/.test(summaries + picture(run));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1f2328; }
  h1 { font-size: 1.6rem; }
  table { border-collapse: collapse; margin: 1rem 0; }
  td, th { border: 1px solid #d1d9e0; padding: .3rem .7rem; text-align: left; vertical-align: top; }
  /* Markdown has no table without a head: one of empty cells is meant to be none. */
  thead:not(:has(th:not(:empty))) { display: none; }
  /* Only digests and references are long, and may break anywhere; words stay whole. */
  td code { overflow-wrap: anywhere; }
  td:has(code) { min-width: 7rem; }
  tr.failure td { background: #ffebe9; }
  tr.skipped td { color: #818b98; }
  code { background: #eff1f3; border-radius: 4px; padding: .1em .3em; font-size: 85%; }
  article { border: 1px solid #d1d9e0; border-radius: 8px; padding: 0 1.2rem 1rem; margin: 1.2rem 0; }
  h6 { color: #59636e; font-size: .85rem; margin: .8rem 0 0; font-weight: 600; }
  .error { border-left: 4px solid #cf222e; background: #ffebe9; padding: .5rem .8rem; }
  .mermaid { background: none; text-align: center; }
</style>
<h1>${text(title)}</h1>
${picture(run)}
${errors}
<table><tr><th>Job</th><th>Step</th><th>Result</th><th>Time</th></tr>
${steps}
</table>
<table>
${facts.map(([name, value]) => `<tr><th>${text(name)}</th><td><code>${text(value)}</code></td></tr>`).join('\n')}
</table>
${summaries}
${diagrams ? `<script>${mermaid()}</script><script>mermaid.initialize({ startOnLoad: true });</script>` : ''}
</html>
`;
}

/** The path as it went: each step, coloured by its result. */
function picture(run: WorkflowRun): string {
  const nodes = run.steps.map(
    ({ step, result }, index) => `s${index}["${step.replace(/[^\w .-]/g, '')}"]:::${result}`,
  );
  return `<pre class="mermaid">flowchart LR
  ${nodes.join(' --> ')}
  classDef success fill:#dafbe1,stroke:#1a7f37
  classDef failure fill:#ffebe9,stroke:#cf222e
  classDef skipped fill:#f6f8fa,stroke:#d1d9e0
</pre>`;
}

function render(markdown: string): string {
  const html = marked.parse(markdown, { gfm: true, async: false });
  return html.replace(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>',
  );
}

/** Written into the page, so that it shows without a network. */
function mermaid(): string {
  const path = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
  return readFileSync(path, 'utf8').replaceAll('</script', '<\\/script');
}

function text(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
