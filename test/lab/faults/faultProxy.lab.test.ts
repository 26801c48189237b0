import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, request as secureRequest } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { throwAwayCertificate } from '../throwAwayCertificate.ts';
import { htmlPage, serverError, tooManyRequests } from './answers.ts';
import { startFaultProxy } from './faultProxy.ts';
import type { Fault, Rule } from './Rule.ts';

const body = 'x'.repeat(1000);
let upstream: string;
/** What the upstream has done, whoever got its answer. */
let done: string[] = [];
const server = createServer(answer);

/** Echoes, streams, or answers 1000 bytes. */
function answer(request: IncomingMessage, response: ServerResponse) {
  done.push(`${request.method} ${request.url}`);
  if (request.url?.startsWith('/hash')) {
    const hash = createHash('sha256');
    request.on('data', (chunk) => hash.update(chunk));
    request.on('end', () => response.end(hash.digest('hex')));
    request.on('error', () => {});
  } else if (request.url?.startsWith('/unread')) {
    request.pause().on('error', () => {});
  } else if (request.url === '/quiet') {
    response.writeHead(200).flushHeaders();
  } else if (request.url === '/slow') {
    // Done in two steps; whoever goes away in between stops it.
    response.writeHead(200).write('first ');
    const timer = setTimeout(() => response.end('second', () => done.push('finished')), 80);
    response.on('close', () => clearTimeout(timer));
  } else if (request.url?.startsWith('/watch')) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const timer = setInterval(() => response.write('{"type":"ADDED"}\n'), 20);
    response.on('close', () => clearInterval(timer));
  } else if (request.url?.startsWith('/headers')) {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify(request.rawHeaders));
  } else {
    request.resume().on('end', () => {
      response.writeHead(201, { 'content-length': '1000', 'x-made': 'yes' });
      response.end(body);
    });
  }
}
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {});
  if (request.url === '/denied') {
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno');
    return;
  }
  const greeting = request.url === '/greet' ? 'welcome ' : '';
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${greeting}`,
  );
  socket.pipe(socket);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Got {
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body: string;
  /** `end`, or how it broke: an error's code, or `timeout`. */
  readonly end: string;
}

/** Asks, and tells what came, however it ended. */
function ask(
  url: string,
  options: {
    method?: string;
    body?: string | Readable;
    headers?: Record<string, string>;
    ca?: string;
    waitMs?: number;
  } = {},
): Promise<Got> {
  return new Promise((resolve) => {
    let text = '';
    let response: IncomingMessage | undefined;
    const finish = (end: string) => {
      resolve({
        body: text,
        end,
        ...(response && { status: response.statusCode ?? 0, headers: response.headers }),
      });
      request.destroy();
    };
    const send = url.startsWith('https:') ? secureRequest : plainRequest;
    const request = send(url, {
      agent: false,
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
      ...(options.ca !== undefined && { ca: options.ca }),
    });
    const timer = setTimeout(() => finish('timeout'), options.waitMs ?? 3000);
    timer.unref();
    request.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
    request.on('response', (answered) => {
      response = answered;
      answered.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answered.on('end', () => finish(answered.complete ? 'end' : 'incomplete'));
      answered.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
    });
    if (options.body instanceof Readable) options.body.pipe(request);
    else request.end(options.body);
  });
}

const chunked = { 'transfer-encoding': 'chunked' };

describe('without a rule', () => {
  it('passes requests and answers as they are', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const got = await ask(`${proxy.url}/headers?a=%2F`, { headers: { 'X-Case': 'kept' } });
    expect(got.status).toBe(200);
    expect(got.headers?.['set-cookie']).toEqual(['a=1', 'b=2']);
    const raw = JSON.parse(got.body) as string[];
    expect(raw[raw.indexOf('X-Case') + 1]).toBe('kept');
    expect(raw[raw.indexOf('Host') + 1]).toBe(proxy.address);
    expect(proxy.requests).toMatchObject([
      { method: 'GET', path: '/headers?a=%2F', status: 200, end: 'answered', forwarded: true },
    ]);
    expect(proxy.requests[0]?.durationMs).toBeGreaterThan(0);
  });

  /** So many MiB, and how many of them have been taken. */
  function mebibytes(size: number): { stream: Readable; taken: () => number } {
    const chunk = Buffer.alloc(1024 * 1024, 7);
    let taken = 0;
    const stream = Readable.from(
      (function* () {
        for (; taken < size; taken++) yield chunk;
      })(),
    );
    return { stream, taken: () => taken };
  }

  it('passes a large upload whole', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const got = await ask(`${proxy.url}/hash`, { method: 'PUT', body: mebibytes(64).stream });
    const hash = createHash('sha256').update(Buffer.alloc(64 * 1024 * 1024, 7));
    expect(got.body).toBe(hash.digest('hex'));
    expect(proxy.requests[0]?.requestBytes).toBe(64 * 1024 * 1024);
  });

  it('takes no more of an upload than the upstream does', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const { stream, taken } = mebibytes(256);
    await ask(`${proxy.url}/unread`, { method: 'PUT', body: stream, waitMs: 300 });
    // What the kernel's buffers of two connections hold.
    expect(taken()).toBeLessThan(64);
  });

  it('passes a watch as it comes', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const got = await ask(`${proxy.url}/watch`, { waitMs: 150 });
    expect(got.end).toBe('timeout');
    expect(got.body.split('\n').length).toBeGreaterThan(3);
  });

  it('passes the head of a watch before its first event', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    expect(await ask(`${proxy.url}/quiet`, { waitMs: 100 })).toMatchObject({ status: 200 });
  });

  it('passes the body of a request that has none as a rule', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const body = Readable.from([Buffer.from('a'), Buffer.from('b')]);
    const got = await ask(`${proxy.url}/hash`, { method: 'DELETE', body, headers: chunked });
    expect(got.body).toBe(createHash('sha256').update('ab').digest('hex'));
  });

  it('goes away when its client does', async () => {
    done = [];
    await using proxy = await startFaultProxy({ target: upstream });
    await ask(`${proxy.url}/slow`, { waitMs: 20 });
    await sleep(120);
    expect(done).toEqual(['GET /slow']);
    expect(proxy.requests[0]?.end).toBe('client gone');
  });

  it('passes a connection that the upstream breaks as broken', async () => {
    const broken = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as AddressInfo;
    await using proxy = await startFaultProxy({ target: `http://127.0.0.1:${port}` });
    expect((await ask(proxy.url)).end).toBe('ECONNRESET');
    broken.close();
    expect((await ask(proxy.url)).end).toBe('ECONNRESET');
    expect(proxy.requests.map(({ end }) => end)).toEqual(['upstream failed', 'upstream failed']);
  });
});

