/** Protocols of one question and one answer, a datagram each: nothing is remembered of who asked. */
import type { Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import type { Station } from "./protocol.ts";

/** Milliseconds between two looks at whether an answer that waits for something has gone. */
const LOOK_MS = 20;

/** The one meter that a place has room for. */
export function onlyStation<Keys>(
  [station, second]: readonly [Station<Keys>, ...Station<Keys>[]],
  title: string,
): Station<Keys> {
  if (second !== undefined)
    throw new Error(
      `${station.device.name} and ${second.device.name} are both on one place, where ${title} has room for one`,
    );
  return station;
}

/** Answers each datagram by itself, or not at all. Nobody hangs up: who has been answered gives his place back at once. */
export function questions(clock: Clock, answer: (datagram: Uint8Array, link: Link) => Uint8Array | undefined) {
  return (link: Link): void => {
    let going = (): void => {};
    const go = (ms: number): void => {
      going = clock.after(ms, () => (link.waiting > 0 ? go(LOOK_MS) : link.close()));
    };
    link.receive((datagram) => {
      const bytes = answer(datagram, link);
      if (bytes !== undefined) link.send(bytes);
      going();
      go(0);
    });
    link.closed(() => going());
  };
}
