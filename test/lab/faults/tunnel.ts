import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, cutAfter } from './cutAfter.ts';
import type { Exchange } from './forward.ts';
import { pairs, requestTarget } from './Target.ts';

/** A request to change the protocol (a WebSocket, kubectl exec): afterwards bytes pass both ways. */
export type Upgrade = Omit<Exchange, 'response'> & {
  readonly socket: Duplex;
  /** What the client has sent after the head already. */
  readonly head: Buffer;
};

/**
 * Passes an upgrade on and joins both connections. Faults of an answer's body count the bytes that
 * the target sends after the upgrade; those of an upload what the client sends.
 */
export async function tunnel(upgrade: Upgrade): Promise<void> {
  const { target, request, socket, fault, passage, close, reset } = upgrade;
  socket.on('close', () => close('answered'));
  socket.on('error', () => close('client gone'));
  switch (fault?.kind) {
    case 'resetRequest':
      close('cut');
      reset();
      return;
    case 'silence':
      return;
    case 'answer':
      await sleep(fault.delayMs ?? 0, undefined, { ref: false });
      passage.status = fault.status;
      socket.end(answerText(fault.status, fault.headers, fault.body));
      return;
    case 'delay':
      await sleep((fault.beforeForwardingMs ?? 0) + (fault.beforeAnsweringMs ?? 0), undefined, {
        ref: false,
      });
      break;
  }
  const upstream = requestTarget(target, {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: pairs(request.rawHeaders),
  });
  passage.forwarded = true;
  const fail = () => {
    close('upstream failed');
    reset();
  };
  upstream.on('error', fail);
  upstream.on('response', (answer) => {
    passage.upstreamStatus = answer.statusCode;
    passage.status = answer.statusCode;
    socket.write(headOf(answer));
    answer.on('error', fail).pipe(socket);
  });
  upstream.on('upgrade', (answer, far, first) => {
    passage.upstreamStatus = answer.statusCode;
    if (fault?.kind === 'loseAnswer') {
      close('lost');
      far.destroy();
      if (fault.as !== 'silence') reset();
      return;
    }
    passage.status = answer.statusCode;
    socket.write(headOf(answer));
    join({ ...upgrade, far, first });
  });
  upstream.end();
}

function join({
  socket,
  head,
  far,
  first,
  fault,
  passage,
  close,
  reset,
}: Upgrade & { far: Duplex; first: Buffer }): void {
  const cut = () => {
    if (fault?.kind === 'stallAnswer') return;
    close('cut');
    far.destroy();
    if (fault?.kind === 'truncateAnswer') socket.end();
    else reset();
  };
  far.on('error', () => {
    close('upstream failed');
    reset();
  });
  socket.on('close', () => far.destroy());
  socket.on('error', () => far.destroy());
  if (first.length > 0) far.unshift(first);
  if (head.length > 0) socket.unshift(head);

  const sent = socket.pipe(count((bytes) => (passage.requestBytes += bytes)));
  const received = count((bytes) => (passage.answerBytes += bytes));
  received.pipe(socket);
  if (fault?.kind === 'resetUpload') sent.pipe(cutAfter(fault.afterBytes, cut)).pipe(far);
  else sent.pipe(far);
  if (
    fault?.kind === 'resetAnswer' ||
    fault?.kind === 'truncateAnswer' ||
    fault?.kind === 'stallAnswer'
  ) {
    const bytes = fault.afterBytes === 'half' ? 0 : fault.afterBytes;
    far.pipe(cutAfter(bytes, cut)).pipe(received);
  } else far.pipe(received);
}

function headOf(answer: IncomingMessage): string {
  const lines = pairs(answer.rawHeaders).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function answerText(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): string {
  const lines = Object.entries({
    ...headers,
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
