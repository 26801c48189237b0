import { expect, it } from '@jest/globals';
import { hostileRows } from '../../../test/lab/fixtures/hostileText.ts';
import { lineOf } from './lineOf.ts';
import { readDockerfile } from './readDockerfile.ts';

const dockerfile = readDockerfile(
  'Dockerfile',
  `# syntax=docker/dockerfile:1
FROM node:22 AS build
COPY . .
RUN npm ci
FROM debian:12
ARG VERSION=1
RUN apt-get update \\
  && apt-get install -y curl
RUN --mount=type=cache,target=/root/.npm npm ci
COPY --from=build --chown=1:1 /app/dist /app/
ADD app.tar /srv
RUN ["npm", "run", "build"]
RUN <<EOF
echo one
EOF
WORKDIR /srv
`,
);

it.each<[string | undefined, number | undefined]>([
  ['RUN /bin/sh -c npm ci # buildkit', 9],
  ['RUN /bin/bash -o pipefail -c npm ci # buildkit', 9],
  ['RUN |1 VERSION=a b /bin/sh -c npm ci # buildkit', 9],
  ['/bin/sh -c npm ci', 9],
  ['|1 VERSION=2 /bin/sh -c npm ci', 9],
  ['RUN /bin/sh -c apt-get update   && apt-get install -y curl # buildkit', 7],
  ['COPY . . # buildkit', 3],
  ['COPY --chown=1:1 /app/dist /app/ # buildkit', 10],
  ['COPY /app/dist /app/ # buildkit', 10],
  ['/bin/sh -c #(nop) ADD file:0123abcd in /srv ', 11],
  ['/bin/sh -c #(nop) COPY dir:0123abcd in /app/ ', 10],
  ['/bin/sh -c #(nop) ADD file:0123abcd in / ', undefined],
  ['RUN npm run build # buildkit', 12],
  ['WORKDIR /srv', 16],
  ['RUN /bin/sh -c npm install # buildkit', undefined],
  ['CMD ["npm ci"]', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s: line %s', (createdBy, line) => {
  expect(lineOf(createdBy, dockerfile)).toBe(line);
});

it.each(hostileRows('command', 'markdown', 'terminal', 'unicode', 'shell', 'data'))(
  '%s is no instruction',
  (_, text) => {
    expect(lineOf(text, dockerfile)).toBeUndefined();
    expect(lineOf(`RUN ${text}`, dockerfile)).toBeUndefined();
    expect(lineOf('RUN x', readDockerfile('Dockerfile', text))).toBeUndefined();
  },
);
