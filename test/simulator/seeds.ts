/**
 * Seeds by which something was found, and what: each is run with every test from then on. A change of the simulator makes another run
 * of a seed: what was found has a test of its own, too.
 */
export const regressions: readonly (readonly [seed: number, what: string])[] = [
  [
    10,
    "a setting was acknowledged by the answer to the very request by which the store found out that it can keep nothing",
  ],
  [
    13,
    "a bit that flipped in the first record of a run took the meaning of all later ones with it: a meter began anew",
  ],
  [42, "a mark was moved although the store could keep nothing, and the request refused"],
  [93, "a profile whose state was lost with the first record had a record that ended before it began"],
  [30, "a reading that a program pushed was refused because the store was in trouble"],
  [271, "a process that was killed between two cuts of the journal's end was said to have lost what came after it"],
  [665, "as 13, and then again"],
  [5862, "that records which waited while a disk refused are in the record after that was not known to the oracle"],
  [7554, "a segment of the journal that was only begun was said to be damaged"],
  [974, "a bit that flipped in the first record after a segment had been replaced took all numbers with it"],
  [3405, "as 974"],
  [3686, "as 974"],
  [
    4952,
    "a clearing whose execution stood in a damaged record was executed once more, and what had flowed since was gone",
  ],
  [4488, "that what flowed in a lost record is counted in a later one was not known to the oracle"],
  [7098, "a profile record of a meter whose clock was set, in a damaged record, was missed by the oracle"],
  [3571, "a segment whose head was torn when the power failed was said to be one that cannot be read"],
];
