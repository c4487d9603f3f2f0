/** A plain load generator: connections that each send a read and wait for its whole answer. */
import net from "node:net";

const REQUEST = Buffer.from("000000000006010301000" + "07d", "hex");
/** Bytes of a whole answer. */
const ANSWER = 9 + 2 * 125;

process.on(
  "message",
  ({ port, connections, seconds, units }: { port: number; connections: number; seconds: number; units: number }) => {
    let done = 0;
    let sent = 0;
    /** The next request: the units behind the port take turns. */
    const request = (): Buffer => {
      const bytes = Buffer.from(REQUEST);
      bytes[6] = 1 + (sent++ % units);
      return bytes;
    };
    let open = 0;
    let from = 0;
    const sockets = Array.from({ length: connections }, () => {
      const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
      let got = 0;
      socket.on("connect", () => {
        if (++open === connections) {
          from = performance.now();
          for (const one of sockets) one.write(request());
          setTimeout(finish, seconds * 1000);
        }
      });
      socket.on("data", (chunk: Buffer) => {
        got += chunk.length;
        if (got < ANSWER) return;
        if (((chunk[7] ?? 0) & 0x80) !== 0) throw new Error("the server refused");
        got -= ANSWER;
        done++;
        socket.write(request());
      });
      socket.on("error", () => {});
      return socket;
    });
    const finish = (): void => {
      const result = { done, seconds: (performance.now() - from) / 1000 };
      for (const socket of sockets) socket.destroy();
      process.send?.(result);
    };
  },
);
