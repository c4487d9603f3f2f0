/**
 * Who reads a station of IEC 60870-5-102: a session with its key, questions with one answer, and questions whose answers come one by one until
 * the station says that there are no more.
 */
import { asduBytes, asduOf, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { asduWith, bodyOf, type Body } from "#protocol/iec102/asdu/body.ts";
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import { typeName, types } from "#protocol/iec102/asdu/types.ts";
import type { Primary } from "#protocol/iec102/frame/primary.ts";
import { limits } from "#quantity/limits.ts";
import { WireError } from "#wire/cursor.ts";
import { Iec102Error, refusalError } from "./failing.ts";

const [BEGIN, END, SET_TIME, READ_TIME, TIME] = [183, 187, 181, 103, 72];

/** What is asked. */
export interface Question {
  readonly type: number;
  readonly record?: number | undefined;
  readonly body?: Body | undefined;
  /** How many objects the qualifier says; what the body has unless said. */
  readonly count?: number | undefined;
}

export class Iec102Client {
  readonly #primary: Primary;
  readonly #point: number;
  readonly #most: number;
  #isOpen = false;

  /** `most` answers to one question are taken. */
  constructor(primary: Primary, point: number, most: number = limits.iec102.asdus) {
    this.#primary = primary;
    this.#point = point;
    this.#most = most;
  }

  /** Begins a session; undefined shows no key. */
  async open(key: number | undefined): Promise<void> {
    await this.#primary.open();
    if (key === undefined) return;
    const body: Body = { kind: "key", key };
    await this.#tell({ type: BEGIN, body }, Cause.activation);
    const answer = await this.#answerTo(BEGIN);
    if (answer.negative === true)
      throw new Iec102Error(
        "the station refused the key: is it another one, or the measuring point (point=)? After wrong keys some let nobody in for a while",
        "key",
        answer.cause,
      );
    this.#isOpen = true;
  }

  /** A question with one answer. Throws Iec102Error of a refusal. */
  async ask(question: Question): Promise<Body> {
    await this.#tell(question, Cause.requested);
    const answer = await this.#answerTo(question.type);
    const expected = types.get(question.type)?.answer;
    if (answer.negative === true || answer.type !== expected) throw refused(question.type, answer);
    return read(answer);
  }

  /** A question that has many answers, as they come. Throws Iec102Error of a refusal. */
  async *all(question: Question): AsyncGenerator<Body, void> {
    await this.#tell(question, Cause.activation);
    const expected = types.get(question.type)?.answer;
    for (let left = this.#most; left > 0; left--) {
      const answer = await this.#answerTo(question.type);
      if (answer.type === expected && answer.negative !== true) yield read(answer);
      else if (answer.negative === true || answer.type !== question.type) throw refused(question.type, answer);
      else if (answer.cause === Cause.termination) return;
      else if (answer.cause !== Cause.confirmation) throw refused(question.type, answer);
    }
    throw new Iec102Error(`${typeName(question.type)}: more than ${this.#most} answers have come`, "nonsense");
  }

  async time() {
    const body = await this.ask({ type: READ_TIME });
    if (body.kind !== "time") throw new Iec102Error(`${typeName(TIME)} without a time`, "nonsense");
    return body.at;
  }

  async setTime(body: Extract<Body, { kind: "time" }>): Promise<void> {
    await this.#tell({ type: SET_TIME, body }, Cause.activation);
    const answer = await this.#answerTo(SET_TIME);
    if (answer.negative === true || answer.type !== SET_TIME) throw refused(SET_TIME, answer);
  }

  /** Ends the session, where there is one, and the line. */
  async close(): Promise<void> {
    try {
      if (this.#isOpen) {
        this.#isOpen = false;
        await this.#tell({ type: END }, Cause.activation);
        await this.#answerTo(END);
      }
    } catch {
      // It ends anyway.
    } finally {
      this.#primary.close();
    }
  }

  async #tell({ type, record = 0, body = { kind: "nothing" }, count }: Question, cause: number): Promise<void> {
    const head = { type, cause, point: this.#point, record, count };
    await this.#primary.send(asduBytes(asduWith(head, body)));
  }

  /** The next ASDU that may be an answer: what a station says unasked is passed over, within reason. */
  async #answerTo(type: number): Promise<Asdu> {
    for (let left = limits.iec102.stray; left > 0; left--) {
      const bytes = await this.#primary.poll(limits.iec102.preparingMs);
      if (bytes === undefined)
        throw new Iec102Error(`${typeName(type)}: the station takes it and has no answer`, "silence");
      const asdu = asIn(bytes);
      if (asdu.cause === Cause.spontaneous || asdu.cause === Cause.initialised) continue;
      if (asdu.point === this.#point) return asdu;
    }
    throw new Iec102Error(`${typeName(type)}: nothing comes but what nobody has asked for`, "nonsense");
  }
}

function asIn(bytes: Uint8Array): Asdu {
  try {
    return asduOf(bytes);
  } catch (error) {
    throw nonsense(error, "what came is no ASDU");
  }
}

function read(asdu: Asdu): Body {
  try {
    return bodyOf(asdu);
  } catch (error) {
    throw nonsense(error, typeName(asdu.type));
  }
}

function nonsense(error: unknown, what: string): unknown {
  return error instanceof WireError ? new Iec102Error(`${what}: ${error.message}`, "nonsense") : error;
}

/** A refusal repeats the question; of another answer it is said which one came. */
function refused(type: number, answer: Asdu): Iec102Error {
  const isRefusal = answer.type === type && (answer.negative === true || answer.cause >= Cause.noRecord);
  if (isRefusal) return refusalError(type, answer.cause);
  return new Iec102Error(
    `${typeName(type)} was asked and ${typeName(answer.type)} with cause ${answer.cause} came`,
    "nonsense",
  );
}