describe('faults', () => {
  const cases: [string, Fault, Partial<Got>, { done: boolean; end: string }][] = [
    [
      '429 with Retry-After',
      tooManyRequests({ retryAfter: 7 }),
      { status: 429, headers: expect.objectContaining({ 'retry-after': '7' }) as never },
      { done: false, end: 'answered' },
    ],
    [
      '429 without Retry-After',
      tooManyRequests(),
      {
        status: 429,
        headers: expect.not.objectContaining({ 'retry-after': expect.anything() }) as never,
      },
      { done: false, end: 'answered' },
    ],
    ['503', serverError(503), { status: 503 }, { done: false, end: 'answered' }],
    [
      'a log-in page with status 200',
      htmlPage(200),
      { status: 200, body: expect.stringContaining('<h1>Sign in') as never },
      { done: false, end: 'answered' },
    ],
    [
      'a reset before the request goes on',
      { kind: 'resetRequest' },
      { end: 'ECONNRESET' },
      { done: false, end: 'cut' },
    ],
    [
      'a reset in the middle of the answer',
      { kind: 'resetAnswer', afterBytes: 'half' },
      { status: 201, body: body.slice(500), end: 'ECONNRESET' },
      { done: true, end: 'cut' },
    ],
    [
      'a truncated answer, its length promised',
      { kind: 'truncateAnswer', afterBytes: 10 },
      {
        status: 201,
        body: body.slice(990),
        headers: expect.objectContaining({ 'content-length': '1000' }) as never,
        end: 'ECONNRESET',
      },
      { done: true, end: 'cut' },
    ],
    [
      'a stalled answer',
      { kind: 'stallAnswer', afterBytes: 10 },
      { status: 201, body: body.slice(990), end: 'timeout' },
      { done: true, end: 'open' },
    ],
    ['silence', { kind: 'silence' }, { end: 'timeout', body: '' }, { done: false, end: 'open' }],
    [
      'done, but the answer lost by a reset',
      { kind: 'loseAnswer', as: 'reset' },
      { body: '', end: 'ECONNRESET' },
      { done: true, end: 'lost' },
    ],
    [
      'done, but the answer replaced by a 502',
      { kind: 'loseAnswer', as: 502 },
      { status: 502, end: 'end' },
      { done: true, end: 'lost' },
    ],
    [
      'done, but never answered',
      { kind: 'loseAnswer', as: 'silence' },
      { body: '', end: 'timeout' },
      { done: true, end: 'lost' },
    ],
    [
      'a changed answer',
      {
        kind: 'change',
        answer: {
          status: 200,
          headers: { 'x-made': undefined, 'x-other': '1' },
          body: (text) => text.toString().replaceAll('x', 'yz'),
        },
      },
      {
        status: 200,
        body: 'yz'.repeat(1000),
        headers: expect.objectContaining({ 'x-other': '1', 'content-length': '2000' }) as never,
        end: 'end',
      },
      { done: true, end: 'answered' },
    ],
  ];

  it.each(cases)('%s', async (_name, fault, expected, { done: isDone, end }) => {
    done = [];
    await using proxy = await startFaultProxy({ target: upstream, rules: [{ fault }] });
    const got = await ask(`${proxy.url}/thing`, { method: 'POST', body: 'make', waitMs: 100 });
    // Looked at before the client goes away.
    const [passage] = proxy.requests;
    expect(got).toMatchObject(expected);
    expect(done).toEqual(isDone ? ['POST /thing'] : []);
    expect(passage).toMatchObject({ end, rule: fault.kind, forwarded: isDone });
  });

  it.each([
    ['waits for it', 3000],
    ['has gone', 20],
  ])('loses an answer only when all is done, whether its client %s', async (_name, waitMs) => {
    done = [];
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: [{ fault: { kind: 'loseAnswer', as: 'reset' } }],
    });
    const { end } = await ask(`${proxy.url}/slow`, { waitMs });
    if (end === 'timeout') await sleep(120);
    expect(done).toEqual(['GET /slow', 'finished']);
  });

  it('tells a truncated answer (FIN) from a reset one (RST)', async () => {
    const ends = await Promise.all(
      (['truncateAnswer', 'resetAnswer'] as const).map(async (kind) => {
        await using proxy = await startFaultProxy({
          target: upstream,
          rules: [{ fault: { kind, afterBytes: 10 } }],
        });
        return await new Promise<string>((resolve) => {
          const request = plainRequest(proxy.url, { agent: false });
          request.on('socket', (socket: Socket) => {
            socket.on('end', () => resolve('FIN'));
            socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
          });
          request.on('response', (response) => response.on('error', () => {}).resume());
          request.on('error', () => {});
          request.end();
        });
      }),
    );
    expect(ends).toEqual(['FIN', 'ECONNRESET']);
  });

  it('resets an upload in the middle', async () => {
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: [{ fault: { kind: 'resetUpload', afterBytes: 1_000_000 } }],
    });
    const upload = Readable.from([Buffer.alloc(600_000), Buffer.alloc(600_000), Buffer.alloc(10)]);
    const got = await ask(`${proxy.url}/hash`, { method: 'PUT', body: upload });
    expect(got.end).toMatch(/ECONNRESET|EPIPE/);
    expect(proxy.requests[0]).toMatchObject({ end: 'cut', forwarded: true });
  });

  it('delays before it forwards, and before it answers', async () => {
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: [
        { path: '/a', fault: { kind: 'delay', beforeForwardingMs: 80 } },
        { path: '/b', fault: { kind: 'delay', beforeAnsweringMs: 80 } },
      ],
    });
    for (const [path, doneEarly] of [
      ['/a', false],
      ['/b', true],
    ] as const) {
      done = [];
      const started = performance.now();
      const asked = ask(`${proxy.url}${path}`);
      await sleep(40);
      expect(done.length === 1).toBe(doneEarly);
      expect(await asked).toMatchObject({ status: 201, body, end: 'end' });
      expect(performance.now() - started).toBeGreaterThan(75);
    }
  });

  it('changes a request before it goes on', async () => {
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: [
        {
          fault: {
            kind: 'change',
            request: { path: '/headers', headers: { authorization: undefined, 'x-new': '1' } },
          },
        },
      ],
    });
    const got = await ask(`${proxy.url}/thing`, { headers: { authorization: 'Bearer secret' } });
    expect(got.body).not.toContain('secret');
    expect(got.body).toContain('x-new');
  });

  it('stalls a watch after some events', async () => {
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: [{ fault: { kind: 'stallAnswer', afterBytes: 34 } }],
    });
    const got = await ask(`${proxy.url}/watch`, { waitMs: 200 });
    expect(got).toMatchObject({ end: 'timeout', body: '{"type":"ADDED"}\n'.repeat(2) });
  });
});

