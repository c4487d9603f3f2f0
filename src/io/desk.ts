/** Work beside the event loop, a few pieces at once. Who waits for it, waits by where he comes from: nobody keeps others waiting. */

export interface DeskRoom {
  /** Pieces that are worked on at once. */
  readonly atOnce: number;
  /** Pieces that may wait besides, from everywhere and from one place. */
  readonly waiting: number;
  readonly each: number;
}

/** Whom work is for. */
export interface Caller {
  /** On this machine. */
  readonly near: boolean;
  /** Where he is: an address, or a network that is one host's. */
  readonly place: string;
}

/** Two desks: peers elsewhere cannot keep those on this machine waiting, nor each other. */
export class Desks {
  readonly #near: Desk;
  readonly #far: Desk;

  constructor({ near, far }: { readonly near: DeskRoom; readonly far: DeskRoom }) {
    this.#near = new Desk(near);
    this.#far = new Desk(far);
  }

  /** Does a piece of work for somebody; undefined when too much waits already. */
  take<T>({ near, place }: Caller, work: () => Promise<T>): Promise<T | undefined> {
    return (near ? this.#near : this.#far).take(place, work);
  }
}

/** Told whether its turn has come, or it is turned away. */
type Waiting = (come: boolean) => void;

export class Desk {
  readonly #room: DeskRoom;
  /** By place; the one whose turn it is, is first. */
  readonly #queues = new Map<string, Waiting[]>();
  #waiting = 0;
  #working = 0;

  constructor(room: DeskRoom) {
    this.#room = room;
  }

  /** Pieces that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Does a piece of work for a place; undefined when too much waits already. */
  async take<T>(place: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#working < this.#room.atOnce) this.#working++;
    else if (!(await this.#turn(place))) return undefined;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** Waits; false when turned away. */
  #turn(place: string): Promise<boolean> {
    const { waiting, each } = this.#room;
    const mine = this.#queues.get(place) ?? [];
    if (mine.length >= each || (this.#waiting >= waiting && !this.#makeRoom(mine.length)))
      return Promise.resolve(false);
    return new Promise((resolve) => {
      mine.push(resolve);
      this.#queues.set(place, mine);
      this.#waiting++;
    });
  }

  /** Whoever came last from the place where most wait goes, when that are more than wait where the new one comes from. */
  #makeRoom(mine: number): boolean {
    let most: Waiting[] = [];
    for (const queue of this.#queues.values()) if (queue.length > most.length) most = queue;
    if (most.length <= mine + 1) return false;
    most.pop()?.(false);
    this.#waiting--;
    return true;
  }

  /** Hands a place at the desk to the next, place by place. */
  #next(): void {
    const [first] = this.#queues;
    if (first === undefined) {
      this.#working--;
      return;
    }
    const [place, queue] = first;
    const next = queue.shift();
    this.#queues.delete(place);
    if (queue.length > 0) this.#queues.set(place, queue);
    this.#waiting--;
    next?.(true);
  }
}
