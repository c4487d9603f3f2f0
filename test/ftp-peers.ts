/** Somebody who speaks FTP by hand: what tests of the server send, and what comes back. */
import { once } from "node:events";
import net from "node:net";
import type { TestContext } from "node:test";

export interface FtpPeer {
  /** Sends a command and waits for its reply, whole: "331 and the password". */
  ask(command: string): Promise<string>;
  /** The next reply. */
  reply(): Promise<string>;
  send(bytes: string | Uint8Array): void;
  /** Asks for a port, and connects there; `localAddress` is where from. */
  data(localAddress?: string): Promise<net.Socket>;
  /** All that comes on a connection for data until it ends. */
  fetch(command: string): Promise<{ readonly said: string; readonly bytes: Buffer }>;
  readonly socket: net.Socket;
  readonly closed: Promise<unknown>;
}

/** Connects, and has heard the greeting. */
export async function ftpPeer(t: TestContext, port: number, host = "127.0.0.1"): Promise<FtpPeer> {
  const socket = net.connect(port, host).on("error", () => {});
  t.after(() => socket.destroy());
  const closed = once(socket, "close");
  let heard = "";
  let wake = (): void => {};
  let ended = false;
  socket.on("data", (bytes: Buffer) => {
    heard += bytes.toString();
    wake();
  });
  socket.on("close", () => {
    ended = true;
    wake();
  });
  const reply = async (): Promise<string> => {
    for (;;) {
      const [whole] = /^(?:(\d{3})-[\s\S]*?\r\n\1 .*\r\n|\d{3} .*\r\n)/.exec(heard) ?? [];
      if (whole !== undefined) {
        heard = heard.slice(whole.length);
        return whole.trimEnd();
      }
      if (ended) return "closed";
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const peer: FtpPeer = {
    socket,
    closed,
    reply,
    send: (bytes) => void socket.write(bytes),
    ask(command) {
      socket.write(`${command}\r\n`);
      return reply();
    },
    async data(localAddress) {
      const said = await peer.ask("EPSV");
      const at = Number(/\(\|\|\|(\d+)\|\)/.exec(said)?.[1]);
      const data = net.connect({ port: at, host, ...(localAddress === undefined ? {} : { localAddress }) });
      data.on("error", () => {});
      t.after(() => data.destroy());
      await once(data, "connect");
      return data;
    },
    async fetch(command) {
      const data = await peer.data();
      const pieces: Buffer[] = [];
      data.on("data", (bytes: Buffer) => pieces.push(bytes));
      const end = once(data, "close");
      const first = await peer.ask(command);
      if (!first.startsWith("150")) return { said: first, bytes: Buffer.alloc(0) };
      const said = await reply();
      await end;
      return { said, bytes: Buffer.concat(pieces) };
    },
  };
  await reply();
  return peer;
}