describe('rules', () => {
  it('come and go while the proxy runs', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const rule: Rule = { name: 'outage', fault: serverError(503) };
    proxy.add(rule);
    expect((await ask(proxy.url)).status).toBe(503);
    expect(proxy.fired(rule)).toBe(1);
    expect(proxy.requests[0]?.rule).toBe('outage');
    proxy.remove(rule);
    expect((await ask(proxy.url)).status).toBe(201);
  });
});

describe('a server that restarts', () => {
  it('resets what is open, refuses, and comes back at the same address', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const watch = ask(`${proxy.url}/watch`);
    await sleep(60);
    await proxy.goDown();
    expect((await watch).end).toBe('ECONNRESET');
    expect((await ask(proxy.url)).end).toBe('ECONNREFUSED');
    await proxy.comeBack();
    expect((await ask(proxy.url)).status).toBe(201);
  });
});

describe('upgrades', () => {
  /** Upgrades, says hello, and tells what came back until the end or for 150 ms. */
  function upgrade(url: string): Promise<string> {
    return new Promise((resolve) => {
      const request = plainRequest(url, {
        agent: false,
        headers: { connection: 'Upgrade', upgrade: 'echo' },
      });
      request.on('upgrade', (_response, socket, head) => {
        let text = head.toString();
        const finish = (end: string) => {
          resolve(`${text}|${end}`);
          socket.destroy();
        };
        socket.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        socket.on('end', () => finish('end'));
        socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? ''));
        setTimeout(() => finish('open'), 150).unref();
        socket.write('hello');
      });
      request.on('response', (response) => {
        resolve(String(response.statusCode));
        request.destroy();
      });
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      request.end();
    });
  }

  it.each<[string, string, Fault | undefined, string]>([
    ['pass', '/echo', undefined, 'hello|open'],
    ['pass with what comes at once', '/greet', undefined, 'welcome hello|open'],
    ['are refused by the upstream', '/denied', undefined, '403'],
    ['are refused by a rule', '/echo', serverError(503), '503'],
    ['are reset', '/echo', { kind: 'resetRequest' }, 'ECONNRESET'],
    ['are lost', '/echo', { kind: 'loseAnswer', as: 'reset' }, 'ECONNRESET'],
    ['break after some bytes', '/echo', { kind: 'resetAnswer', afterBytes: 2 }, 'he|ECONNRESET'],
    ['stall after some bytes', '/echo', { kind: 'stallAnswer', afterBytes: 3 }, 'hel|open'],
  ])('%s', async (_name, path, fault, expected) => {
    await using proxy = await startFaultProxy({
      target: upstream,
      rules: fault ? [{ fault }] : [],
    });
    expect(await upgrade(`${proxy.url}${path}`)).toBe(expected);
  });
});

