/** What there is at most of everything that peers, files and time could make grow: the one table. */
export const limits = {
  store: {
    /** Transactions a second that those can cause who wait for one (a shard); more wait for the same one. */
    commitsPerSecond: 50,
    /** Bytes of answers that may wait on one link until what they tell is on disk; the link is closed beyond. */
    waitingAnswers: 1 << 20,
  },
  web: {
    /** TCP connections at once, of all peers and of one address that is not this machine's: what they hold is a socket each. */
    connections: 512,
    connectionsOfAddress: 64,
    /** Milliseconds for a TLS handshake, for the headers of a request, and for all of it. */
    handshakeMs: 10_000,
    headersMs: 10_000,
    requestMs: 60_000,
    /** Event streams at once, of all peers and of one address: each event is made for each of them. */
    streams: 200,
    streamsOfAddress: 20,
    /** Milliseconds that one event may wait for a peer to read what was sent before; then its stream is dropped. */
    unreadMs: 10_000,
    /** Milliseconds between looks at the users' file, at sessions that time out and at streams that nobody reads. */
    beatMs: 1000,
    /** Sessions of one user of the site; then the one that has been silent longest ends. */
    sessionsOfUser: 50,
    /** Milliseconds without a request after which a session of the site ends: a shift. */
    sessionMs: 8 * 3_600_000,
    /** Characters of a password of a user of the site: NIST SP 800-63B has 8 at least; a hash is made of all of them. */
    passwordLeast: 8,
    passwordMost: 256,
    /** Users of a site: their file is read whole. */
    users: 1000,
    /** Wrong passwords that one address may send before it has to wait, and milliseconds until it may send one more. */
    wrongLogIns: 10,
    wrongLogInMs: 30_000,
    /** Addresses whose wrong passwords are remembered; who was heard of longest ago is forgotten first. */
    wrongAddresses: 1000,
    /** Bytes of a log-in, of a mark, of a reading or a list of fault rules, and of a configuration or a command. */
    logInBytes: 4096,
    markBytes: 4096,
    readingBytes: 65_536,
    configurationBytes: 1 << 20,
    /** Characters of what a mark is called by: a meter keeps hundreds of them. */
    markName: 100,
    /** Entries of a log, and self reads, that one answer carries, and local days before today that it reaches back. */
    entries: 500,
    days: 60,
  },
} as const;
