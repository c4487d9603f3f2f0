import type { EventEmitter } from "node:events";
import { realpathSync } from "node:fs";
import { setImmediate } from "node:timers";
import { SerialPort } from "serialport";
import type { Link } from "./link.ts";
import { isLocked } from "./serial-lock.ts";
import { serialTrouble } from "./serial-trouble.ts";

export type Parity = "none" | "even" | "odd";

export interface SerialOptions {
  readonly device: string;
  readonly baud: number;
  readonly parity: Parity;
}

/** Bits of a character on a line: start, eight of data, parity or a second stop, stop (Modbus over Serial Line V1.02, 2.5.1). */
const BITS = 11;

/** Milliseconds that so many bytes take on a line. */
export function transmissionMs(bytes: number, baud: number): number {
  return (1000 * BITS * bytes) / baud;
}

/** A line whose speed can be changed while it is open: optical ports begin slowly. */
export interface PacedLine {
  readonly baud: number;
  /** From when all that was sent has gone. Rejects where the line is gone, or has no such speed. */
  setBaud(baud: number): Promise<void>;
}

export interface SerialLink extends Link {
  readonly pace: PacedLine;
}

/** The line of a port that is open. */
function paceOf(port: SerialPort, device: string): PacedLine {
  const step = (run: (done: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) =>
      run((error) => (error ? reject(new Error(`${device}: ${error.message}`)) : resolve())),
    );
  return {
    get baud() {
      return port.baudRate;
    },
    async setBaud(baud) {
      await step((done) => port.drain(done));
      await step((done) => port.update({ baudRate: baud }, done));
    },
  };
}

/** Devices that this process is giving back: it holds their locks until that is done. */
const closings = new Map<string, Promise<void>>();

/** The device that a name leads to: lines are named by links ("/dev/serial/by-id/…"). The name itself where it leads nowhere. */
function deviceBehind(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}

function giveBack(port: SerialPort, device: string): void {
  if (!port.isOpen) return;
  const done = new Promise<void>((resolve) => port.close(() => resolve()));
  closings.set(device, done);
  void done.then(() => closings.get(device) === done && closings.delete(device));
}

/**
 * Opens a serial port with 8 data bits; two stop bits without parity would be the specification's wish, one is what
 * the meters of the manuals have. Waits for whoever of this process is giving it back. Rejects with a message that names the device.
 */
export async function openSerial({ device, baud, parity }: SerialOptions): Promise<SerialLink> {
  const refused = (said: string): Error =>
    new Error(`cannot open the serial port ${device}: ${serialTrouble(device, said)}`);
  const behind = deviceBehind(device);
  await closings.get(behind);
  // Before anything is set on a line that is another's.
  if (isLocked(device)) throw refused("Cannot lock port");
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path: device, baudRate: baud, parity, dataBits: 8, stopBits: 1, autoOpen: false });
    port.open((error) => {
      if (error) {
        reject(refused(error.message));
        return;
      }
      // The native poller calls back outside of any callback scope: the promises that it settles would wait for the next
      // timer, whenever that is. An immediate ends such a turn at once. (Windows has no such poller.)
      const { poller } = port.port as { readonly poller?: EventEmitter };
      for (const ready of ["readable", "writable"]) poller?.on(ready, () => setImmediate(() => {}));
      let fault: Error | undefined;
      port.on("error", (error) => (fault = error));
      resolve({
        peer: device,
        pace: paceOf(port, device),
        get waiting() {
          return port.writableLength;
        },
        send: (bytes) => void (port.isOpen && port.write(bytes)),
        receive: (run) => void port.on("data", run),
        pause: () => void port.pause(),
        resume: () => void port.resume(),
        closed: (run) => void port.on("close", (error: Error | null) => run(error ?? fault)),
        close: () => giveBack(port, behind),
      });
    });
  });
}
