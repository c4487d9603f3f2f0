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
    /** Bytes between a record that says again what the one before said and that one: what a disk loses at once, a sector. */
    sectorBytes: 512,
    /** Records that wait for the SQLite files before they go there, whatever the journal does: memory. */
    waitingRecords: 20_000,
    /** Records that are looked into at the start, and with each commit after it: a fraction of a second, and of a millisecond. */
    checkedAtStart: 20_000,
    checkedAtCommit: 20,
    /** Commits between the end of one look into all records and the next: a day of two a second. */
    commitsBetweenLooks: 172_800,
    /** Bytes that must be left on the disk besides what the next filing takes: below it the disk is full. */
    spareBytes: 1 << 16,
    /** How many times as much must be left until a disk that was full is full no longer: what is written meanwhile takes some. */
    spareAgain: 2,
    /** Complaints that are kept in words; then only how many more there are: somebody may read all of them. */
    complaints: 200,
    /** Meters that a complaint names of those that have lost records; of the others it says how many they are. */
    metersNamed: 10,
  },
  panel: {
    /** Milliseconds that a button is held at most: nobody says any more that it is. */
    heldMs: 15_000,
    /** Milliseconds after which a panel that nobody looks at is forgotten. */
    unusedMs: 600_000,
    /** Bytes of what a hand does. */
    touchBytes: 256,
    /** Presses and releases of one hand, a second. */
    touchesPerSecond: 40,
  },
  web: {
    /**
     * Records and values of a profile in one answer, and records that are looked at for it: a tenth of a second in which nobody else is answered. Who
     * wants more goes on with `since`.
     */
    profileRecords: 4000,
    profileValues: 100_000,
    profileLooked: 20_000,
    /**
     * Points of a trend, records that each is made of before pieces of records are made instead, and numbers that those may have of all meters
     * together: 64 MB.
     */
    trendPoints: 2000,
    trendRecords: 16,
    trendNumbers: 8_000_000,
    /** Records that bills are made of in one answer: three years of quarters of an hour are 105,000. */
    billRecords: 200_000,
    /** Characters of a text that is looked for in logs. */
    searchCharacters: 100,
    /** Entries of logs that are looked at for one answer. */
    entriesLooked: 20_000,
    /**
     * Workbooks, which one thread makes: cells of one (all that a profile of this house holds has 1,300,000 at most), megabytes of the thread's heap
     * (docs/energy.md), workbooks that wait for the one that is made, and milliseconds until a thread with nothing to do is ended.
     */
    workbook: { cells: 1_500_000, heapMb: 512, waiting: 8, idleMs: 30_000 },
    /** TCP connections at once, of all peers elsewhere and of one address: what they hold is a socket each. */
    connections: 512,
    connectionsOfAddress: 64,
    /** Milliseconds for a TLS handshake, for the headers of a request, and for all of it. */
    handshakeMs: 10_000,
    headersMs: 10_000,
    requestMs: 60_000,
    /** Event streams at once, of all peers and of one address: each event is made for each of them. */
    streams: 200,
    streamsOfAddress: 20,
    /** Of them, for those near: nobody elsewhere takes their places. */
    streamsNear: 50,
    /** Milliseconds that one event may wait for a peer to read what was sent before; then its stream is dropped. */
    unreadMs: 10_000,
    /** Characters of what says where a stream was left, and log entries and records that come of what was missed meanwhile. */
    eventId: 1000,
    missed: 500,
    /** Milliseconds after which a browser whose stream has broken off opens it again. */
    retryMs: 2000,
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
    /** Meters that metrics are made of in one turn of the event loop: a few milliseconds. */
    metersAtOnce: 50,
    /** Meters of an overview in one answer. */
    overview: 200,
    /** Browsers whose names and passwords for meters stand for sessions that are remembered. */
    browsers: 1000,
    /** Milliseconds after which an editor that says nothing is gone; editors of one user or address, and of all. */
    editorMs: 30_000,
    editorsOfOne: 20,
    editors: 1000,
    /** Bytes of a log-in, of a mark, of what an editor says, of a file of firmware in base64, of a reading or a list of fault rules, and of a configuration or a command. */
    logInBytes: 4096,
    markBytes: 4096,
    editorBytes: 1024,
    firmwareBytes: 1_500_000,
    readingBytes: 65_536,
    configurationBytes: 1 << 20,
    /** Characters of what a mark is called by: a meter keeps hundreds of them. */
    markName: 100,
    /** Entries of a log, and self reads, that one answer carries, and local days before today that it reaches back. */
    entries: 500,
    days: 60,
  },
  /** Connections, and what they send and leave unread. */
  peers: {
    /**
     * Peers of one listener that have connected and not been answered yet, TLS handshakes among them. Beyond that one goes for each that
     * comes: as many as a full queue of the operating system (511) can bring twice over in one turn of the event loop, so that who
     * connected just now is read from before he could be put out. Nothing but a socket is kept of one that is silent.
     */
    waiting: 1024,
    /** Milliseconds from connecting over TLS until the handshake is done: a slow modem needs two or three (Node's own limit is 120 s). */
    handshakeMs: 10_000,
    /** Bytes of a first record of TLS that are waited for until the handshake begins: the largest there is (RFC 8446, 5.1). */
    tlsRecord: 5 + 16_384,
    /**
     * What one address may take of the places that others leave, a share: of 512 it leaves 16. That is little, since a gateway or a tunnel
     * is one address with many masters behind it, and enough, since who has been answered is never put out.
     */
    addressShare: 31 / 32,
    /** Places of a room from which on that counts: all of a smaller one, as those of manuals are (2, 5, 12), may be one master's. */
    sharedFrom: 32,
    /** Bytes handed to a protocol as they come: a request or two, such as a peer sends that waits for its answer. What is longer is a burst. */
    atOnce: 32,
    /** Bytes of a burst handed to a protocol in one piece, a slice: 21 reads over Modbus/TCP, less than half a millisecond of a JEMStar II. */
    slice: 256,
    /**
     * Milliseconds of one turn of the event loop that bursts may take, of all peers of a site together; the rest waits for the next turn.
     * A turn costs some 20 us beside, and accepts one connection.
     */
    turnMs: 0.5,
    /** Bytes of answers that wait for one peer: nothing more is read from it while there are more. 125 answers of a full read, twice a round trip. */
    answers: 32_768,
    /** Milliseconds between two looks at peers whose answers were too many. */
    lookMs: 10,
    /** Bytes that Node reads ahead of a peer that is paused: one read of a socket. Not kept by us, but counted in `held`. */
    readAhead: 65_536,
    /**
     * Bytes that the peers of a site make this process keep together: of bursts not worked off, read ahead and answers not taken. Beyond it
     * the peer goes that makes it keep most.
     */
    held: 32 << 20,
    /** Bytes that one peer may leave unread, whatever a protocol sends it: the largest answer there is (a configuration) many times over. */
    unread: 1 << 20,
    /** Milliseconds in which a peer takes nothing of what waits for it: then it is gone. 32 kB at 9,600 baud take 34 s. */
    unreadMs: 60_000,
    /** Bytes of messages that a fault holds back on one link. */
    faulty: 65_536,
    /** Bytes that such a message takes beside its own. */
    faultyMessage: 128,
    /** Bytes of answers that wait for the turnaround of a serial line: as many as a line of 115,200 baud asks for in a minute of short reads. */
    turnaround: 16_384,
    /**
     * Milliseconds, besides the time that it takes on the line, in which what was sent may come back from a two-wire adapter: latency timers of
     * USB (16 ms) and a busy computer. And messages whose echo is waited for at once.
     */
    echoMs: 100,
    echoes: 4,
    /** Milliseconds between two pieces of an RTU frame over TCP: as long as patient masters wait for an answer. */
    frameMs: 2000,
    /** Connections that the operating system keeps until they are accepted; Linux takes no more than net.core.somaxconn. */
    backlog: 4096,
  },
  /** What passes between peers and meters, while somebody looks at it. */
  traffic: {
    /** Bytes that are kept of a site, and what each message takes beside its own: the oldest go. */
    bytes: 8 << 20,
    messageBytes: 200,
    /** Milliseconds after the last look until nothing is kept any more. */
    lookMs: 300_000,
    /** Messages of one answer and of one event; and messages that are read anew to show one of them. */
    messages: 500,
    replayed: 1000,
    /**
     * Milliseconds between two looks at what has passed, and where there is more than one look takes; what one look takes in pieces, some
     * milliseconds of the event loop. That is four thousand a second: what a busy site says beyond is read later, or never.
     */
    eventMs: 250,
    moreMs: 50,
    madeOut: 200,
    /** Bytes of one message that is put together from pieces; characters of what it says in a line, and bytes shown of one. */
    assembled: 1 << 17,
    lineCharacters: 200,
    shownBytes: 16_384,
    /** Fields of one message. */
    fields: 5000,
  },
  /** DLMS/COSEM. */
  dlms: {
    /** Data links of HDLC that stand at once on one line, of all clients and logical devices. */
    dataLinks: 8,
    /** Milliseconds for which a peer over UDP without an association keeps its place: time for the steps of a high-level one. */
    strangerMs: 10_000,
    /** Objects that a reader takes of one meter: real ones have hundreds. */
    objects: 20_000,
    /** Notifications that wait for one destination: of every 15 minutes eight hours. */
    pushes: 32,
    /** Milliseconds between two looks at those that wait, and at whether a peer has taken what was sent. */
    pushLookMs: 1000,
    pushTakenMs: 10,
    /** Milliseconds within which a destination is reached, and takes one. */
    pushStepMs: 10_000,
    /** Bytes of an image of firmware, which is held in memory while it is transferred. */
    imageBytes: 1 << 20,
  },
  /** DNP3. */
  dnp3: {
    /** Octets of a fragment that is put together. */
    fragment: 2048,
    /** Masters of one outstation on one link; the one that has been silent longest goes for one more. */
    masters: 16,
    /** Masters of a meter whose place in its freezes is kept; who confirmed his last longest ago is forgotten first. */
    marks: 64,
  },
  /** SNMP. */
  snmp: {
    /** Bytes of a message that is looked at, and of one that is sent; of an answer to getBulk, which Ethernet carries in one piece. */
    messageBytes: 8192,
    bulkBytes: 1200,
    /** Variables of one request. */
    variables: 128,
    /** Notifications that wait for one receiver: the oldest goes first. */
    notifications: 64,
    /** Milliseconds until an inform that nobody has acknowledged is sent again, twice as long after each time, and at most. */
    informMs: 5000,
    mostInformMs: 300_000,
    /** Milliseconds between two notifications of requests that are not who they say: what strangers cause has a bound. */
    unauthenticMs: 60_000,
  },
  /** IEC 60870-5-102, of who reads a station. */
  iec102: {
    /** Answers to one question: of every 5 minutes a year. */
    asdus: 106_000,
    /** ASDUs in a row that nobody has asked for. */
    stray: 16,
    /** Milliseconds in which a station that takes a question has nothing to say: some look their records up. */
    preparingMs: 30_000,
  },
  /** OSI under MMS: RFC 1006, session, presentation, ACSE. */
  osi: {
    /** Milliseconds from a link to its connection request, and from there to an association. */
    connectMs: 30_000,
    associateMs: 30_000,
    /** Peers of one listener that have no association yet; beyond that one goes for each that comes. */
    halfOpen: 64,
    /** Milliseconds within which a release is answered, and in which a peer that has been told that it ends may hang up itself. */
    releaseMs: 10_000,
    partingMs: 1000,
    /** Octets of a TSDU that comes in pieces: the longest MMS PDU there is (IEC 61850-8-1: 65,000), and its headers. */
    tsduOctets: 65_536,
  },
  /** MMS (IEC 61850). */
  mms: {
    /** Octets of encoded values that a server keeps of one image of the meter. */
    keptOctets: 131_072,
    /** Octets of the shortest PDU that can be agreed on: what names the longest attribute and has its value. */
    leastPdu: 512,
    /** Parts of one variable that a read chooses side by side. */
    selections: 100,
    /** Values in a data set that a client makes: more than a report of one PDU has room for. */
    setValues: 4096,
    /** Files that one client has open, and milliseconds after which one is closed that nobody reads on. */
    openFiles: 4,
    openFileMs: 120_000,
    /** Octets of a file that a client sends: a configuration; and milliseconds within which each step of it goes on. */
    obtainedOctets: 1 << 20,
    obtainStepMs: 30_000,
  },
  /** Controls of IEC 61850: milliseconds in which what was operated has the position that it was to have, where its model does not say (operTimeout). */
  controls: { operateMs: 10_000, mostMs: 3_600_000 },
  /** Reports of IEC 61850. */
  reports: {
    /** Octets that a client has not taken yet, from which on it gets no more reports; and milliseconds after which it is looked at again. */
    waitingOctets: 262_144,
    againMs: 50,
    /** BufTm and IntgPd that can be written, milliseconds: what timers keep, and no client makes work without bound. */
    mostBufferMs: 3_600_000,
    leastIntegrityMs: 10,
    mostIntegrityMs: 604_800_000,
  },
  /** Files over SSH. */
  ssh: {
    /** Peers of one listener that have not logged in yet; beyond that one goes for each that comes. */
    logIns: 64,
    /** Milliseconds from the first byte to the end of the key exchange, and from there, and from each wrong password, to the log-in. */
    exchangeMs: 10_000,
    logInMs: 30_000,
    /** Wrong passwords of one connection. */
    attempts: 3,
    /** Characters of a name and of a password that are looked at. */
    nameCharacters: 256,
    /** Conversations of one connection, files and folders that are open in one, and requests that wait in it: sftp of OpenSSH has 64 under way. */
    channels: 2,
    handles: 16,
    requests: 256,
    /** Bytes of a file that somebody sends: a configuration, a CID. */
    putBytes: 1 << 20,
    /** Bytes of one answer, as OpenSSH asks for; and names of one. */
    readBytes: 32_768,
    names: 100,
  },
  /** Files over FTP. */
  ftp: {
    /** Peers of one listener that have not logged in yet, milliseconds that each has for it, and wrong passwords of one connection. */
    logIns: 64,
    logInMs: 30_000,
    attempts: 3,
    /** Bytes of a line, and commands that wait while one is carried out. */
    lineBytes: 1024,
    commands: 32,
    /** Characters of a name and of a password that are looked at, and of a line of a reply. */
    nameCharacters: 256,
    replyCharacters: 500,
    /** Milliseconds within which the connection for data comes, and from then on something moves on it. */
    dataMs: 30_000,
    /** Bytes of a file that somebody sends: a configuration, a CID; and of what is handed to the link at once of one that goes. */
    putBytes: 1 << 20,
    pieceBytes: 32_768,
    /** Bytes of one that is longer, which are taken and thrown away: who still sends hears nothing. */
    wastedBytes: 1 << 26,
    /** Milliseconds in which a peer that has been told that it ends may take that. */
    partingMs: 1000,
  },
  /** Files that meters push. */
  push: {
    /** Milliseconds between two looks at what there is to push. */
    lookMs: 5000,
    /** Milliseconds within which each step of a conversation goes on: a slow line takes 32 kB in less. */
    stepMs: 30_000,
    /** Milliseconds after a first failure, twice as long after each one more, and at most. */
    firstPauseMs: 60_000,
    mostPauseMs: 3_600_000,
    /** Milliseconds after which a file that the server has refused is tried again, behind all others. */
    refusedMs: 600_000,
  },
  /** What people write and send: configurations, site files, settings, commands. */
  configuration: {
    /** Entries of a meter's history, characters of one with what it replaced, and changes that one of them, or an answer, tells. */
    history: 100,
    historyCharacters: 1 << 19,
    changes: { count: 200, characters: 32_768 },
    /** Characters of a configuration: the largest that means anything, spaced out for people, has a third of it. */
    characters: 1 << 20,
    /** Characters of a site file: thousands of meters. */
    siteCharacters: 1 << 24,
    /** Configurations that running meters read at once, each in some 30 turns of the event loop, and that wait. */
    reading: { near: { atOnce: 1, waiting: 50, each: 50 }, far: { atOnce: 1, waiting: 50, each: 5 } },
    /** Characters of YAML that a running meter reads: some 10 ms in which it does nothing else. JSON takes a fiftieth. */
    yamlWhileRunning: 8192,
    /** Characters of an SCL file that a running meter reads: twice the largest that is made of it. */
    sclCharacters: 1 << 19,
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
    /** Characters of a word that is repeated in such a line, and that another one that was meant is looked for. */
    wordCharacters: 60,
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
    /** From all other addresses together a user can be tried so many times as often as from one before he is locked out there. */
    triesElsewhere: 10,
    /** From one address all names together can be tried so many times as often as one. */
    triesOfAddress: 20,
    /** Secrets of a meter. */
    secrets: 64,
    /** Marks of readers that a meter keeps; the one that was moved longest ago goes first. */
    marks: 256,
    /** Refused writes between two heartbeats that `polyphase up` tells one by one; then how many more. */
    refusalsTold: 5,
    /** Wrong passwords that are counted apart: by user and place, by name that is none and place, by place. */
    lockouts: 10_000,
    /** Sessions of one user of a meter; then the one that has been silent longest ends. */
    sessions: 100,
  },
  /** What a running site says. */
  log: {
    /** Bytes of lines that wait for whoever reads the log, some ten thousand notices; what is more is lost, and counted. */
    waitingBytes: 1 << 20,
  },
  /** Files of people, which are changed whole. */
  files: {
    /** Milliseconds for which a draft that nobody goes on with keeps others waiting; then it counts as left by a crash. */
    draftMs: 3000,
    /** Milliseconds between two looks at it. */
    draftLookMs: 20,
  },
  /** Files that describe IEDs (SCL). The largest of a station that were seen have three megabytes and 40,000 elements an IED. */
  scl: {
    bytes: 1 << 26,
    elements: 1_000_000,
    /** Elements within each other, attributes of one. */
    depth: 64,
    attributes: 64,
    /** Attributes that types are made into, of one IED and of all in a file; and of one array. */
    leaves: 200_000,
    leavesOfAll: 1_000_000,
    items: 10_000,
    /** Problems that are told. */
    problems: 200,
  },
  /** What the command line takes in of what answers. */
  reader: {
    /** Bytes of an answer over HTTP: a full profile of 16 channels has some 30 million. */
    answerBytes: 1 << 25,
    /** Lists and objects within each other, keys of one object, values, in such an answer. */
    depth: 64,
    keys: 10_000,
    values: 5_000_000,
    /** Milliseconds between two readings of a meter that is watched: what meters stand, and what a timer keeps. */
    leastIntervalMs: 100,
    mostIntervalMs: 86_400_000,
  },
} as const;
