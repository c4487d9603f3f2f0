/** Somebody who waits: where he comes from, and how he is sent away. */
export interface Waiting {
  readonly address: string;
  readonly dismiss: () => void;
}

/** Those of one address, each kind in order of coming. */
interface Crowd {
  readonly silent: Set<Waiting>;
  readonly begun: Set<Waiting>;
}

/**
 * Where peers are until they have been answered. When it is full, one goes for each that comes: of the address that has most in it, one that
 * has sent nothing before one that has, and who came first.
 */
export class WaitingRoom {
  readonly #most: number;
  readonly #crowds = new Map<string, Crowd>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  enter(one: Waiting): void {
    if (this.#size >= this.#most) this.#putOut();
    const crowd = this.#crowds.get(one.address) ?? { silent: new Set(), begun: new Set() };
    this.#crowds.set(one.address, crowd);
    crowd.silent.add(one);
    this.#size++;
  }

  /** He has sent something: others go before him. */
  begun(one: Waiting): void {
    const crowd = this.#crowds.get(one.address);
    if (crowd?.silent.delete(one) === true) crowd.begun.add(one);
  }

  leave(one: Waiting): void {
    const crowd = this.#crowds.get(one.address);
    if (crowd === undefined || !(crowd.silent.delete(one) || crowd.begun.delete(one))) return;
    this.#size--;
    if (sizeOf(crowd) === 0) this.#crowds.delete(one.address);
  }

  /** Sends everybody away. */
  clear(): void {
    for (const { silent, begun } of this.#crowds.values()) {
      for (const one of silent) one.dismiss();
      for (const one of begun) one.dismiss();
    }
  }

  #putOut(): void {
    let fullest: Crowd | undefined;
    for (const crowd of this.#crowds.values())
      if (fullest === undefined || sizeOf(crowd) > sizeOf(fullest)) fullest = crowd;
    const [one] = fullest?.silent.size === 0 ? fullest.begun : (fullest?.silent ?? []);
    // He leaves as he is dismissed.
    one?.dismiss();
  }
}

function sizeOf({ silent, begun }: Crowd): number {
  return silent.size + begun.size;
}
