/** Link addresses (IEEE 1815, clause 9.2.3.3; TB2013-002): which are a device's, and which mean something else. */
import { broadcasts, type Broadcast } from "./master-line.ts";

/** The highest address that a device can have; those between it and the special ones are reserved. */
export const LAST_ADDRESS = 0xffef;

/** Whoever is called so answers with its own address, where that is on. */
export const SELF_ADDRESS = 0xfffc;

export function isBroadcast(address: number): address is Broadcast {
  return address >= broadcasts.noConfirm;
}
