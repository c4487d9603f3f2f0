/** What the events of the Spanish profile mean, by their addresses (SPA) and qualifiers (SPQ). */

type Words = string | readonly [off: string, on: string];

const contract = ["contract I", "contract II", "contract III"] as const;

function each(first: number, words: string): Readonly<Record<number, Words>> {
  return Object.fromEntries(contract.map((one, k) => [first + k, `${words}, ${one}`]));
}

const events: Readonly<Record<number, Readonly<Record<number, Words>>>> = {
  1: { 1: "started anew, data before are lost", 2: "started after a power failure, data are kept" },
  3: {
    0: "started anew, data before are lost",
    1: ["voltage of phase 1 is back", "voltage of phase 1 failed"],
    2: ["voltage of phase 2 is back", "voltage of phase 2 failed"],
    3: ["voltage of phase 3 is back", "voltage of phase 3 failed"],
  },
  7: {
    2: "the meter's clock differs from its recorder's",
    9: "the clock was set: time before",
    11: "the clock was set: time after",
    ...each(21, "billing period closed by command"),
  },
  15: {
    0: "parameters changed",
    1: "communication ports changed by command",
    ...each(21, "parameters changed"),
    ...each(24, "contracted powers changed by command"),
    ...each(27, "holidays changed by command"),
  },
  16: { 0: "the recorder's private key changed" },
  18: {
    1: "intrusion",
    2: ["communication with a concentrator ended", "communication with a concentrator began"],
    3: ["communication with a portable reader ended", "communication with a portable reader began"],
    4: ["communication with the GPS clock is back", "communication with the GPS clock was lost"],
    ...each(21, "communication"),
  },
  19: {},
};

/** Internal errors are the manufacturer's own. */
const INTERNAL = 19;

export function eventText(address: number, qualifier: number, on: boolean): string {
  const words = events[address]?.[qualifier];
  if (typeof words === "string") return words;
  if (words !== undefined) return words[on ? 1 : 0];
  return address === INTERNAL ? `internal error ${qualifier}` : "";
}
