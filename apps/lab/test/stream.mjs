/**
 * One TCP connection and one UDP flow that go on for as long as they are asked to, for tests of changes under traffic.
 *
 *   stream.mjs serve ADDRESS PORT   echoes on both; prints "ready"
 *   stream.mjs call  ADDRESS PORT   sends numbered messages over both; for each line that it reads it prints, as JSON, what
 *                                   was sent and came back until now, and the errors of the connection
 */
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [mode, address, port] = process.argv.slice(2);
/** So often that a swap meets some of them, and so rarely that a busy machine keeps up. */
const EVERY_MS = 4;
const BUFFER = 4 * 1024 * 1024;

if (mode === 'serve') serve();
else call();

function serve() {
  const datagrams = createSocket('udp4');
  datagrams.on('message', (data, from) => datagrams.send(data, from.port, from.address));
  datagrams.bind(Number(port), address, () => {
    datagrams.setRecvBufferSize(BUFFER);
    createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(Number(port), address, () =>
      process.stdout.write('ready\n'),
    );
  });
}

function call() {
  const told = { tcp: { sent: 0, echoed: 0, errors: [] }, udp: { sent: 0, echoed: 0 } };
  const socket = connect({ port: Number(port), host: address, noDelay: true });
  const datagrams = createSocket('udp4');
  socket.on('error', (error) => told.tcp.errors.push(error.code));
  socket.on('end', () => told.tcp.errors.push('ended'));
  socket.on('data', (data) => (told.tcp.echoed += data.length / 8));
  datagrams.on('message', () => (told.udp.echoed += 1));
  datagrams.bind(0, () => datagrams.setRecvBufferSize(BUFFER));
  let sending = true;
  socket.on('connect', () =>
    setInterval(() => {
      if (!sending) return;
      socket.write(String(told.tcp.sent++).padStart(8));
      datagrams.send(String(told.udp.sent++), Number(port), address);
    }, EVERY_MS),
  );
  createInterface(process.stdin).on('line', (line) => {
    if (line === 'pause') sending = false;
    if (line === 'go on') sending = true;
    process.stdout.write(`${JSON.stringify(told)}\n`);
  });
}
