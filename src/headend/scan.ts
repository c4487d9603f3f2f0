/** Finds what answers behind a gateway or on a line, and what it says it is. */
import type { Requester } from "#protocol/modbus/client.ts";
import { Exception, type Request, type Response } from "#protocol/modbus/pdu.ts";

export interface Found {
  readonly unit: number;
  /** How it was recognised; "answers" when it does but says nothing of itself. */
  readonly by: "SunSpec" | "device identification" | "server id" | "voltage" | "answers";
  readonly text: string;
}

/** "SunS", where SunSpec maps may begin. */
const SUNSPEC_BASES = [40_000, 0, 50_000];
const SUNSPEC_MARK = [0x5375, 0x6e53];

/** Volts that a meter may show, line to neutral or line to line, on low voltage. */
const PLAUSIBLE_VOLTS = [80, 720] as const;

async function ask(client: Requester, unit: number, request: Request): Promise<Response | undefined> {
  try {
    return await client.request(unit, request);
  } catch {
    // No answer, or one that makes no sense: for a scan that is an answer too.
    return undefined;
  }
}

async function registers(client: Requester, unit: number, fn: 3 | 4, first: number, count: number): Promise<number[]> {
  const response = await ask(client, unit, { kind: "read", fn, first, count });
  return response?.kind === "registers" && response.values.length === count ? [...response.values] : [];
}

/** Looks at one unit; undefined when nobody answers there. */
export async function probe(client: Requester, unit: number): Promise<Found | undefined> {
  // Nearly everything that speaks Modbus answers a read, if only with an exception.
  const first = await ask(client, unit, { kind: "read", fn: 3, first: SUNSPEC_BASES[0] ?? 0, count: 2 });
  if (first === undefined) return undefined;
  const gateway: readonly number[] = [Exception.gatewayPathUnavailable, Exception.gatewayTargetFailedToRespond];
  if (first.kind === "exception" && gateway.includes(first.exception)) return undefined;
  return (
    (await bySunSpec(client, unit)) ??
    (await byIdentification(client, unit)) ??
    (await byServerId(client, unit)) ??
    (await byVoltage(client, unit)) ?? { unit, by: "answers", text: "" }
  );
}

async function bySunSpec(client: Requester, unit: number): Promise<Found | undefined> {
  for (const base of SUNSPEC_BASES) {
    const head = await registers(client, unit, 3, base, 4);
    if (head[0] !== SUNSPEC_MARK[0] || head[1] !== SUNSPEC_MARK[1] || head[2] !== 1) continue;
    const words = await registers(client, unit, 3, base + 4, 64);
    const text = (from: number, count: number): string =>
      String.fromCharCode(
        ...words
          .slice(from, from + count)
          .flatMap((word) => [word >> 8, word & 255])
          .filter((byte) => byte > 0),
      );
    // Maker, product, (options), version, serial number.
    const parts = [text(0, 16), text(16, 16), text(40, 8), `serial ${text(48, 16)}`];
    return { unit, by: "SunSpec", text: parts.join(" ").trim() };
  }
  return undefined;
}

async function byIdentification(client: Requester, unit: number): Promise<Found | undefined> {
  const response = await ask(client, unit, { kind: "device identification", code: 1, object: 0 });
  if (response?.kind !== "identification") return undefined;
  return { unit, by: "device identification", text: [...response.objects.values()].join(" ") };
}

async function byServerId(client: Requester, unit: number): Promise<Found | undefined> {
  const response = await ask(client, unit, { kind: "report server id" });
  if (response?.kind !== "server id") return undefined;
  const text = String.fromCharCode(...response.data.slice(2).filter((byte) => byte >= 0x20 && byte < 0x7f));
  return { unit, by: "server id", text: `${text} (id ${response.data[0]})` };
}

/** A float of a plausible voltage where many meters have their first one. */
async function byVoltage(client: Requester, unit: number): Promise<Found | undefined> {
  for (const [fn, name] of [
    [4, "input"],
    [3, "holding"],
  ] as const) {
    const [high, low] = await registers(client, unit, fn, 0, 2);
    if (high === undefined || low === undefined) continue;
    for (const [words, order] of [
      [[high, low], "upper word first"],
      [[low, high], "lower word first"],
    ] as const) {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint16(0, words[0]);
      view.setUint16(2, words[1]);
      const volts = view.getFloat32(0);
      if (!(volts >= PLAUSIBLE_VOLTS[0] && volts <= PLAUSIBLE_VOLTS[1])) continue;
      return { unit, by: "voltage", text: `${volts.toFixed(1)} V at ${name} register 0, a float, ${order}` };
    }
  }
  return undefined;
}
