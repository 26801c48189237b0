import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, cutAfter } from './cutAfter.ts';
import type { closePassage, Passage } from './Passage.ts';
import type { AnswerChange, Fault } from './Rule.ts';
import { endToEnd, requestTarget, type Target, withHeaders } from './Target.ts';

export interface Exchange {
  readonly target: Target;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
  readonly passage: Passage;
  /** Says how it ended. */
  readonly close: (end: Parameters<typeof closePassage>[2]) => void;
  /** Resets the client's connection (RST). */
  readonly reset: () => void;
}

/** Answers one request: by its fault, or as the target does. Bodies are streamed. */
export async function forward(exchange: Exchange): Promise<void> {
  const { request, response, fault, passage, close, reset } = exchange;
  response.on('close', () => close(response.writableFinished ? 'answered' : 'client gone'));
  response.on('error', () => close('client gone'));
  request.on('error', () => close('client gone'));
  switch (fault?.kind) {
    case 'resetRequest':
      close('cut');
      reset();
      return;
    case 'silence':
      request.resume();
      return;
    case 'answer':
      request.resume();
      await sleep(fault.delayMs ?? 0, undefined, { ref: false });
      passage.status = fault.status;
      response.writeHead(fault.status, fault.headers);
      response.end(fault.body);
      return;
    case 'delay':
      await sleep(fault.beforeForwardingMs ?? 0, undefined, { ref: false });
      break;
  }
  if (!response.destroyed) passOn(exchange);
}

function passOn({ target, request, response, fault, passage, close, reset }: Exchange): void {
  const change = fault?.kind === 'change' ? fault.request : undefined;
  const scheme = target.url.startsWith('https:') ? 'https' : 'http';
  const own = 'encrypted' in request.socket ? 'https' : 'http';
  const upstream = requestTarget(target, {
    method: change?.method ?? request.method ?? 'GET',
    path: change?.path ?? request.url ?? '/',
    headers: withHeaders(framed(request), {
      // A server builds absolute links from it; they have to lead back here.
      ...(own !== scheme && { 'x-forwarded-proto': own }),
      ...change?.headers,
    }),
  });
  passage.forwarded = true;

  upstream.on('error', () => {
    if (passage.end !== 'open') return;
    close('upstream failed');
    reset();
  });
  response.on('close', () => {
    // The upstream finishes what is to be done and lost, whether or not the client waits for it.
    if (fault?.kind !== 'loseAnswer') upstream.destroy();
  });
  upstream.on('response', (answer) => {
    passage.upstreamStatus = answer.statusCode;
    answer.on('error', () => {
      if (passage.end !== 'open') return;
      close('upstream failed');
      reset();
    });
    void passBack({ answer, response, fault, passage, close, reset });
  });

  const counted = request.pipe(count((bytes) => (passage.requestBytes += bytes)));
  if (fault?.kind === 'resetUpload') {
    const cut = cutAfter(fault.afterBytes, () => {
      close('cut');
      upstream.destroy();
      reset();
    });
    counted.pipe(cut).pipe(upstream);
  } else {
    counted.pipe(upstream);
  }
}

/** The end-to-end headers and how the body is framed: as it came. */
function framed(request: IncomingMessage): [string, string][] {
  const chunked = request.headers['transfer-encoding'] !== undefined;
  return [
    ...endToEnd(request.rawHeaders),
    ...(chunked ? [['transfer-encoding', 'chunked'] as [string, string]] : []),
  ];
}

async function passBack({
  answer,
  response,
  fault,
  passage,
  close,
  reset,
}: Pick<Exchange, 'response' | 'fault' | 'passage' | 'close' | 'reset'> & {
  answer: IncomingMessage;
}): Promise<void> {
  if (fault?.kind === 'loseAnswer') {
    answer.resume().on('end', () => {
      if (typeof fault.as === 'number') {
        passage.status = fault.as;
        response.writeHead(fault.as, { 'content-type': 'text/html' });
        response.end(`<html><body><h1>${fault.as} Bad Gateway</h1></body></html>`);
      }
      close('lost');
      if (fault.as === 'reset') reset();
    });
    return;
  }
  if (fault?.kind === 'delay') await sleep(fault.beforeAnsweringMs ?? 0, undefined, { ref: false });
  if (response.destroyed) return;
  if (fault?.kind === 'change' && fault.answer !== undefined) {
    await sendChanged(answer, response, fault.answer, passage);
    return;
  }
  passage.status = answer.statusCode;
  // The upstream's Date passes; ours would be a second one.
  response.sendDate = false;
  response.writeHead(
    answer.statusCode ?? 502,
    answer.statusMessage ?? '',
    endToEnd(answer.rawHeaders).flat(),
  );
  // A watch sends its head long before its first event.
  response.flushHeaders();
  const counted = count((bytes) => (passage.answerBytes += bytes));
  if (
    fault?.kind !== 'resetAnswer' &&
    fault?.kind !== 'truncateAnswer' &&
    fault?.kind !== 'stallAnswer'
  ) {
    answer.pipe(counted).pipe(response);
    return;
  }
  const cut = cutAfter(cutAt(fault.afterBytes, answer), () => {
    if (fault.kind === 'stallAnswer') return;
    close('cut');
    answer.destroy();
    if (fault.kind === 'resetAnswer') reset();
    else response.socket?.destroySoon();
  });
  answer.pipe(cut).pipe(counted).pipe(response);
}

function cutAt(afterBytes: number | 'half', answer: IncomingMessage): number {
  if (afterBytes !== 'half') return afterBytes;
  return Math.floor(Number(answer.headers['content-length'] ?? 2) / 2);
}

async function sendChanged(
  answer: IncomingMessage,
  response: ServerResponse,
  change: AnswerChange,
  passage: Passage,
): Promise<void> {
  const status = change.status ?? answer.statusCode ?? 502;
  const body = await buffer(answer);
  const sent = change.body === undefined ? body : Buffer.from(change.body(body));
  const length = change.body === undefined ? {} : { 'content-length': String(sent.length) };
  passage.status = status;
  passage.answerBytes = sent.length;
  response.writeHead(
    status,
    withHeaders(endToEnd(answer.rawHeaders), { ...length, ...change.headers }).flat(),
  );
  response.end(sent);
}
