/** Serial lines and optical heads as what carries protocols. */
import type { Cancel } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { withoutOwnEcho } from "#io/own-echo.ts";
import { openSerial, type Parity, type SerialLink, type SerialOptions } from "#io/serial.ts";
import { z } from "zod";
import type { Carrier, Place } from "./carrier.ts";
import type { SerialTransport } from "./protocol.ts";

function serialKeys() {
  return {
    device: z.string().describe("like /dev/ttyUSB0"),
    baud: z.number().int().positive().optional().describe("the meter's own baud rate unless said"),
    parity: z.enum(["none", "even", "odd"]).optional().describe("the meter's own parity unless said"),
  };
}

function opticalKeys() {
  return {
    device: z.string().describe("of the optical head, like /dev/ttyUSB0"),
    baud: z
      .number()
      .int()
      .positive()
      .optional()
      .describe("how fast it goes on after the sign-on; the meter's own baud rate unless said"),
  };
}

type SerialKeys = z.output<z.ZodObject<ReturnType<typeof serialKeys>>>;
type OpticalKeys = z.output<z.ZodObject<ReturnType<typeof opticalKeys>>>;

const parities: readonly Parity[] = ["none", "even", "odd"];

/** After so long a line that is gone is tried again. */
const RETRY_MS = 2000;

/** Keeps a device open until it is closed. An adapter that was pulled out comes back when somebody puts it in again. */
async function keptOpen(
  options: SerialOptions,
  { clock, counts }: Place,
  accept: (link: SerialLink) => void,
): Promise<() => Promise<void>> {
  let open: Link | undefined;
  let closing = false;
  let again: Cancel = () => {};
  const take = (link: SerialLink): void => {
    if (closing) return link.close();
    open = link;
    counts.taken++;
    link.closed(() => {
      open = undefined;
      if (!closing) retry();
    });
    accept(link);
  };
  const retry = (): void => {
    again = clock.after(RETRY_MS, () => void openSerial(options).then(take, retry));
  };
  take(await openSerial(options));
  return async () => {
    closing = true;
    again();
    open?.close();
  };
}

export const serial: Carrier<SerialKeys> = {
  port: "serial",
  lasting: true,
  keys: serialKeys,
  place: ({ device }) => device,
  async open({ device, ...given }, place, accept) {
    const { baud = place.line.baud, parity = parities[place.line.parity] ?? "none" } = given;
    const close = await keptOpen({ device, baud, parity }, place, (link) =>
      accept(withoutOwnEcho(link, place.clock, { baud, likely: true }), { baud }),
    );
    return {
      what: `${device}, ${baud} baud, parity ${parity}`,
      authority: device,
      query: [`baud=${baud}`, `parity=${parity}`],
      close,
    };
  },
};

/**
 * An optical head. Its line has eight bits without parity from the beginning: seven with parity are the same to a UART, and its protocol
 * makes them, as it sets the speed.
 */
export const optical: Carrier<OpticalKeys, SerialTransport> = {
  port: "optical",
  lasting: true,
  keys: opticalKeys,
  place: ({ device }) => device,
  async open({ device, ...given }, place, accept) {
    const { baud = place.line.baud } = given;
    const close = await keptOpen({ device, baud, parity: "none" }, place, (link) =>
      accept(link, { baud, pace: link.pace }),
    );
    return { what: `${device}, ${baud} baud`, authority: device, query: [`baud=${baud}`], close };
  },
};
