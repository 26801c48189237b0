import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { authority, certificate } from '../authority.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { LabContext, Part } from '../Part.ts';
import type { DoubleName } from './labDoubles.ts';

/** Doubles for what cannot be had here, for runs that are no tests of ours; tests start their own. */
export const doubleParts: readonly Part[] = [
  part('github', `GitHub's API at http://${addresses.github}`),
  part('oidc', `the issuer of a job's OIDC tokens at http://${addresses.oidc}`),
  part('entra', `Entra's token endpoint at https://${addresses.entra}`, { secure: true }),
  part('arm', `Azure's resource manager with ACR tasks, that build, at https://${addresses.arm}`, {
    secure: true,
    needs: ['entra-double', 'acr', 'buildkit'],
    programs: ['buildx'],
  }),
];

interface Wanted {
  readonly secure?: boolean;
  readonly needs?: readonly string[];
  readonly programs?: readonly string[];
}

function part(
  name: DoubleName,
  about: string,
  { secure = false, needs = [], programs = [] }: Wanted = {},
): Part {
  const daemon = `${name}-double`;
  const answers = async (lab: LabContext) =>
    answersHttp(
      `${secure ? 'https' : 'http'}://${addresses[name]}/_lab`,
      secure ? { ca: (await authority(lab)).cert } : {},
    );
  return {
    name: daemon,
    about: `a double of ${about}`,
    needs,
    programs,
    async start(lab) {
      const hosts = ['127.0.0.1', 'localhost'];
      const tls = secure ? await certificate(lab, daemon, { hosts }) : undefined;
      await startDaemon(lab, {
        name: daemon,
        program: process.execPath,
        args: [
          join(import.meta.dirname, 'runDouble.ts'),
          name,
          ...(tls ? [tls.cert, tls.key] : []),
        ],
        answers: () => answers(lab),
      });
    },
    stop: (lab) => stopDaemon(lab, daemon),
    answers,
  };
}
