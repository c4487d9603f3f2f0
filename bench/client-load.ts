/** Reads 247 units of one gateway once through: with the client, or with a plain load generator that sends the same requests. */
import net from "node:net";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { readUnit } from "#headend/read-meter.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { encodeRequest } from "#protocol/modbus/pdu.ts";

const UNITS = 247;
/** All units are read so often in a round. */
const PASSES = 8;

export interface ClientRound {
  readonly way: "client" | "plain";
  readonly port: number;
  readonly outstanding: number;
}

/** What the client asks of one unit, as frames for every unit. */
async function recorded(port: number): Promise<Buffer[]> {
  const line = await openLine(parseModbusUrl(`modbus://127.0.0.1:${port}/1`), { timeoutMs: 5000 });
  const pdus: Uint8Array[] = [];
  const spy: Requester = {
    request(unit, request) {
      pdus.push(encodeRequest(request));
      return line.request(unit, request);
    },
    close: () => line.close(),
  };
  await readUnit(spy, 1, levitonS4100);
  line.close();
  return Array.from({ length: UNITS }, (_, k) => pdus.map((pdu) => frameOf(k + 1, pdu))).flat();
}

function frameOf(unit: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.alloc(7 + pdu.length);
  frame.writeUInt16BE(pdu.length + 1, 4);
  frame[6] = unit;
  frame.set(pdu, 7);
  return frame;
}

let frames: Buffer[] | undefined;

function plain(port: number, outstanding: number, all: readonly Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    let sent = 0;
    let done = 0;
    let pending: Buffer = Buffer.alloc(0);
    const send = (): void => {
      const frame = all[sent++];
      if (frame !== undefined) socket.write(frame);
    };
    socket.on("connect", () => {
      for (let k = 0; k < outstanding; k++) send();
    });
    socket.on("data", (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (pending.length >= 6 && pending.length >= 6 + pending.readUInt16BE(4)) {
        pending = pending.subarray(6 + pending.readUInt16BE(4));
        done++;
        send();
      }
      if (done < all.length) return;
      socket.destroy();
      resolve();
    });
  });
}

async function client(port: number, outstanding: number): Promise<void> {
  const line = await openLine(parseModbusUrl(`modbus://127.0.0.1:${port}/1`), { timeoutMs: 5000, outstanding });
  const readings = await Promise.all(Array.from({ length: UNITS }, (_, k) => readUnit(line, k + 1, levitonS4100)));
  line.close();
  const short = readings.find(({ blocks }) => blocks.length < 5);
  if (short !== undefined) throw new Error("a unit was not read whole");
}

process.on("message", async ({ way, port, outstanding }: ClientRound) => {
  frames ??= await recorded(port);
  const from = performance.now();
  for (let pass = 0; pass < PASSES; pass++) {
    if (way === "client") await client(port, outstanding);
    else await plain(port, outstanding, frames);
  }
  const seconds = (performance.now() - from) / 1000;
  process.send?.({ seconds, requests: PASSES * frames.length });
});
