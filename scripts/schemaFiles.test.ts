import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from './actions.ts';
import { schemaFiles } from './schemaFiles.ts';

it.each([...schemaFiles()])('%s is what `npm run schemas` writes', (file, text) => {
  expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toEqual(JSON.parse(text));
});
