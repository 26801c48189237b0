import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addresses } from '../lab/addresses.ts';
import type { Component } from './components.ts';

/** How the demo shows a failure; the workflow stays as it is, the component is what breaks. */
export const breaks = ['image', 'crash', 'vulnerability'] as const;
export type Break = (typeof breaks)[number];

/** What the first annotation has to say for each of them. */
export const expectedCause: Readonly<Record<Break, RegExp>> = {
  image: /ImagePull.*no-such-image:1 does not exist/,
  crash: /CrashLoopBackOff.*exit code 3.*cannot read \/etc\/app\/config\.yaml/,
  vulnerability: /CRITICAL.*minimist/s,
};

/** Breaks a copy of a component. */
export function breakComponent(folder: string, component: Component, how: Break): void {
  const dockerfile = join(folder, 'Dockerfile');
  if (how === 'vulnerability') appendFileSync(dockerfile, component.vulnerable);
  if (how === 'crash') {
    const script = "echo 'Error: cannot read /etc/app/config.yaml' >&2; exit 3";
    appendFileSync(dockerfile, `CMD ["sh", "-c", ${JSON.stringify(script)}]\n`);
  }
  if (how === 'image') {
    const templates = join(folder, 'chart', 'templates');
    for (const name of readdirSync(templates)) {
      const path = join(templates, name);
      const text = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        text.replace(/image: .*/g, `image: ${addresses.registry}/no-such-image:1`),
      );
    }
  }
}
