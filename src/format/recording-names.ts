/** What files of recordings are called. */

/** Names of the files that are read, by what they are. */
export const recordingExtensions = {
  comtrade: [".cfg", ".dat", ".cff"],
  columns: [".csv", ".txt", ".tsv", ".asc", ".prn"],
  wav: [".wav", ".wave", ".rf64", ".bw64", ".w64"],
  pqdif: [".pqd", ".pqdif"],
} as const;
