/** What is hard on a site, in a process of its own: peers that never read, peers that pipeline without pause, and one configuration check. */
import net from "node:net";

export interface Load {
  /** Of the listener that the peers come to. */
  readonly port: number;
  readonly unreading: number;
  readonly pipelining: number;
  /** What they ask, as hex: one request of at most 255 registers. */
  readonly request: string;
  /** Where a configuration is, of the meter that checks it. */
  readonly configuration: string;
}

/** As many as a chunk of 64 KiB has. */
const requests = Buffer.alloc(12 * 5461);

const done = { answered: 0, dropped: 0, checks: 0, slowestCheckMs: 0 };

function peer(port: number, reads: boolean): void {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  const more = (): void => {
    while (socket.writable && socket.write(requests));
  };
  socket.on("connect", more).on("drain", more);
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!reads) done.dropped++;
    // Who is dropped comes again, at a pace.
    setTimeout(() => peer(port, reads), 100);
  });
  // An answer is 9 bytes and its registers.
  if (reads) socket.on("data", (bytes) => (done.answered += bytes.length / (9 + 2 * (requests[11] ?? 0))));
  else socket.pause();
}

process.on("message", async ({ port, unreading, pipelining, request, configuration }: Load) => {
  for (let at = 0; at < requests.length; at += 12) Buffer.from(request, "hex").copy(requests, at);
  for (let k = 0; k < unreading; k++) peer(port, false);
  for (let k = 0; k < pipelining; k++) peer(port, true);
  setInterval(() => process.send?.(done), 250);
  const file = await (await fetch(configuration)).text();
  const put = { method: "PUT", body: file, headers: { "Content-Type": "application/json" } };
  for (;;) {
    const from = performance.now();
    const answer = await fetch(`${configuration}?check`, put);
    await answer.text();
    if (!answer.ok) throw new Error(`the check is answered with ${answer.status}`);
    done.checks++;
    done.slowestCheckMs = Math.max(done.slowestCheckMs, performance.now() - from);
  }
});
