/**
 * The secondary station of a data link (IEEE 1815, clause 9.2.6): what it answers to a frame of the other's primary station, and whether the
 * user data are taken. Each other station has one of its own.
 */
import { bits, isCounted, primary, secondary } from "./control.ts";

export interface Verdict {
  /** The function of the answer; undefined of silence. */
  readonly answer: number | undefined;
  /** The user data are for whom is above. */
  readonly deliver: boolean;
  /** The other side begins anew. */
  readonly resets: boolean;
}

const silence: Verdict = { answer: undefined, deliver: false, resets: false };
const reset: Verdict = { answer: secondary.ack, deliver: false, resets: true };
const acknowledged: Verdict = { answer: secondary.ack, deliver: false, resets: false };
const taken: Verdict = { answer: secondary.ack, deliver: true, resets: false };
const unconfirmed: Verdict = { answer: undefined, deliver: true, resets: false };
/** Makes the other side reset the link states. */
const refused: Verdict = { answer: secondary.nack, deliver: false, resets: false };
const status: Verdict = { answer: secondary.linkStatus, deliver: false, resets: false };
const unsupported: Verdict = { answer: secondary.notSupported, deliver: false, resets: false };

/** Whether nothing but the control octet makes a frame what it is: it has no effect on link states, whoever sends it. */
export function isStateless(control: number): boolean {
  const code = control & bits.function;
  return code !== primary.resetLinkStates && code !== primary.unconfirmedUserData && !isCounted(code);
}

export class Secondary {
  /** The frame count bit that the next counted frame has; undefined until the link states have been reset. */
  #expected: number | undefined;

  /** `octets` are the user data that came with it. A frame that contradicts itself is not answered. */
  take(control: number, octets: number): Verdict {
    const code = control & bits.function;
    const hasData = octets > 0;
    if (isCounted(code) !== ((control & bits.fcv) !== 0)) return silence;
    switch (code) {
      case primary.resetLinkStates:
        if (hasData) return silence;
        this.#expected = bits.fcb;
        return reset;
      case primary.testLinkStates:
        return hasData ? silence : this.#count(control, acknowledged);
      case primary.confirmedUserData:
        return hasData ? this.#count(control, taken) : silence;
      case primary.unconfirmedUserData:
        return hasData ? unconfirmed : silence;
      case primary.requestLinkStatus:
        return hasData ? silence : status;
      default:
        return hasData ? silence : unsupported;
    }
  }

  /** A frame that comes again is acknowledged again, and that is all. */
  #count(control: number, verdict: Verdict): Verdict {
    if (this.#expected === undefined) return refused;
    if ((control & bits.fcb) !== this.#expected) return acknowledged;
    this.#expected ^= bits.fcb;
    return verdict;
  }
}
