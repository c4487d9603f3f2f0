/** A master that takes nothing apart: polls a second of an outstation, or of many outstations once a second each. */
import net from "node:net";
import { fragmentBytes } from "#protocol/dnp3/link/segments.ts";

interface Wanted {
  readonly port: number;
  /** What is read, as octets behind the function. */
  readonly objects: string;
  readonly seconds: number;
  /** Octets of an answer, frames and all. */
  readonly octets: number;
  /** How many outstations are polled once a second, each by a connection of its own; one, again and again, where it is 0. */
  readonly stations: number;
}

function requests(objects: string, destination: number): Uint8Array[] {
  const rest = Buffer.from(objects, "hex");
  return Array.from({ length: 16 }, (_, k) =>
    fragmentBytes({ control: 0xc4, destination, source: 100 }, Uint8Array.of(0xc0 | k, 1, ...rest), k),
  );
}

async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((done) => socket.once("connect", done));
  return socket;
}

/** Polls done in the time, one after another. */
async function fast({ port, objects, seconds, octets }: Wanted): Promise<number> {
  const socket = await connected(port);
  const all = requests(objects, 1);
  const begin = performance.now();
  let done = 0;
  let got = 0;
  await new Promise<void>((finish) => {
    socket.on("data", (bytes) => {
      got += bytes.length;
      if (got < octets) return;
      got = 0;
      done++;
      if (performance.now() - begin > 1000 * seconds) finish();
      else socket.write(all[done & 15]!);
    });
    socket.write(all[0]!);
  });
  const taken = (performance.now() - begin) / 1000;
  socket.destroy();
  return done / taken;
}

/** Polls answered, of each outstation one a second, spread over it. */
async function many({ port, objects, seconds, octets, stations }: Wanted): Promise<number> {
  let answered = 0;
  const sockets = await Promise.all(Array.from({ length: stations }, () => connected(port)));
  const timers = sockets.map((socket, k) => {
    const all = requests(objects, k + 1);
    let got = 0;
    let next = 0;
    socket.on("data", (bytes) => {
      got += bytes.length;
      for (; got >= octets; got -= octets) answered++;
    });
    const poll = (): void => void socket.write(all[next++ & 15]!);
    const timer = { every: undefined as NodeJS.Timeout | undefined };
    setTimeout(
      () => {
        poll();
        timer.every = setInterval(poll, 1000);
      },
      (1000 * k) / stations,
    );
    return timer;
  });
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  for (const { every } of timers) clearInterval(every);
  for (const socket of sockets) socket.destroy();
  return answered / seconds;
}

process.on("message", (wanted: Wanted) => {
  void (wanted.stations === 0 ? fast(wanted) : many(wanted)).then((result) => process.send?.(result));
});
