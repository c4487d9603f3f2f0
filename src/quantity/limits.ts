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
  /** What people write and send: configurations, site files, settings, commands. */
  configuration: {
    /** Characters of a configuration: the largest that means anything, spaced out for people, has a third of it. */
    characters: 1 << 20,
    /** Characters of a site file: thousands of meters. */
    siteCharacters: 1 << 24,
    /** Configurations that running meters read at once, each in some 30 turns of the event loop, and that wait. */
    reading: { near: { atOnce: 1, waiting: 50, each: 50 }, far: { atOnce: 1, waiting: 50, each: 5 } },
    /** Characters of YAML that a running meter reads: some 10 ms in which it does nothing else. JSON takes a fiftieth. */
    yamlWhileRunning: 8192,
    /** Lists and objects within each other; a configuration has 6. */
    depth: 20,
    /** Keys of one object; the settings of a meter are some hundred. */
    keys: 1000,
    /** Numbers, texts, lists and objects in a configuration; the fullest has 8,300. */
    values: 20_000,
    /** The same in a site file. */
    siteValues: 2_000_000,
    /** Aliases of YAML: looking each up takes as long as the file is. */
    aliases: 100,
    /** Lines that say what is wrong; then how many more there are. */
    problems: 50,
    /** Characters of such a line: what came is repeated in it. */
    problemCharacters: 1000,
  },
  /** What people make work, and what is kept of it. */
  people: {
    /** Passwords that are worked on at once (some ten milliseconds each, beside the event loop), and that wait, from everywhere and from one place. */
    passwords: { near: { atOnce: 2, waiting: 500, each: 500 }, far: { atOnce: 1, waiting: 100, each: 20 } },
    /** Entries of the security log, which holds 500, that people can make at will; more fold into those that are there. */
    entriesAtWill: 250,
    /** Things of a meter that are told apart in that log, so that they fold. */
    repeated: 1000,
    /** Characters of a name that strangers choose. */
    nameCharacters: 40,
    /** Wrong passwords that are counted apart: by user and place, by name that is none and place, by place. */
    lockouts: 10_000,
    /** Sessions of one user of a meter; then the one that has been silent longest ends. */
    sessions: 100,
  },
  /** What the command line takes in of what answers. */
  reader: {
    /** Bytes of an answer over HTTP: a full profile of 16 channels has some 30 million. */
    answerBytes: 1 << 25,
    /** Lists and objects within each other, keys of one object, values, in such an answer. */
    depth: 64,
    keys: 10_000,
    values: 5_000_000,
  },
} as const;
