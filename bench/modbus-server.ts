/** One server of the comparison, in its own process: tells its port, and its CPU seconds when asked. */
import net from "node:net";
import { createRequire } from "node:module";
import { SystemClock } from "#clock/system-clock.ts";
import { makeMeter } from "#product/fixed-map/virtual-meter.ts";
import { FaultPlan, FaultyLink } from "#io/faulty-link.ts";
import { withoutOwnEcho } from "#io/own-echo.ts";
import { noPeers } from "#io/peer-counts.ts";
import { PeerLink } from "#io/peer-link.ts";
import { openSerial } from "#io/serial.ts";
import { listenTcp } from "#io/tcp.ts";
import { Turns } from "#io/turns.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { FaultyAnswers, type ModbusFaultRule } from "#protocol/modbus/faults.ts";
import { serveModbusRtu } from "#protocol/modbus/rtu-server.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { lineUnits, tcpUnits } from "#protocol/modbus/unit.ts";
import { MemoryStore } from "#store/store.ts";
import { Network } from "#waveform/network.ts";
import { SyntheticSteps } from "#waveform/synthetic.ts";

const kind = process.argv[2];
const COUNT = 125;
const UNITS = 247;

function networkOf(k: number): ConstructorParameters<typeof Network>[0] {
  return {
    hz: 60,
    volts: [276.1, 277.4, 278.2],
    amps: [81.3 + k, 74.9, 90.6],
    angles: [0, -120, 120],
    lag: [20, 22, 24],
    harmonics: { volts: [], amps: [] },
    noise: 0,
    load: [],
    events: [],
    seed: k,
  };
}

async function polyphase(meters: number): Promise<number> {
  const clock = new SystemClock();
  const store = new MemoryStore();
  const made = Array.from({ length: meters }, (_, k) => {
    const network = new Network(networkOf(k));
    const source = new SyntheticSteps(network);
    return makeMeter({ name: `m${k}`, model: levitonS4100, source, clock, store: store.drawer(`m${k}`) });
  });
  setInterval(() => {
    for (const { instrument } of made) instrument.advance(clock.elapsed());
    store.commit();
  }, 1000);
  // A port has 247 unit ids; the others answer behind ports of their own.
  const ports: number[] = [];
  for (let from = 0; from < meters; from += UNITS) {
    const units = tcpUnits(new Map(made.slice(from, from + UNITS).map(({ registers }, k) => [k + 1, registers])));
    // As a site does it.
    const counts = noPeers();
    const turns = new Turns(clock);
    const options = { host: "127.0.0.1", port: 0, maxConnections: 512, clock, counts };
    const { port } = await listenTcp(options, (link) => {
      const peer = new PeerLink(link, { turns, clock, counts, lasting: false });
      const faulty = new FaultyLink(peer, new FaultPlan<ModbusFaultRule>(), clock);
      peer.heed(faulty);
      serveModbusTcp(peer, units, new FaultyAnswers(faulty, "tcp"));
    });
    ports.push(port);
  }
  return ports[0] ?? NaN;
}

function echo(): Promise<number> {
  const answer = Buffer.alloc(9 + 2 * COUNT, 0x11);
  Buffer.from("0000000000fd0103fa", "hex").copy(answer);
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on("data", (chunk) => {
      const requests = chunk.length / 12;
      if (requests === 1) socket.write(Buffer.from(answer));
      else socket.write(Buffer.concat(Array.from({ length: requests }, () => answer)));
    });
    socket.on("error", () => {});
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", 511, () => resolve((server.address() as net.AddressInfo).port)),
  );
}

function modbusSerial(): Promise<number> {
  const { ServerTCP } = createRequire(import.meta.url)("modbus-serial") as {
    ServerTCP: new (vector: unknown, options: unknown) => { on(event: string, run: () => void): void };
  };
  const values = Array.from({ length: 1000 }, (_, k) => k);
  const probe = net.createServer();
  return new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => {
        const vector = {
          getMultipleHoldingRegisters: (first: number, count: number) => values.slice(first, first + count),
        };
        const server = new ServerTCP(vector, { host: "127.0.0.1", port, unitID: 1, debug: false });
        server.on("initialized", () => resolve(port));
      });
    });
  });
}

/** One meter on a line, as a site does it; no port. */
async function rtu(device: string): Promise<number> {
  const baud = 115_200;
  const clock = new SystemClock();
  const store = new MemoryStore();
  const source = new SyntheticSteps(new Network(networkOf(0)));
  const meter = makeMeter({ name: "m", model: levitonS4100, source, clock, store: store.drawer("m") });
  setInterval(() => {
    meter.instrument.advance(clock.elapsed());
    store.commit();
  }, 1000);
  const counts = noPeers();
  const line = withoutOwnEcho(await openSerial({ device, baud, parity: "none" }), clock, { baud, likely: true });
  const peer = new PeerLink(line, { turns: new Turns(clock), clock, counts, lasting: true });
  const faulty = new FaultyLink(peer, new FaultPlan<ModbusFaultRule>(), clock);
  peer.heed(faulty);
  const faults = new FaultyAnswers(faulty, "rtu");
  serveModbusRtu(peer, lineUnits(new Map([[1, meter.registers]])), clock, { baud, faults });
  return 0;
}

const starts: Record<string, () => Promise<number>> = {
  echo,
  polyphase: () => polyphase(1),
  "polyphase-247": () => polyphase(UNITS),
  "polyphase-1000": () => polyphase(1000),
  "modbus-serial": modbusSerial,
  rtu: () => rtu(process.argv[3] ?? ""),
};
const port = await starts[kind ?? ""]?.();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(port);
