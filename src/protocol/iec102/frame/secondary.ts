/**
 * The link layer of a station in unbalanced transmission (IEC 60870-5-2, 5 and 6): it speaks when it is asked. A frame whose count bit is
 * that of the last one has come again, since the answer to it was lost: it gets that answer again, and nothing is done twice.
 */
import { Answer, Ask, type Control, type Frame } from "./frame.ts";

/** What the link layer carries for. */
export interface SecondaryUser {
  /** The primary station begins anew: what waits is void. */
  reset(): void;
  /** User data. */
  told(asdu: Uint8Array): void;
  /** What is to be said next; undefined of nothing. */
  next(): Uint8Array | undefined;
  /** Whether a primary station is to hear that data of class 1 wait. */
  readonly announces: boolean;
  /** Whether it does not take user data for the moment. */
  readonly busy: boolean;
}

type Primary = Extract<Control, { from: "primary" }>;

export class Secondary {
  readonly #user: SecondaryUser;
  /** The count bit of the last frame that had one, and what was answered; undefined after a reset. */
  #last: { readonly fcb: boolean; readonly answer: Frame } | undefined;

  constructor(user: SecondaryUser) {
    this.#user = user;
  }

  /** What is answered to a frame that is meant for this station; undefined where nobody speaks. `address` is the station's. */
  take(control: Primary, asdu: Uint8Array | undefined, address: number): Frame | undefined {
    const { fcb } = control;
    if (fcb !== undefined && this.#last?.fcb === fcb) return this.#last.answer;
    const answer = this.#answer(control, asdu, address);
    // What was not taken is told again, by the same frame or by another.
    if (fcb !== undefined && answer !== undefined && !isRefused(answer)) this.#last = { fcb, answer };
    return answer;
  }

  /** The meter has begun anew, or is another. */
  forget(): void {
    this.#last = undefined;
  }

  #answer({ fn }: Primary, asdu: Uint8Array | undefined, address: number): Frame | undefined {
    const user = this.#user;
    switch (fn) {
      case Ask.resetLink:
      case Ask.resetProcess:
        this.#last = undefined;
        user.reset();
        return this.#fixed(Answer.ack, address);
      case Ask.test:
        return this.#fixed(Answer.ack, address);
      case Ask.send:
        if (asdu === undefined || user.busy) return this.#fixed(Answer.nack, address);
        user.told(asdu);
        return this.#fixed(Answer.ack, address);
      case Ask.sendNoReply:
        if (asdu !== undefined && !user.busy) user.told(asdu);
        return undefined;
      case Ask.access:
      case Ask.status:
        return this.#fixed(Answer.status, address);
      case Ask.class1:
      case Ask.class2: {
        // Data are taken from one queue by whichever class is asked for: the Spanish profile knows class 2 only.
        const data = user.next();
        if (data === undefined) return this.#fixed(Answer.noData, address);
        return { kind: "frame", control: this.#control(Answer.data), address, asdu: data };
      }
      default:
        return this.#fixed(Answer.notImplemented, address);
    }
  }

  #control(fn: number): Control {
    const { announces, busy } = this.#user;
    // Who has been taken at his word need not hear that the next would not be.
    return { from: "secondary", fn, acd: announces, dfc: busy && (fn === Answer.nack || fn === Answer.status) };
  }

  #fixed(fn: number, address: number): Frame {
    return { kind: "frame", control: this.#control(fn), address, asdu: undefined };
  }
}

function isRefused(answer: Frame): boolean {
  return answer.kind === "frame" && answer.control.from === "secondary" && answer.control.fn === Answer.nack;
}
