/** Registers of one unit by printed number, and refusals in words that say what to do. */
import { exceptionName, type Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { Exception } from "#protocol/modbus/pdu.ts";

/** One unit of a line. */
export interface Unit {
  readonly line: Requester;
  readonly unit: number;
}

const advice: Readonly<Record<number, string>> = {
  [Exception.illegalFunction]: "the unit lacks the function, or this certificate's role may not use it",
  [Exception.illegalDataAddress]: "is it this model?",
  [Exception.illegalDataValue]: "the value is not taken",
  [Exception.serverDeviceFailure]: "the meter measures nothing now, or is faulty",
  [Exception.serverDeviceBusy]:
    "it does something else now, or cannot keep what it is told (a full disk: see the site's notes, /health): try again later",
  [Exception.gatewayPathUnavailable]:
    "the gateway has no way to that unit: look at its routing, or scan for the units it knows",
  [Exception.gatewayTargetFailedToRespond]:
    "nothing answers there behind the gateway: look at the unit's address and wiring, or scan for the units that answer",
};

/** Why a unit refused: the exception's name, and what to look at. */
export function refusal(unit: number, what: string, exception: number): ClientError {
  const hint = advice[exception];
  return new ClientError(
    `unit ${unit} refused ${what}: ${exceptionName(exception)}${hint === undefined ? "" : `; ${hint}`}`,
    "refused",
  );
}

function span(register: number, count: number): string {
  return count === 1 ? `register ${register}` : `registers ${register} to ${register + count - 1}`;
}

/** Holding registers of a meter that numbers from 1. */
export async function readWords({ line, unit }: Unit, register: number, count: number): Promise<number[]> {
  const response = await line.request(unit, { kind: "read", fn: 3, first: register - 1, count });
  if (response.kind === "registers") return [...response.values];
  throw refusal(unit, span(register, count), response.kind === "exception" ? response.exception : NaN);
}

/** Writes with one request, or one for each register. */
export async function writeWords(
  { line, unit }: Unit,
  register: number,
  values: readonly number[],
  single = values.length === 1,
): Promise<void> {
  const writes = single ? values.map((value, k) => [register + k, [value]] as const) : [[register, values] as const];
  for (const [first, words] of writes) {
    const response = await line.request(unit, {
      kind: "write",
      fn: single ? 0x06 : 0x10,
      first: first - 1,
      values: Uint16Array.from(words, (word) => word & 0xffff),
    });
    if (response.kind === "exception") {
      throw refusal(unit, `a write to ${span(first, words.length)}`, response.exception);
    }
  }
}
