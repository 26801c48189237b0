/** What docker calls the helper: `docker-credential-` and this. */
export const helperName = 'platform-actions';

/** One question of a helper to the step: what docker told it to do, and what it gave it. */
export interface Question {
  readonly action: string;
  readonly input: string;
}

/** What the helper prints, and how it ends. */
export interface Reply {
  readonly exitCode: 0 | 1;
  readonly stdout: string;
}

/**
 * The text of the program that docker and buildx run to learn a credential. It knows none itself: it
 * passes the question on to the step over a socket and prints the reply.
 *
 * It is a shell script and JavaScript at once, since the path of Node may have blanks, which a first
 * line with `#!` cannot express. As JavaScript it is right both as a module and as a script, whatever
 * package.json lies above the folder.
 *
 * @param node the program to run it with, a path
 * @param socket where the step listens, a path
 */
export function credentialHelper(node: string, socket: string): string {
  return `#!/bin/sh
':' //; exec '${node.replaceAll("'", `'\\''`)}' "$0" "$@"
const net = process.getBuiltinModule('node:net');
const fs = process.getBuiltinModule('node:fs');
const end = (text, code) => { process.exitCode = code; process.stdout.write(text); };
const action = process.argv[2] ?? '';
const input = action === 'list' ? '' : fs.readFileSync(0, 'utf8');
const socket = net.connect(${JSON.stringify(socket)});
let text = '';
socket.setEncoding('utf8');
socket.on('data', (more) => { text += more; });
socket.on('error', () => end('The step that logged in has ended.', 1));
socket.on('end', () => {
  const { stdout, exitCode } = text === '' ? { stdout: 'The step gave no answer.', exitCode: 1 } : JSON.parse(text);
  end(stdout, exitCode);
});
socket.write(JSON.stringify({ action, input }) + '\\n');
`;
}
