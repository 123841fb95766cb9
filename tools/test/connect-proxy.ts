import {
  createServer,
  request as forwardRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Where a machine of some name is really to be found. */
type Route = (host: string, port: number) => { readonly host: string; readonly port: number };

/**
 * A proxy of this machine for HTTP and HTTPS, as HTTP_PROXY and HTTPS_PROXY name one. It tells what went through it, and can lose
 * its own network.
 */
export class ConnectProxy {
  /** The machines that it was asked for, each request or tunnel once. */
  readonly hosts: string[] = [];
  /** Bytes that have come from servers. */
  received = 0;
  /** What it does with whoever asks from now on: brings them where they want to go, answers 502, or breaks the connection. */
  mode: 'open' | 'refuses' | 'broken' = 'open';
  private left = Infinity;
  private then: 'broken' | 'open' = 'broken';
  private readonly sockets = new Set<Duplex>();
  private server: Server | undefined;

  constructor(private readonly route: Route = (host, port) => ({ host, port })) {}

  get uri(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  /** The variables by which programs are told of it, without those of another one. */
  get environment(): Record<string, string> {
    const names = ['http_proxy', 'https_proxy'].flatMap((name) => [name, name.toUpperCase()]);
    const others = ['no_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
    return Object.fromEntries([
      ...names.map((name) => [name, this.uri]),
      ...others.map((name) => [name, '']),
    ]);
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => this.forward(request, response));
    server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) =>
      this.tunnel(request, client, head),
    );
    server.on('connection', (socket: Socket) => this.track(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
  }

  /** When so many bytes more have come all connections break, and so does each further one, unless the network is there again. */
  breakAfter(bytes: number, then: 'broken' | 'open' = 'broken'): void {
    this.mode = 'open';
    this.left = bytes;
    this.then = then;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  private track(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }

  private count(bytes: number): void {
    this.received += bytes;
    this.left -= bytes;
    if (this.left > 0) return;
    this.left = Infinity;
    this.mode = this.then;
    for (const socket of this.sockets) socket.destroy();
  }

  private tunnel({ url = '' }: IncomingMessage, client: Duplex, head: Buffer): void {
    const { hostname, port } = new URL(`https://${url}`);
    this.hosts.push(hostname);
    this.track(client);
    if (this.mode === 'broken') return void client.destroy();
    if (this.mode === 'refuses') return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const server = connect(this.route(hostname, Number(port) || 443), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      client.pipe(server);
      server.pipe(client);
    });
    this.track(server);
    server.on('data', (chunk: Buffer) => this.count(chunk.length));
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port, pathname, search } = new URL(request.url ?? '', 'http://no.proxy.request');
    this.hosts.push(hostname);
    if (this.mode === 'broken') return void request.socket.destroy();
    if (this.mode === 'refuses') return void response.writeHead(502).end();
    const { method, headers } = request;
    const options = { ...this.route(hostname, Number(port) || 80), path: pathname + search, method, headers };
    const asked = forwardRequest(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => this.count(chunk.length));
      answer.pipe(response);
    });
    asked.on('error', () => request.socket.destroy());
    request.pipe(asked);
  }
}
