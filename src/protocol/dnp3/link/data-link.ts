/** One end of a data link between a master and an outstation: both stations of clause 9.2, and the transport function above them. */
import { bits } from "./control.ts";
import { headerBytes, type Frame } from "./frame.ts";
import { Primary, type PrimaryOptions } from "./primary.ts";
import { Secondary } from "./secondary.ts";
import { Reassembler } from "./segments.ts";

export interface DataLinkOptions extends PrimaryOptions {
  /** A fragment from the other end, which is the callee's. */
  readonly take: (fragment: Uint8Array) => void;
  /** An answer of the other end's secondary station: it is there. Nobody is told unless said. */
  readonly answered?: ((control: number) => void) | undefined;
}

export class DataLink {
  readonly #options: DataLinkOptions;
  readonly #primary: Primary;
  readonly #secondary = new Secondary();
  readonly #reassembler = new Reassembler();
  #open = true;

  constructor(options: DataLinkOptions) {
    this.#options = options;
    this.#primary = new Primary(options);
  }

  /** Whether acknowledgements of a fragment are waited for. */
  get isBusy(): boolean {
    return this.#primary.isBusy;
  }

  /** The fragment must stay as it is until it has gone. One that is under way gives way to it. */
  send(fragment: Uint8Array): void {
    if (this.#open) this.#primary.send(fragment);
  }

  /** Asks whether the other end is there: `answered` is told. */
  requestLinkStatus(): void {
    this.#primary.requestLinkStatus();
  }

  /** A frame of the other end, to this one's own address. One that runs the wrong way is nobody's. */
  take({ control, data }: Frame): void {
    const { isMaster, take, answered, destination, source, send } = this.#options;
    if (((control & bits.dir) !== 0) === isMaster) return;
    if ((control & bits.prm) === 0) {
      if (data.length > 0) return;
      this.#primary.heard(control);
      answered?.(control);
      return;
    }
    const { answer, deliver, resets } = this.#secondary.take(control, data.length);
    if (resets) this.#reassembler.reset();
    // What it holds is another's after the answer has gone.
    const fragment = deliver ? this.#reassembler.take(data) : undefined;
    if (answer !== undefined) send(headerBytes({ control: answer | (isMaster ? bits.dir : 0), destination, source }));
    if (fragment !== undefined) take(fragment);
  }

  /** Nothing is sent any more. */
  end(): void {
    this.#open = false;
    this.#primary.end();
    this.#reassembler.reset();
  }
}
