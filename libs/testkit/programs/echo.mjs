/**
 * A tiny echo server and client for traffic tests, started inside a network namespace.
 *
 *   echo.mjs serve tcp|udp ADDRESS PORT              prints "ready", then one line a request
 *   echo.mjs call  tcp|udp ADDRESS PORT TEXT TIMEOUT prints the reply; exit code 1 where none came in time
 */
import { createSocket } from 'node:dgram';
import { createServer, connect } from 'node:net';

const [mode, protocol, address, port, text = '', timeoutMs = '1000'] = process.argv.slice(2);
const family = address.includes(':') ? 'udp6' : 'udp4';

const modes = {
  serve: {
    tcp() {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
          process.stdout.write(`${data.length} bytes\n`);
          socket.write(data);
        });
      });
      server.listen(Number(port), address, () => process.stdout.write('ready\n'));
    },
    udp() {
      const socket = createSocket(family);
      socket.on('message', (data, from) => {
        process.stdout.write(`${data.length} bytes\n`);
        socket.send(data, from.port, from.address);
      });
      socket.bind(Number(port), address, () => process.stdout.write('ready\n'));
    },
  },
  call: {
    tcp() {
      const socket = connect(Number(port), address, () => socket.write(text));
      startTimer();
      socket.on('error', fail);
      socket.on('data', (data) => succeed(data));
    },
    udp() {
      const socket = createSocket(family);
      socket.on('error', fail);
      socket.on('message', (data) => succeed(data));
      // The clock starts when the datagram is out: on a busy machine that takes a while.
      socket.send(text, Number(port), address, startTimer);
    },
  },
};

function startTimer() {
  setTimeout(() => fail(new Error('no answer')), Number(timeoutMs));
}

function succeed(data) {
  process.stdout.write(data.toString());
  process.exit(0);
}

function fail(error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

modes[mode][protocol]();
