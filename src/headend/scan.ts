/** Finds what answers behind a gateway or on a line, and what it says it is; and tells silence from everything else that came instead. */
import type { Clock } from "#clock/clock.ts";
import { exceptionName, type Requester } from "#protocol/modbus/client.ts";
import { ClientError, type Failing } from "#protocol/modbus/failing.ts";
import { patienceAfter, type LateAnswer } from "#protocol/modbus/given-up.ts";
import { Exception, type Request, type Response } from "#protocol/modbus/pdu.ts";
import type { Span } from "#protocol/modbus/read-plan.ts";
import { framingOf } from "#protocol/modbus/transports.ts";
import { identify, registersOf, type Ask, type Identity } from "./identity.ts";
import { openLine, type ModbusUrl } from "./modbus-url.ts";
import { realClock } from "./real-clock.ts";

export interface Found {
  readonly unit: number;
  /** How it was recognised; "answers" when it does but says nothing of itself. */
  readonly by: Identity["by"] | "voltage" | "answers";
  readonly text: string;
}

/** A unit of which no answer came. */
export interface Absent {
  readonly unit: number;
  /** "gateway": the gateway says that it does not reach it. */
  readonly why: Failing | "gateway";
  /** In words. */
  readonly words: string;
}

export interface Scan {
  readonly found: readonly Found[];
  readonly absent: readonly Absent[];
}

/** Volts that a meter may show, line to neutral or line to line, on low voltage. */
const PLAUSIBLE_VOLTS = [80, 720] as const;

/**
 * What a unit is asked until it answers, if only with an exception: some keep silent on functions and registers that they lack. Nearly
 * everything that measures answers one of the first two.
 */
const contacts: readonly Request[] = [
  { kind: "read", fn: 3, first: 0, count: 2 },
  { kind: "read", fn: 4, first: 0, count: 2 },
  // Some answer no more than one register at once, others none that is half a value.
  { kind: "read", fn: 3, first: 0, count: 1 },
  { kind: "read", fn: 4, first: 0, count: 1 },
  { kind: "read", fn: 3, first: 40_000, count: 2 },
  { kind: "report server id" },
  { kind: "device identification", code: 1, object: 0 },
];

/** A gateway that waits for a unit in vain says so, or takes the next request, after a second or two; milliseconds. */
const GATEWAY_MS = 3000;
/** So often one unit may lengthen the time for all: what answers nonsense at once may look late, again and again. */
const RAISES = 3;
/** Between two looks whether anything has come late, milliseconds. */
const LOOK_MS = 50;

/** Told which unit is looked at, and which have been found. */
export type ScanProgress = (unit: number, found: readonly Found[]) => void;

/** Looks at units of the place that a URL names; rejects with a message that names the address or device, and where `signal` ends it. */
export async function scanPlace(
  url: ModbusUrl,
  units: readonly number[],
  timeoutMs: number,
  progress: ScanProgress = () => {},
  signal?: AbortSignal,
): Promise<Scan> {
  const late: LateAnswer[] = [];
  const line = await openLine(url, { timeoutMs, retries: 0 }, (answer) => late.push(answer));
  const end = (): void => line.close();
  signal?.addEventListener("abort", end);
  try {
    signal?.throwIfAborted();
    const gateway = framingOf({ name: url.transport }) === "tcp";
    return await scan(line, units, { timeoutMs, clock: realClock, late, gateway, progress });
  } finally {
    signal?.removeEventListener("abort", end);
    line.close();
  }
}

export interface ScanOptions {
  /** How long each answer is waited for at first, milliseconds; longer once any has come later. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** What the line tells of late answers; they are taken out. */
  readonly late: LateAnswer[];
  /** A gateway may be between: once it is waited whether it says so late. */
  readonly gateway: boolean;
  readonly progress?: ScanProgress;
}

/** Looks at units one after the other; rejects only where the line itself ends. */
export async function scan(line: Requester, units: readonly number[], options: ScanOptions): Promise<Scan> {
  const scanner = new Scanner(line, options);
  for (const unit of units) await scanner.look(unit);
  // What was silent while others were waited for too short a time is looked at again.
  for (let left = scanner.hidden(); left.length > 0; left = scanner.hidden())
    for (const unit of left) await scanner.look(unit);
  return scanner.result();
}

class Scanner {
  readonly #line: Requester;
  readonly #options: ScanOptions;
  readonly #seen = new Map<number, Found | Absent>();
  /** How long it was waited when a unit was looked at last. */
  readonly #waited = new Map<number, number>();
  readonly #raises = new Map<number, number>();
  #patienceMs: number;
  #gateway: boolean;

  constructor(line: Requester, options: ScanOptions) {
    this.#line = line;
    this.#options = options;
    this.#patienceMs = options.timeoutMs;
    this.#gateway = options.gateway;
  }

