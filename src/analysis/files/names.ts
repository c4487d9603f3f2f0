/** The tables that there may be: what of them is in a folder and was not written again is of another analysis. */
export const tableNames = [
  "events",
  "assessment",
  "absences",
  ...["150-cycles", "180-cycles", "1-min", "10-min", "120-min"].flatMap((length) => [
    `intervals-${length}`,
    `harmonics-${length}`,
  ]),
  "frequency-10-s",
  "flicker-10-min",
  "flicker-2-h",
] as const;
