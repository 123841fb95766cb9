import {
  createServer,
  request as forwardRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does with one request. */
export type Fault =
  /** Half of the request reaches the server, then both connections break. */
  | { kind: 'reset-in-request' }
  /** The server does its work, the connection breaks before the answer. */
  | { kind: 'reset-after-write' }
  /** An answer in place of the server's, which never hears of it. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** The server does its work, and another answer is given. */
  | { kind: 'answer-after-write'; status: number; headers?: Record<string, string>; body?: string }
  /** The server does its work, its answer is held back. */
  | { kind: 'slow'; ms: number };

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  at: number;
  fault: Fault | undefined;
}

/** A proxy in front of a server that does to each request what `decide` says; it can also stop listening and come back. */
export class FaultProxy {
  readonly seen: SeenRequest[] = [];
  decide: (request: {
    method: string;
    url: string;
    headers: IncomingHttpHeaders;
    count: number;
  }) => Fault | undefined = () => undefined;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: string) {}

  get uri(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Requests that met a fault. */
  get faults(): number {
    return this.seen.filter(({ fault }) => fault !== undefined).length;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Connections are refused until `listen` is called again; those that are open break. */
  async close(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const fault = this.decide({ method, url, headers, count: this.seen.length });
    this.seen.push({ method, url, headers, at: Date.now(), fault });
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    if (fault?.kind === 'answer') return this.answer(response, fault);
    if (fault?.kind === 'reset-in-request') return this.breakHalfway(request, response, body);
    const answer = await this.forward(request, body);
    if (answer === undefined || fault?.kind === 'reset-after-write') {
      response.socket?.resetAndDestroy();
    } else if (fault?.kind === 'answer-after-write') {
      this.answer(response, fault);
    } else {
      if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }

  private answer(
    response: ServerResponse,
    { status, headers = {}, body = '' }: { status: number; headers?: Record<string, string>; body?: string },
  ): void {
    response.writeHead(status, headers).end(body);
  }

  private breakHalfway(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const half = forwardRequest(`${this.target}${request.url}`, {
      method: request.method,
      headers: request.headers,
    });
    half.on('error', () => undefined);
    half.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      half.destroy();
      response.socket?.resetAndDestroy();
    });
  }

  private forward(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer } | undefined> {
    return new Promise((resolve) => {
      const forwarded = forwardRequest(
        `${this.target}${request.url}`,
        { method: request.method, headers: { ...request.headers, host: new URL(this.target).host } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', () => resolve(undefined));
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 502,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      forwarded.on('error', () => resolve(undefined));
      forwarded.end(body);
    });
  }
}
