/** A station at the far end of a null modem, and a primary station that is played by hand. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { asduBytes, asduOf, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { asduWith, bodyOf, type Body } from "#protocol/iec102/asdu/body.ts";
import { noTime, type TimeA } from "#protocol/iec102/asdu/time.ts";
import { frameBytes, type Control, type Frame } from "#protocol/iec102/frame/frame.ts";
import { FrameReceiver } from "#protocol/iec102/frame/receiver.ts";
import { serveIec102, type Iec102Station, type LineOptions } from "#protocol/iec102/station/line.ts";
import type { FixtureHost } from "./iec102-host.ts";
import { fromHex, toHex } from "./iec102-vectors.ts";

export interface Said {
  readonly control: Control;
  readonly asdu: Asdu | undefined;
}

export function rig(
  host: FixtureHost,
  more: Partial<Iec102Station> & LineOptions & { others?: readonly Iec102Station[] } = {},
) {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  let misunderstood = 0;
  let heard: Uint8Array[] = [];
  here.receive((bytes) => heard.push(bytes));
  const { near, pauseMs, others = [], ...station } = more;
  serveIec102(there, [{ host, port: "serial 3", ...station }, ...others], clock, {
    near,
    pauseMs,
    misunderstood: () => void misunderstood++,
  });
  const { addressOctets: octets } = host.settings;
  let fcb = false;

  /** What is heard to these octets, in hex. */
  function raw(bytes: string | Uint8Array): string {
    heard = [];
    here.send(typeof bytes === "string" ? fromHex(bytes) : bytes);
    return toHex(Buffer.concat(heard));
  }

  function said(): Said | undefined {
    const receiver = new FrameReceiver(() => octets);
    const [frame] = receiver.take(Buffer.concat(heard));
    if (frame === undefined || frame.kind === "single") return undefined;
    return { control: frame.control, asdu: frame.asdu === undefined ? undefined : asduOf(frame.asdu) };
  }

  function ask(fn: number, asdu?: Asdu, address = host.settings.address): Said | undefined {
    const counts = fn === 3 || fn === 10 || fn === 11;
    if (counts) fcb = !fcb;
    const control = { from: "primary", fn, fcb: counts ? fcb : undefined } as const;
    const bytes = asdu === undefined ? undefined : asduBytes(asdu);
    raw(frameBytes({ kind: "frame", control, address, asdu: bytes } satisfies Frame, octets));
    return said();
  }

  function reset(): Said | undefined {
    fcb = false;
    return ask(0);
  }

  /** Sends a request and waits until nothing more has to be looked up. */
  async function tell(type: number, body: Body, head: Partial<Asdu> = {}): Promise<Said | undefined> {
    const cause = body.kind === "nothing" && type !== 187 ? 5 : 6;
    const answer = ask(3, asduWith({ type, cause, point: 1, record: 0, ...head }, body));
    for (let k = 0; k < 4; k++) await Promise.resolve();
    return answer;
  }

  function poll(fn = 11): Asdu | undefined {
    return ask(fn)?.asdu;
  }

  /** All that comes until there is nothing. */
  function rest(): Asdu[] {
    const found: Asdu[] = [];
    for (let one = poll(); one !== undefined; one = poll()) found.push(one);
    return found;
  }

  async function request(type: number, body: Body, head: Partial<Asdu> = {}): Promise<Asdu[]> {
    await tell(type, body, head);
    return rest();
  }

  async function open(key = host.key): Promise<Asdu | undefined> {
    ask(9);
    reset();
    const [answer] = await request(183, { kind: "key", key });
    return answer;
  }

  return {
    clock,
    link: here,
    raw,
    ask,
    reset,
    tell,
    poll,
    rest,
    request,
    open,
    get heard() {
      return toHex(Buffer.concat(heard));
    },
    get misunderstood() {
      return misunderstood;
    },
  };
}

/** A minute of local time, as requests have it. */
export function minute(text: string, more: Partial<TimeA> = {}): TimeA {
  const { year, month, day, hour, minute } = Temporal.PlainDateTime.from(text);
  return { ...noTime, year: year % 100, month, day, hour, minute, ...more };
}

/** "2025-03-30 03:00 summer", of a time in a telegram. */
export function timeText({ year, month, day, hour, minute, summer }: TimeA): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `20${two(year)}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}${summer ? " summer" : ""}`;
}

export function between(from: TimeA, to: TimeA, objects: readonly [number, number] = [1, 8]): Body {
  return { kind: "asked", objects, range: [from, to] };
}

export function bodies(asdus: readonly Asdu[]): readonly Body[] {
  return asdus.map(bodyOf);
}

/** Causes, a refusal with a minus. */
export function causes(asdus: readonly Asdu[]): readonly number[] {
  return asdus.map(({ cause, negative }) => (negative === true ? -cause : cause));
}
