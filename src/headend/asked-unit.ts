/** One unit of a line that is read, and asked other things beside: some keep silent on those. */
import type { Asking, Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import type { Request, Response } from "#protocol/modbus/pdu.ts";
import type { Ask } from "./identity.ts";
import { realClock } from "./real-clock.ts";

/** How long a unit is waited for that answers its registers in so much time, and perhaps not at all what else it is asked; milliseconds. */
const SIDE_MS = 250;
const SIDE_TIMES = 4;

export class AskedUnit implements Requester {
  readonly #line: Requester;
  readonly #unit: number;
  readonly #answers = new Map<string, Promise<Response | undefined>>();
  #slowestMs = 0;

  constructor(line: Requester, unit: number) {
    this.#line = line;
    this.#unit = unit;
  }

  async request(unit: number, request: Request, asking?: Asking): Promise<Response> {
    const began = realClock.elapsed();
    const response = await this.#line.request(unit, request, asking);
    this.#slowestMs = Math.max(this.#slowestMs, realClock.elapsed() - began);
    return response;
  }

  /** Beside its registers: not for longer than it takes for those, and nothing twice; undefined where no answer comes. */
  readonly ask: Ask = (request) => {
    const what = JSON.stringify(request);
    const answer = this.#answers.get(what) ?? this.#aside(request);
    this.#answers.set(what, answer);
    return answer;
  };

  async #aside(request: Request): Promise<Response | undefined> {
    const timeoutMs = Math.max(SIDE_MS, SIDE_TIMES * this.#slowestMs);
    try {
      return await this.#line.request(this.#unit, request, { timeoutMs, retries: 0 });
    } catch (error) {
      if (error instanceof ClientError && error.reason !== "closed") return undefined;
      throw error;
    }
  }

  close(): void {
    this.#line.close();
  }
}