  async look(unit: number): Promise<void> {
    const found = [...this.#seen.values()].filter((one) => "by" in one);
    this.#options.progress?.(unit, found);
    // What comes late while it is asked is found out too late for what it was asked before.
    this.#waited.set(unit, this.#patienceMs);
    const contact = await this.#contact(unit);
    this.#seen.set(unit, "why" in contact ? contact : await this.#recognise(unit));
  }

  /** Units that did not answer and may have been waited for too short a time. */
  hidden(): readonly number[] {
    this.#learn();
    const isHidden = (one: Found | Absent): boolean =>
      "why" in one && one.why !== "gateway" && (this.#waited.get(one.unit) ?? 0) < this.#patienceMs;
    return [...this.#seen.values()].filter(isHidden).map(({ unit }) => unit);
  }

  result(): Scan {
    const all = [...this.#seen.values()].toSorted((a, b) => a.unit - b.unit);
    return { found: all.filter((one) => "by" in one), absent: all.filter((one) => "why" in one) };
  }

  /** Asks until there is an answer; why there is none otherwise: the first reason that is not plain silence. */
  async #contact(unit: number): Promise<Response | Absent> {
    let absent: Absent | undefined;
    for (const request of contacts) {
      const answer = await this.#ask(unit, request);
      if ("kind" in answer && !isOfGateway(answer)) return answer;
      const why = "kind" in answer ? gatewayOf(unit, answer) : { unit, why: answer.reason, words: answer.message };
      if (absent === undefined || absent.why === "silence") absent = why;
      // Without a way to it, it is in vain to ask anything else.
      if ("kind" in answer && answer.kind === "exception" && answer.exception === Exception.gatewayPathUnavailable)
        break;
    }
    return absent ?? { unit, why: "silence", words: `unit ${unit} did not answer` };
  }

  /** Asks, and once more where it turns out that it was not waited long enough; `values` says where a read may be cut. */
  async #ask(unit: number, request: Request, values?: readonly Span[]): Promise<Response | ClientError> {
    for (;;) {
      const waitedMs = this.#patienceMs;
      try {
        return await this.#line.request(unit, request, {
          timeoutMs: waitedMs,
          retries: 0,
          ...(values === undefined ? {} : { values }),
        });
      } catch (error) {
        if (!(error instanceof ClientError) || error.reason === "closed") throw error;
        if (error.reason === "silence") await this.#lookForGateway();
        this.#learn();
        if (this.#patienceMs <= waitedMs) return error;
      }
    }
  }

  #learn(): void {
    for (const { unit, afterMs } of this.#options.late.splice(0)) {
      const raises = this.#raises.get(unit) ?? 0;
      if (patienceAfter(afterMs) <= this.#patienceMs || raises === RAISES) continue;
      this.#raises.set(unit, raises + 1);
      this.#patienceMs = patienceAfter(afterMs);
    }
  }

  /** Once, when somebody is silent. */
  async #lookForGateway(): Promise<void> {
    if (!this.#gateway) return;
    this.#gateway = false;
    const { clock, late } = this.#options;
    const until = clock.elapsed() + GATEWAY_MS - this.#patienceMs;
    while (late.length === 0 && clock.elapsed() < until)
      await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }

  async #recognise(unit: number): Promise<Found> {
    const refusals = new Set<number>();
    let answers = 0;
    const ask: Ask = async (request) => {
      const answer = await this.#ask(unit, request, request.kind === "read" ? eachAlone(request) : undefined);
      if (!("kind" in answer)) return undefined;
      if (answer.kind === "exception") refusals.add(answer.exception);
      else answers++;
      return answer;
    };
    const identity = (await identify(ask)) ?? (await byVoltage(ask));
    if (identity !== undefined) return { unit, by: identity.by, text: identity.text };
    const names = [...refusals].toSorted((a, b) => a - b).map(exceptionName);
    return {
      unit,
      by: "answers",
      text: answers === 0 && names.length > 0 ? `refuses all that was asked: ${names.join(", ")}` : "",
    };
  }
}

/** What a unit says that it is stands still, and its volts nearly: they may come in as many parts as it takes. */
function eachAlone({ first, count }: Span): readonly Span[] {
  return Array.from({ length: count }, (_, k): Span => ({ first: first + k, count: 1 }));
}

const gatewayExceptions: readonly number[] = [Exception.gatewayPathUnavailable, Exception.gatewayTargetFailedToRespond];

function isOfGateway(answer: Response): boolean {
  return answer.kind === "exception" && gatewayExceptions.includes(answer.exception);
}

function gatewayOf(unit: number, answer: Response): Absent {
  const exception = answer.kind === "exception" ? answer.exception : NaN;
  return { unit, why: "gateway", words: `unit ${unit}: the gateway does not reach it: ${exceptionName(exception)}` };
}

/** A float of a plausible voltage where many meters have their first one. */
async function byVoltage(ask: Ask): Promise<Pick<Found, "by" | "text"> | undefined> {
  for (const [fn, name] of [
    [4, "input"],
    [3, "holding"],
  ] as const) {
    const [high, low] = await registersOf(ask, fn, 0, 2);
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
      return { by: "voltage", text: `${volts.toFixed(1)} V at ${name} register 0, a float, ${order}` };
    }
  }
  return undefined;
}
