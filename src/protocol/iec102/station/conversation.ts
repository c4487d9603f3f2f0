/**
 * One primary station's conversation with a meter: the session that its key began, the request that is being answered, and what is to be said
 * unasked. Answers are made when they are polled; a new request drops those that nobody has fetched.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { asduBytes, asduOf, mirror, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { bodyOf, type Body } from "#protocol/iec102/asdu/body.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import type { SecondaryUser } from "#protocol/iec102/frame/secondary.ts";
import type { Peer } from "#quantity/authority.ts";
import { WireError } from "#wire/cursor.ts";
import { answeringOf, begun, refused } from "./answers.ts";
import type { Iec102Host, StationSession, Told } from "./host.ts";
import { utcOf } from "./telegram-time.ts";

const SET_TIME = 181;
const BEGIN = 183;
const END = 187;

export interface ConversationOptions {
  readonly host: Iec102Host;
  readonly peer: Peer;
  readonly clock: Clock;
  /** Is told of user data that are no ASDU, and of a key that was wrong. */
  readonly misunderstood: () => void;
  /** A primary station has begun, or is gone: it has ended its session, or was silent. */
  readonly connected: () => void;
  readonly left: () => void;
}

export class Conversation implements SecondaryUser {
  readonly #host: Iec102Host;
  readonly #options: ConversationOptions;
  #epoch: number;
  #session: StationSession | undefined;
  /** Whoever began it is the one who gets what comes of it. */
  #opening: object | undefined;
  #answers: Iterator<Asdu> | undefined;
  /** What `next` says next. */
  #ready: Asdu | undefined;
  /** That the station has begun, until somebody has heard it. */
  #begun: Asdu | undefined;
  #present = false;
  #heardAt = 0;
  #silence: Cancel = () => {};

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#epoch = options.host.epoch;
    this.#begin();
  }

  get announces(): boolean {
    // The Spanish profile knows no data of class 1.
    return this.#isStandard && (this.#ready !== undefined || this.#begun !== undefined);
  }

  get busy(): boolean {
    return this.#opening !== undefined;
  }

  get #isStandard(): boolean {
    return this.#host.settings.companion === "base";
  }

  /** A frame for this station has come. True where the meter has begun anew since: what the link layer remembers is void. */
  heard(): boolean {
    this.#heardAt = this.#options.clock.elapsed();
    const isNew = this.#epoch !== this.#host.epoch;
    if (isNew) {
      this.#epoch = this.#host.epoch;
      this.#end();
      this.#begin();
    }
    if (!this.#present) {
      this.#present = true;
      this.#options.connected();
      this.#watch();
    }
    return isNew;
  }

  reset(): void {
    this.#drop();
    this.#leave();
  }

  told(bytes: Uint8Array): void {
    this.#drop();
    try {
      this.#answerTo(asduOf(bytes));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#options.misunderstood();
    }
  }

  next(): Uint8Array | undefined {
    const said = this.#begun ?? this.#ready;
    if (said === undefined) return undefined;
    if (this.#begun === undefined) this.#advance();
    this.#begun = undefined;
    return asduBytes(said);
  }

  /** The line is gone. */
  end(): void {
    this.#end();
  }

  #begin(): void {
    this.#begun = this.#isStandard ? begun(this.#host) : undefined;
  }

  #watch(): void {
    const { clock } = this.#options;
    const { sessionMs } = this.#host.settings;
    this.#silence = clock.after(this.#heardAt + sessionMs - clock.elapsed(), () => {
      if (clock.elapsed() - this.#heardAt < this.#host.settings.sessionMs) return this.#watch();
      this.#end();
    });
  }

  #end(): void {
    this.#silence();
    this.#drop();
    this.#leave();
    if (this.#present) this.#options.left();
    this.#present = false;
  }

  #leave(): void {
    this.#opening = undefined;
    this.#session?.leave();
    this.#session = undefined;
  }

  #drop(): void {
    this.#answers?.return?.();
    this.#answers = this.#ready = undefined;
  }

  #say(answers: Iterable<Asdu>): void {
    this.#drop();
    this.#answers = answers[Symbol.iterator]();
    this.#advance();
  }

  #advance(): void {
    const step = this.#answers?.next();
    this.#ready = step === undefined || step.done === true ? undefined : step.value;
    if (this.#ready === undefined) this.#answers = undefined;
  }

  #answerTo(request: Asdu): void {
    const { settings } = this.#host;
    const { type, cause, point } = request;
    if (cause === Cause.deactivation) return this.#say([mirror(request, Cause.deactivated)]);
    if (cause !== Cause.requested && cause !== Cause.activation) return this.#options.misunderstood();
    if (point !== settings.measuringPoint) return this.#say(refused(request, Cause.unknownAddress));
    const isOfSession = type === BEGIN || type === END;
    const isKnown = settings.companion === "ree" || (isOfSession && settings.password);
    const answering = answeringOf(type, this.#host);
    if (answering === undefined && !(isKnown && (isOfSession || type === SET_TIME)))
      return this.#say(refused(request, Cause.noType));
    const body = bodyIn(request);
    if (body === undefined) {
      this.#options.misunderstood();
      return this.#say(refused(request, Cause.confirmation));
    }
    if (type === BEGIN) return this.#open(body, request);
    if (type === END) return this.#finish(request);
    this.#inSession(request, (session) => {
      if (type === SET_TIME) return this.#say(this.#setTime(request, body, session));
      this.#say(answering?.(request, body, this.#host) ?? refused(request, Cause.noType));
    });
  }

  /** Where a password is asked for, who has shown none is refused; else everybody has a session. */
  #inSession(request: Asdu, run: (session: StationSession) => void): void {
    if (this.#session !== undefined) return run(this.#session);
    const no = (): void => this.#say(refused(request, Cause.confirmation));
    if (this.#host.settings.password) return no();
    this.#admit(undefined, (session) => (session === undefined ? no() : run(session)));
  }

  #open(body: Body, request: Asdu): void {
    if (body.kind !== "key") return;
    this.#leave();
    this.#admit(this.#host.settings.password ? body.key : undefined, (session) => {
      if (session === undefined) this.#options.misunderstood();
      this.#say([mirror(request, Cause.confirmation, session === undefined)]);
    });
  }

  #admit(key: number | undefined, run: (session: StationSession | undefined) => void): void {
    const opening = {};
    this.#opening = opening;
    void this.#host.open(key, this.#options.peer).then((session) => {
      // Meanwhile the link was reset, or the line is gone.
      if (this.#opening !== opening) return session?.leave();
      this.#opening = undefined;
      this.#session = session;
      run(session);
    });
  }

  /** The session has ended when that is confirmed: what still waits is only this. */
  #finish(request: Asdu): void {
    this.#leave();
    this.#say([mirror(request, Cause.confirmation)]);
  }

  #setTime(request: Asdu, body: Body, session: StationSession): Iterable<Asdu> {
    const utc = body.kind === "time" && !body.at.invalid ? this.#utcOf(body.at) : undefined;
    // What is sent to try it out changes nothing.
    const isTest = request.test === true;
    const told: Told = utc === undefined || isTest ? "refused" : session.setTime(utc);
    if (told === "unsupported") return refused(request, Cause.noType);
    return [mirror(request, Cause.confirmation, told !== "done")];
  }

  #utcOf(at: Extract<Body, { kind: "time" }>["at"]): number | undefined {
    return utcOf(at, (local) => this.#host.utcOf(local));
  }
}

/** Undefined where it is not laid out as its type is. Only lists of addresses have more objects than one; some readers count none. */
function bodyIn(request: Asdu): Body | undefined {
  const isList = types.get(request.type)?.shape === "addresses";
  if (request.sequence === true || (request.count > 1 && !isList)) return undefined;
  try {
    return bodyOf(request);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
