/**
 * A client of MMS that takes nothing apart but packets: answers a second, on so many connections, with so many requests under way on each; or of many
 * servers, each asked once a second.
 */
import net from "node:net";

export interface MmsLoad {
  readonly port: number;
  /** A confirmed request behind its invoke id, in hexadecimal. */
  readonly service: string;
  readonly connections: number;
  readonly outstanding: number;
  readonly seconds: number;
  /** Octets of an answer at least: an error is shorter. */
  readonly least: number;
}

const connectionRequest = Buffer.from("0300001611e00000000100c0010dc2020001c1020001", "hex");
/** Of libiec61850's client; PDUs of 65,000, five under way and five called. */
const associateRequest = Buffer.from(
  "030000bb02f0800db20506130100160102140200023302000134020001c19c318199a003800101a28191810400000001820400000001a423300f0201010604520100013004060251013010020103060528ca220201300406025101615e305c020101a0576055a107060528ca220203a20706052901876701a30302010ca606060429018767a70302010cbe2f282d020103a028a826800300fde881010582010583010aa416800101810305f100820c03ee1c00000408000079ef18",
  "hex",
);

function element(tag: string, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(tag, "hex"), Buffer.from(size), content]);
}

function requestOf(invoke: number, service: string): Buffer {
  const pdu = element("a0", Buffer.concat([Buffer.from([2, 1, invoke]), Buffer.from(service, "hex")]));
  const value = element("30", Buffer.concat([Buffer.from("020103", "hex"), element("a0", pdu)]));
  const tsdu = Buffer.concat([Buffer.from("01000100", "hex"), element("61", value)]);
  const length = 7 + tsdu.length;
  return Buffer.concat([Buffer.from([3, 0, length >> 8, length & 255, 2, 0xf0, 0x80]), tsdu]);
}

/** Runs whenever the last packet of a TSDU has come, with its octets. */
function onTsdus(socket: net.Socket, run: (octets: number) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 7 <= bytes.length) {
      const end = at + bytes.readUInt16BE(at + 2);
      if (end > bytes.length) break;
      if (bytes[at + 5] !== 0xf0 || (bytes[at + 6]! & 0x80) !== 0) run(end - at);
      at = end;
    }
    rest = bytes.subarray(at);
  });
}

async function associated(
  port: number,
): Promise<{ socket: net.Socket; each: (run: (octets: number) => void) => void }> {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((done, failed) => socket.once("connect", done).once("error", failed));
  let run: (octets: number) => void = () => {};
  onTsdus(socket, (octets) => run(octets));
  for (const request of [connectionRequest, associateRequest])
    await new Promise<void>((done) => {
      run = () => done();
      socket.write(request);
    });
  return { socket, each: (next) => (run = next) };
}

async function load({ port, service, connections, outstanding, seconds, least }: MmsLoad): Promise<number> {
  const all = await Promise.all(Array.from({ length: connections }, () => associated(port)));
  const requests = Array.from({ length: 64 }, (_, k) => requestOf(k + 1, service));
  let done = 0;
  const begin = performance.now();
  await new Promise<void>((finish) => {
    for (const { socket, each } of all) {
      let next = 0;
      const ask = (): void => void socket.write(requests[next++ & 63]!);
      each((octets) => {
        if (octets < least) throw new Error(`an answer of ${octets} octets`);
        done++;
        if (performance.now() - begin > 1000 * seconds) finish();
        else ask();
      });
      for (let k = 0; k < outstanding; k++) ask();
    }
  });
  const taken = (performance.now() - begin) / 1000;
  for (const { socket } of all) socket.destroy();
  return done / taken;
}

export interface PacedLoad {
  readonly ports: readonly number[];
  readonly service: string;
  readonly seconds: number;
}

/** Answers of all of them in the time; their seconds are spread over one. */
async function paced({ ports, service, seconds }: PacedLoad): Promise<number> {
  const all = await Promise.all(ports.map(associated));
  const request = requestOf(1, service);
  let done = 0;
  for (const { socket, each } of all) {
    each(() => done++);
    setTimeout(() => setInterval(() => socket.write(request), 1000), Math.random() * 1000);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.send?.("begun");
  done = 0;
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  return done;
}

process.on("message", (wanted: MmsLoad | PacedLoad) => {
  void ("ports" in wanted ? paced(wanted) : load(wanted)).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit());
