/** What there is at most of everything that peers, files and time could make grow: the one table. */
export const limits = {
  /** The folder in which a site keeps what must not be forgotten, and who waits for it. */
  store: {
    /** Transactions a second that those can cause who wait for one (a shard); more wait for the same one. */
    commitsPerSecond: 50,
    /** Bytes of answers that may wait on one link until what they tell is on disk; the link is closed beyond. */
    waitingAnswers: 1 << 20,
    /**
     * Bytes of a segment of the journal at least, and how many times as long it is as all numbers of all meters: what is written of
     * them besides what changes is little.
     */
    segmentBytes: 1 << 20,
    segmentTimes: 8,
    /** Segments that hold everything and are kept beside the one that grows: two generations. */
    segmentsKept: 2,
    /** Bytes by which a segment is made longer before records come there: a sync of its length for each. */
    aheadBytes: 1 << 18,
    /** Records that wait for the SQLite files before they go there, whatever the journal does: memory. */
    waitingRecords: 20_000,
    /** Records that are looked into at the start, and with each commit after it: a fraction of a second, and of a millisecond. */
    checkedAtStart: 20_000,
    checkedAtCommit: 20,
    /** Bytes that must be left on the disk besides what the next filing takes: below it the disk is full. */
    spareBytes: 1 << 16,
    /** Complaints that are kept in words; then only how many more there are: somebody may read all of them. */
    complaints: 200,
  },
} as const;
