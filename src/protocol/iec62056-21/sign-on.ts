/** The reader's side of protocol mode E (IEC 62056-21, Annex E): signs on at 300 baud and changes over to HDLC. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import type { PacedLine } from "#io/serial.ts";
import { withParity } from "./even-parity.ts";
import { bauds, identificationOf, type Identification } from "./identification.ts";
import { REACTION_MS, SIGN_ON_BAUD, signOnMs } from "./mode-e.ts";

export interface SignOnOptions {
  /** Of the meter; whoever is there unless said. */
  readonly address?: string | undefined;
  /** Faster than this is not gone on; as fast as the meter can unless said. */
  readonly fastestBaud?: number | undefined;
  /** Milliseconds in which each answer begins, beside what 300 baud take. */
  readonly timeoutMs: number;
}

/** The longest identification, with its end (6.3.2). */
const LONGEST_LINE = 1 + 3 + 1 + 2 + 16 + 2;

export interface Optical {
  /** What is carried after the sign-on. */
  readonly link: Link;
  /** Resolves with who the meter is, when the line is as fast as both can; rejects with what is wrong in words. */
  signOn(): Promise<Identification>;
}

/** An optical head, or another line, at whose other end a meter begins at 300 baud. */
export function opticalReader(link: Link, line: PacedLine, clock: Clock, options: SignOnOptions): Optical {
  let through: ((bytes: Uint8Array) => void) | undefined;
  let signingOn: ((text: string) => void) | undefined;
  link.receive((bytes) => {
    if (signingOn === undefined) through?.(bytes);
    else signingOn(String.fromCharCode(...bytes.map((byte) => byte & 0x7f)));
  });

  /** The line that ends with a line feed, from a first character on. */
  const lineFrom = (first: string, what: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = "";
      const cancel: Cancel = clock.after(options.timeoutMs + signOnMs(2 * LONGEST_LINE), () => {
        signingOn = undefined;
        reject(new Error(`${link.peer} sent no ${what} within its time`));
      });
      signingOn = (more) => {
        text = (text + more).slice(-4 * LONGEST_LINE);
        const found = text.lastIndexOf(first);
        const end = text.indexOf("\r\n", found);
        // One's own request comes back from some heads.
        if (found < 0 || end < 0 || text.startsWith("/?", found)) return;
        cancel();
        // What follows is still at 300 baud.
        signingOn = () => {};
        resolve(text.slice(found, end));
      };
    });

  const signOn = async (): Promise<Identification> => {
    await line.setBaud(SIGN_ON_BAUD);
    const identified = lineFrom("/", "identification");
    link.send(withParity(`/?${options.address ?? ""}!\r\n`));
    const text = await identified;
    const identification = identificationOf(text);
    if (identification === undefined) throw new Error(`${link.peer} says "${text}", which is no identification`);
    const fastest = Math.min(bauds[identification.baud] ?? 0, options.fastestBaud ?? Infinity);
    const [speed, baud] = Object.entries(bauds).findLast(([, one]) => one <= fastest) ?? [];
    if (!identification.enhanced.includes("2") || speed === undefined || baud === undefined)
      throw new Error(`${link.peer} offers no HDLC: it says "${text}"`);
    await new Promise<void>((resolve) => void clock.after(REACTION_MS, resolve));
    const acknowledged = lineFrom("\u0006", "acknowledgement");
    link.send(withParity(`\u00062${speed}2\r\n`));
    const answer = await acknowledged;
    if (answer !== `\u00062${speed}2`) throw new Error(`${link.peer} does not go on at ${baud} baud`);
    await line.setBaud(baud);
    signingOn = undefined;
    // The meter changes its speed, too.
    await new Promise<void>((resolve) => void clock.after(REACTION_MS, resolve));
    return identification;
  };

  return {
    link: {
      peer: link.peer,
      get waiting() {
        return link.waiting;
      },
      send: (bytes) => link.send(bytes),
      receive: (run) => void (through = run),
      pause: () => link.pause(),
      resume: () => link.resume(),
      closed: (run) => link.closed(run),
      close: () => link.close(),
    },
    signOn,
  };
}
