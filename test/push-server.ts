/** An SSH server of our own that files are pushed to, and that can be as bad as servers are. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { makeHostKey } from "#io/ssh-key.ts";
import ssh2, { type Connection, type ServerChannel, type SFTPWrapper } from "ssh2";

export interface BadSide {
  /** What becomes of a write: "full" says that the disk is, "stall" says nothing, "vanish" ends the connection, "short" loses bytes. */
  writes: "fine" | "full" | "stall" | "vanish" | "short";
  /** What is in the names of files that it opens for nobody. */
  refuses: string;
  /** Says nothing from the beginning on. */
  silent: boolean;
  password: string;
}

export interface PushServer {
  readonly port: number;
  readonly files: Map<string, Buffer>;
  /** Passwords that were shown to it. */
  readonly shown: string[];
  readonly bad: BadSide;
  connections: number;
  /** Connections that there are now. */
  readonly open: number;
  /** Writes that were left without an answer. */
  stalled: number;
  /** Another key from now on, on the same port. */
  rekey(): Promise<void>;
}

const { Server } = ssh2;

export async function pushServer(t: TestContext, bad: Partial<BadSide> = {}): Promise<PushServer> {
  const files = new Map<string, Buffer>();
  const shown: string[] = [];
  const side: BadSide = { writes: "fine", refuses: "\0", silent: false, password: "right", ...bad };
  const clients = new Set<Connection>();
  const made = (): InstanceType<typeof Server> => {
    const key = makeHostKey();
    const one = new Server({ hostKeys: [key] }, (client) => {
      state.connections++;
      clients.add(client);
      (client as unknown as { setNoDelay(is: boolean): void }).setNoDelay(true);
      client.on("error", () => {});
      client.on("close", () => clients.delete(client));
      client.on("authentication", (context) => {
        if (side.silent) return;
        if (context.method !== "password") return context.reject(["password"]);
        shown.push(context.password);
        if (context.password === side.password) context.accept();
        else context.reject(["password"]);
      });
      client.on("session", (accept) => {
        const session = accept();
        session.on("sftp", (acceptSftp) => serveSftp(acceptSftp(), client));
        session.on("exec", (acceptExec, _reject, { command }) => serveScp(acceptExec(), command));
      });
    });
    one.on("error", () => {});
    return one;
  };

  const serveSftp = (sftp: SFTPWrapper, client: Connection): void => {
    const open = new Map<number, string>();
    let next = 0;
    sftp.on("OPEN", (id, name) => {
      if (name.includes(side.refuses)) return sftp.status(id, 3, "not this one");
      open.set(next, name);
      files.set(name, Buffer.alloc(0));
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(next++);
      return sftp.handle(id, handle);
    });
    sftp.on("WRITE", (id, handle, at, data) => {
      if (side.writes === "stall") return void state.stalled++;
      if (side.writes === "vanish") return void (client as unknown as { _sock: { destroy(): void } })._sock.destroy();
      if (side.writes === "full") return sftp.status(id, 4, "No space left on device");
      const name = open.get(handle.readUInt32BE())!;
      const before = files.get(name)!;
      const kept = side.writes === "short" ? data.subarray(1) : data;
      files.set(name, Buffer.concat([before.subarray(0, at), kept]));
      sftp.status(id, 0);
    });
    sftp.on("CLOSE", (id) => sftp.status(id, 0));
    sftp.on("REMOVE", (id, name) => sftp.status(id, files.delete(name) ? 0 : 2));
    sftp.on("RENAME", (id, from, to) => {
      const bytes = files.get(from);
      if (bytes === undefined || files.has(to)) return sftp.status(id, 4);
      files.delete(from);
      files.set(to, bytes);
      return sftp.status(id, 0);
    });
    sftp.on("STAT", (id, name) => {
      const bytes = files.get(name);
      if (bytes === undefined) return sftp.status(id, 2);
      return sftp.attrs(id, { mode: 0o100_644, uid: 0, gid: 0, size: bytes.length, atime: 0, mtime: 0 });
    });
  };

  /** The sink of scp, as far as one file goes. */
  const serveScp = (channel: ServerChannel, command: string): void => {
    const [, folder = ""] = /^scp -d -t -- '(.*)'$/.exec(command) ?? [];
    let said = Buffer.alloc(0);
    let file: { name: string; size: number } | undefined;
    channel.write(Buffer.of(0));
    channel.on("data", (bytes: Buffer) => {
      said = Buffer.concat([said, bytes]);
      if (file === undefined) {
        const end = said.indexOf("\n");
        if (end < 0) return;
        const [, size = "0", name = ""] = /^C0644 (\d+) (\S+)$/.exec(said.subarray(0, end).toString()) ?? [];
        file = { name: `${folder}/${name}`, size: Number(size) };
        said = said.subarray(end + 1);
        channel.write(Buffer.of(0));
      }
      if (said.length <= file.size || side.writes === "stall") return;
      if (side.writes === "full" || file.name.includes(side.refuses))
        return void channel.write(`\u0001scp: ${file.name}: No space left on device\n`);
      files.set(file.name, said.subarray(0, file.size));
      said = said.subarray(file.size + 1);
      file = undefined;
      channel.write(Buffer.of(0));
    });
    channel.on("end", () => channel.end());
  };

  const listen = async (server: InstanceType<typeof Server>, port: number): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  let server = made();
  const close = async (): Promise<void> => {
    const gone = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const client of clients) (client as unknown as { _sock: { destroy(): void } })._sock.destroy();
    await gone;
  };
  const state: PushServer = {
    port: 0,
    files,
    shown,
    bad: side,
    connections: 0,
    get open() {
      return clients.size;
    },
    stalled: 0,
    async rekey() {
      await close();
      server = made();
      await listen(server, state.port);
    },
  };
  const port = await listen(server, 0);
  t.after(close);
  return Object.defineProperty(state, "port", { value: port });
}
