/** Room for peers, as the meters behind a place have it. */
import type { Protocol, Station } from "#fleet/protocols/protocol.ts";
import { PeerRoom } from "#io/peer-room.ts";

interface Behind {
  readonly stations: readonly [Station, ...Station[]];
  readonly protocol: Protocol;
}

/** Meters behind one port have room for all of their peers together; undefined where one of them names no limit. */
export function roomOf({ stations, protocol: { name } }: Behind): number | undefined {
  let room = 0;
  for (const { device, port } of stations) {
    const own = device.room(name, port);
    if (own === undefined) return undefined;
    room += own;
  }
  return room;
}

/** What listeners of one meter's port share. A place that meters share is none of one alone. */
export class Rooms {
  readonly #rooms = new Map<string, PeerRoom>();

  of([{ device, port }, ...others]: Behind["stations"], { name }: Protocol): readonly PeerRoom[] {
    if (others.length > 0) return [];
    const where = `${device.name} ${port}`;
    const [own, all] = [device.room(name, port), device.roomInAll?.(port)];
    return [
      ...(own === undefined ? [] : [this.#room(`${where} ${name}`, own)]),
      ...(all === undefined ? [] : [this.#room(where, all)]),
    ];
  }

  #room(where: string, most: number): PeerRoom {
    const room = this.#rooms.get(where) ?? new PeerRoom(most);
    this.#rooms.set(where, room);
    return room;
  }
}
