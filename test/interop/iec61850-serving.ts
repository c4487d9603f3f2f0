/** An MMS server with a whole model, on a port of this machine, for programs that others have written; what goes over its links is kept. */
import type { TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import type { Link } from "#io/link.ts";
import { listenTcp } from "#io/tcp.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { mmsServer } from "#protocol/iec61850/server/server.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import type { IedHost } from "#protocol/iec61850/server/host.ts";
import type { Passed } from "./tcp-capture.ts";

export interface OnPort {
  readonly port: number;
  /** What has gone over each link. */
  readonly links: readonly (readonly Passed[])[];
  /** Messages that were none. */
  misunderstood(): number;
}

/** A link of which what goes over it is kept. */
export function kept(link: Link, passed: Passed[]): Link {
  return {
    peer: link.peer,
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      passed.push({ fromClient: false, bytes: bytes.slice() });
      link.send(bytes);
    },
    receive: (run) =>
      link.receive((bytes) => {
        passed.push({ fromClient: true, bytes: bytes.slice() });
        run(bytes);
      }),
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}

export async function onPort(t: TestContext, host: IedHost, parts: readonly MakePart[] = []): Promise<OnPort> {
  const clock = new SystemClock();
  const server = mmsServer(host, { clock, parts });
  const links: Passed[][] = [];
  let misunderstood = 0;
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 12, clock }, (link) => {
    const passed: Passed[] = [];
    links.push(passed);
    const { accept, user } = server.line({ peer: link.peer, near: true, rights: "write" });
    acceptAssociations(kept(link, passed), { clock, accept, user, misunderstood: () => void misunderstood++ });
  });
  t.after(async () => {
    server.close();
    await listener.close();
  });
  return { port: listener.port, links, misunderstood: () => misunderstood };
}
