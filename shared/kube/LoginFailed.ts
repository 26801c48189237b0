import type { KubeConfig } from '@kubernetes/client-node';
import { Failure, type FailureParts } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

/** A kubeconfig's own way to log in did not work; the API server was not even asked. */
export class LoginFailed extends Failure {}

/** Why the client could not make a login of the kubeconfig. */
export function loginFailed(config: KubeConfig, error: unknown): LoginFailed {
  if (error instanceof Failure) {
    const { what, why, remedy, details } = error;
    return new LoginFailed({ what, why, remedy, details, cause: error });
  }
  const { code, syscall = '', path, message } = error as NodeJS.ErrnoException;
  if (syscall === 'open') {
    return new LoginFailed({
      what: `Input kubeconfig: the file ${path} that it names cannot be read (${code}).`,
      remedy: 'Give it with its certificates in it (`kubectl config view --flatten --minify`).',
      cause: error,
    });
  }
  const program = programOf(config);
  if (program === undefined) {
    return new LoginFailed({
      what: 'Input kubeconfig: its login cannot be used.',
      why: `${oneLine(message, 300)}.`,
      remedy: 'Renew it.',
      cause: error,
    });
  }
  return new LoginFailed({
    ...explainProgram(program, syscall.startsWith('spawn') ? undefined : message),
    cause: error,
  });
}

/**
 * What a person is told of the program by which a kubeconfig logs in.
 *
 * @param said what it printed (untrusted); `undefined` when it could not be started
 */
export function explainProgram(program: string, said: string | undefined): FailureParts {
  const name = oneLine(program);
  if (said === undefined) {
    return {
      what: `Input kubeconfig: the program ${name} that logs in to the cluster cannot be started.`,
      why: 'It is not on this runner, or may not be executed.',
      remedy: 'Install it in an earlier step, or give a kubeconfig with a token or a certificate.',
    };
  }
  const last = said.trim().split('\n').at(-1) ?? '';
  return {
    what: `Input kubeconfig: the program ${name} that logs in to the cluster failed.`,
    why: last === '' ? 'It did not say why.' : `It says: ${oneLine(last, 300)}.`,
    remedy: `Log in with the cloud in an earlier step, or set the variables that ${name} reads.`,
    details: said.trim() === last ? undefined : said,
  };
}

function programOf(config: KubeConfig): string | undefined {
  const { exec, authProvider } = config.getCurrentUser() ?? {};
  return exec?.command ?? authProvider?.config?.exec?.command;
}
