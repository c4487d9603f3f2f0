/**
 * Who may come in at one listener. Everybody who connects waits until he has been answered, or has logged in where that is what counts; then
 * he takes a place in the listener's rooms, which nobody takes from him. So those who only connect are in nobody's way: when the last place
 * is taken they go, and who comes then is refused.
 */
import { limits } from "#quantity/limits.ts";
import { networkOf } from "#quantity/network.ts";
import { isLoopback } from "./address.ts";
import type { PeerCounts } from "./peer-counts.ts";
import type { PeerRoom } from "./peer-room.ts";
import { WaitingRoom, type Waiting } from "./waiting-room.ts";

/** A connection of a peer, from its beginning to its end. */
export interface Guest {
  /** It has sent something. False where there is no place for it any more: it has been ended. */
  begun(): boolean;
  /** It is about to be answered, or has logged in: from here on it has its place. False where there is none: it has been ended. */
  answered(): boolean;
  /** It has ended, by whomever. */
  left(): void;
}

type Stage = "waiting" | "inside" | "gone";

export class Entrance {
  readonly #rooms: readonly PeerRoom[];
  readonly #counts: PeerCounts;
  readonly #waiting: WaitingRoom;
  /** Where peers on this machine wait: nobody elsewhere puts them out. */
  readonly #near: WaitingRoom;
  /** How each connection that there is is ended. */
  readonly #ends = new Set<() => void>();

  /** A peer takes a place in each of the rooms, or in none; `most` wait, and as many near. */
  constructor(rooms: readonly PeerRoom[], counts: PeerCounts, most: number = limits.peers.waiting) {
    this.#rooms = rooms;
    this.#counts = counts;
    this.#waiting = new WaitingRoom(most);
    this.#near = new WaitingRoom(most);
  }

  /** Somebody has connected from an IP address; undefined where there is no place for him. `end` ends his connection. */
  knock(ip: string, end: () => void): Guest | undefined {
    const address = networkOf(ip);
    if (!this.#has(address)) {
      this.#counts.refused++;
      return undefined;
    }
    this.#counts.taken++;
    const room = isLoopback(ip) ? this.#near : this.#waiting;
    this.#ends.add(end);
    let stage: Stage = "waiting";
    const leave = (): void => {
      if (stage === "inside") for (const one of this.#rooms) one.leave(address);
      stage = "gone";
      room.leave(waiting);
      this.#ends.delete(end);
    };
    const refuse = (): false => {
      leave();
      this.#counts.refused++;
      end();
      return false;
    };
    const waiting: Waiting = {
      address,
      dismiss: () => {
        leave();
        this.#counts.putOut++;
        end();
      },
    };
    room.enter(waiting);
    return {
      begun: () => {
        if (stage !== "waiting") return stage === "inside";
        if (!this.#has(address)) return refuse();
        room.begun(waiting);
        return true;
      },
      answered: () => {
        if (stage !== "waiting") return stage === "inside";
        if (!this.#has(address)) return refuse();
        room.leave(waiting);
        for (const one of this.#rooms) one.enter(address);
        stage = "inside";
        // Whoever waits now waits in vain.
        if (this.#rooms.some(({ isFull }) => isFull)) for (const waits of [this.#waiting, this.#near]) waits.clear();
        return true;
      },
      left: leave,
    };
  }

  /** Ends every connection. */
  clear(): void {
    for (const end of this.#ends) end();
  }

  #has(address: string): boolean {
    return this.#rooms.every((room) => room.has(address));
  }
}
