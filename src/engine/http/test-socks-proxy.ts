import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A SOCKS proxy for tests that connects everything to this computer. */
export interface TestSocksProxy {
  readonly port: number;
  /** The targets it was asked to connect to, as `host:port`. */
  readonly asked: string[];
  /** User names sent by SOCKS4 clients. */
  readonly users: string[];
  close(): Promise<void>;
}

/** Starts a proxy. With `login`, version 5 requires exactly that user name and password. */
export async function testSocksProxy(login?: { user: string; password: string }): Promise<TestSocksProxy> {
  const asked: string[] = [];
  const users: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const reader = byteReader(socket);
    serve(socket, reader, asked, users, login).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    users,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

type Read = (count: number) => Promise<Buffer>;

function byteReader(socket: Socket): Read {
  return async (count) => {
    for (;;) {
      const bytes: Buffer | null = socket.read(count);
      if (bytes !== null) return bytes;
      await once(socket, 'readable');
    }
  };
}

async function serve(
  socket: Socket,
  read: Read,
  asked: string[],
  users: string[],
  login: { user: string; password: string } | undefined,
): Promise<void> {
  const [version = 0] = await read(1);
  const destination = version === 4 ? await version4(read, users) : await version5(socket, read, login);
  asked.push(`${destination.host}:${destination.port}`);
  const far = connect(destination.port, '127.0.0.1');
  await once(far, 'connect');
  socket.write(
    version === 4 ? Buffer.from([0, 90, 0, 0, 0, 0, 0, 0]) : Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  );
  far.on('error', () => socket.destroy());
  socket.on('close', () => far.destroy());
  far.pipe(socket).pipe(far);
}

/** SOCKS4 and 4a: command, port, address, user name and possibly the host name, each terminated by a zero. */
async function version4(read: Read, users: string[]): Promise<{ host: string; port: number }> {
  const head = await read(7);
  users.push(await untilZero(read));
  const address = [...head.subarray(3)].join('.');
  const host = address.startsWith('0.0.0.') ? await untilZero(read) : address;
  return { host, port: head.readUInt16BE(1) };
}

/** RFC 1928, with the user name and password of RFC 1929. */
async function version5(
  socket: Socket,
  read: Read,
  login: { user: string; password: string } | undefined,
): Promise<{ host: string; port: number }> {
  const [methods = 0] = await read(1);
  const offered = await read(methods);
  const method = login === undefined ? 0 : 2;
  if (!offered.includes(method)) {
    socket.end(Buffer.from([5, 255]));
    throw new Error('no way to sign in');
  }
  socket.write(Buffer.from([5, method]));
  if (login !== undefined) await signIn(socket, read, login);
  const [, , , type = 0] = await read(4);
  const host = await hostOfType(type, read);
  return { host, port: (await read(2)).readUInt16BE(0) };
}

async function signIn(socket: Socket, read: Read, login: { user: string; password: string }): Promise<void> {
  await read(1);
  const user = String(await read((await read(1))[0] ?? 0));
  const password = String(await read((await read(1))[0] ?? 0));
  const isRight = user === login.user && password === login.password;
  socket.write(Buffer.from([1, isRight ? 0 : 1]));
  if (isRight) return;
  socket.end();
  throw new Error('wrong password');
}

async function hostOfType(type: number, read: Read): Promise<string> {
  if (type === 1) return [...(await read(4))].join('.');
  if (type === 3) return String(await read((await read(1))[0] ?? 0));
  return (await read(16)).toString('hex');
}

async function untilZero(read: Read): Promise<string> {
  const bytes: number[] = [];
  for (;;) {
    const [byte = 0] = await read(1);
    if (byte === 0) return String(Buffer.from(bytes));
    bytes.push(byte);
  }
}