describe('upgrades with impatient clients', () => {
  it('pass what was sent before the answer', async () => {
    await using proxy = await startFaultProxy({ target: upstream });
    const [host = '', port = ''] = proxy.address.split(':');
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), host);
      let got = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        got += chunk;
        if (!got.endsWith('early')) return;
        socket.destroy();
        resolve(got);
      });
      socket.write(
        'GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly',
      );
    });
    expect(text).toMatch(/^HTTP\/1.1 101 /);
  });
});

describe('TLS', () => {
  it('is told to an upstream that has none', async () => {
    const { ca, cert, key } = await throwAwayCertificate(['127.0.0.1']);
    await using proxy = await startFaultProxy({ target: upstream, tls: { cert, key } });
    const { body } = await ask(`${proxy.url}/headers`, { ca });
    expect(body).toContain('"x-forwarded-proto","https"');
  });

  it('is spoken to the upstream and to the client, and is reset below', async () => {
    const { ca, cert, key } = await throwAwayCertificate(['127.0.0.1']);
    const secure = createSecureServer({ cert, key }, answer);
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = secure.address() as AddressInfo;
      await using proxy = await startFaultProxy({
        target: { url: `https://127.0.0.1:${port}`, ca },
        tls: { cert, key },
        rules: [{ path: '/reset', fault: { kind: 'resetAnswer', afterBytes: 'half' } }],
      });
      expect(await ask(`${proxy.url}/thing`, { ca })).toMatchObject({ status: 201, body });
      expect(await ask(`${proxy.url}/reset`, { ca })).toMatchObject({ end: 'ECONNRESET' });
      expect((await ask(`${proxy.url}/thing`)).end).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });
});
