/** Flags of points as people say them (IEEE 1815 clause 11.6): what the upper bits mean depends on what the point is. */

export type Sort = "binary" | "double" | "counter" | "analog" | "other";

const groups: readonly (readonly [sort: Sort, groups: readonly number[]])[] = [
  ["binary", [1, 2, 10, 11, 13]],
  ["double", [3, 4]],
  ["counter", [20, 21, 22, 23]],
  ["analog", [30, 31, 32, 33, 40, 42]],
];

/** What the points of a group are. */
export function sortOf(group: number): Sort {
  return groups.find(([, own]) => own.includes(group))?.[0] ?? "other";
}

export const ONLINE = 0x01;
/** Of a binary: it is on. */
export const STATE = 0x80;
/** Of a double-bit input its two bits stand above these. */
export const DOUBLE_STATE = 6;

/** States of a double-bit input, from 0. */
export const doubleStates = ["between", "off", "on", "undetermined"] as const;

const common = ["since a restart", "communication lost", "forced remotely", "forced locally"] as const;
const above: Readonly<Record<Sort, readonly string[]>> = {
  binary: ["chatter"],
  double: ["chatter"],
  counter: ["rolled over", "discontinuity"],
  analog: ["over range", "reference in doubt"],
  other: [],
};

/** What is not as it should be; nothing of a point that is plainly online. */
export function flagWords(group: number, flags: number): readonly string[] {
  const words = [...common, ...above[sortOf(group)]];
  const set = words.filter((_, bit) => (flags & (2 << bit)) !== 0);
  return [...((flags & ONLINE) === 0 ? ["not online"] : []), ...set];
}
