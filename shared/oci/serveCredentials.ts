import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { answerHelper, type Keychain } from './answerHelper.ts';
import type { Question } from './credentialHelper.ts';

/** A question is a short line; who sends more is no helper of ours. */
const longestQuestion = 64 * 1024;

/**
 * Answers credential helpers on a socket. Who may reach it is decided by the rights of its folder.
 * It does not keep the process alive.
 */
export async function serveCredentials(
  socket: string,
  keychain: Keychain,
): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    // The helper was killed; nobody waits for the answer.
    connection.on('error', () => connection.destroy());
    void answer(connection, keychain);
  });
  server.listen(socket).unref();
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of open) connection.destroy();
      }),
  };
}

async function answer(connection: Socket, keychain: Keychain): Promise<void> {
  let text = '';
  connection.setEncoding('utf8');
  for await (const more of connection.iterator({ destroyOnReturn: false })) {
    text += String(more);
    if (text.includes('\n') || text.length > longestQuestion) break;
  }
  const question = readQuestion(text);
  if (question === undefined) connection.destroy();
  else connection.end(JSON.stringify(await answerHelper(question, keychain)));
}

function readQuestion(text: string): Question | undefined {
  try {
    const { action, input } = JSON.parse(text) as Partial<Question>;
    return typeof action === 'string' && typeof input === 'string' ? { action, input } : undefined;
  } catch {
    return undefined;
  }
}
