/** What there is at most of everything that peers, files and time could make grow: the one table. */
export const limits = {
  store: {
    /** Transactions a second that those can cause who wait for one (a shard); more wait for the same one. */
    commitsPerSecond: 50,
    /** Bytes of answers that may wait on one link until what they tell is on disk; the link is closed beyond. */
    waitingAnswers: 1 << 20,
  },
} as const;
