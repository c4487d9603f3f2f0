/**
 * The display of a JEMStar II: what stands on it, in the manual's own words (sections Display Faceplate, Meter Display, Navigating the
 * Display User Menus, Using Display Menus, Test Mode). Where the text of the manual has lost its figures, docs/models/ametek-jemstar-ii.md
 * says what was chosen.
 */

/** Buttons: READ is outside, the navigation keys and the reset key are under the front cover (sections Front Cover Seal, Display Faceplate). */
export const buttons = [
  { name: "read", label: "READ", key: "r", at: [4, 1] },
  { name: "up", label: "+/Up", behind: "cover", key: "ArrowUp", at: [2, 2] },
  { name: "left", label: "Left", behind: "cover", key: "ArrowLeft", at: [1, 3] },
  { name: "set", label: "SET", behind: "cover", key: "Enter", at: [2, 3] },
  { name: "right", label: "Right", behind: "cover", key: "ArrowRight", at: [3, 3] },
  { name: "down", label: "-/Down", behind: "cover", key: "ArrowDown", at: [2, 4] },
  { name: "reset", label: "RESET", behind: "cover", key: "x", at: [4, 4] },
] as const;

export const cover = { name: "cover", label: "Front cover", key: "c", at: [1, 1, 3] } as const;

export const welcome = ["AMETEK Power Instruments", "JEMStar II"] as const;

/** Milliseconds since power came until the display appears, and until its registers have values (section Meter Power Up Sequence). */
export const DISPLAY_MS = 45_000;
export const VALUES_MS = 150_000;

/** READ is held so long to change between normal and alternate registers (section Navigating the Register Display). */
export const HOLD_MS = 5000;

/** What RESET does, in the words of the glossary. */
export const RESET_DONE = "Billing Period Reset";

export const NOT_SET = "Not Set";
export const GUEST = "guest";

/** Menus by their titles; a row is a line of the screen, from the upper left corner. */
export const menus = {
  main: {
    title: "Meter Display Menu",
    items: [
      ["Meter Settings", "Communications", "Test Mode"],
      ["Meter Status", "Meter ID", "USB Port"],
    ],
  },
  settings: {
    title: "Menu -> Meter Settings",
    items: [
      ["Date & Time", "PT/CT", "Digital I/O"],
      ["Analog I/O", "Normal Preset Registers", "Alternate Preset Registers"],
    ],
  },
  communications: {
    title: "Menu -> Communications",
    items: [
      ["OPTICAL", "SERIAL 1", "SERIAL 2"],
      ["SERIAL 3", "WIFI", "MODEM"],
      ["ETHERNET 1", "ETHERNET 2"],
    ],
  },
  status: {
    title: "Menu -> Meter Status",
    items: [["COMM STATUS"], ["SITE STATUS"], ["RESET BATTERY"], ["RESET USERS & PASSWORDS"], ["COLD START"]],
  },
  site: { title: "Menu -> Site Status", items: [["PHASOR DISPLAY"], ["HARMONICS"], ["ALARM SUMMARY"]] },
  usb: {
    title: "Menu -> USB Port",
    items: [["FIRMWARE UPGRADE"], ["LOAD PROFILE"], ["METER LOGGING"], ["PQ Dif FILE"], ["METER CONFIG"]],
  },
} as const;

/** What the manual has as future. */
export const future: ReadonlySet<string> = new Set(["HARMONICS", ...menus.usb.items.flat()]);

export const NOT_PROVIDED = "Not provided";

/** What is asked, and what is said of what has been armed. */
export const warnings = {
  coldStart: {
    title: "Menu -> Cold Start",
    question: "Do you want to proceed with COLD START?",
    warning: "All register and load profile data and the configuration will be lost.",
    prompt: "Remove power from the meter within 15 seconds.",
  },
  resetUsers: {
    title: "Menu -> Reset Users & Passwords",
    question: "Do you want to reset all user names and passwords?",
    warning: "All user names and passwords go back to factory defaults.",
    prompt: "Remove power from the meter within 15 seconds.",
  },
  resetBattery: {
    title: "Menu -> Reset Battery",
    question: "Do you want to reset the battery monitor?",
    warning: "The battery must have been replaced.",
  },
} as const;

/** The indicators of the Meter Status menu. */
export const indicators = {
  sync: "TIME SYNC STATUS",
  diagnostics: "INTERNAL DIAGNOSTICS",
  battery: "BATTERY STATUS",
} as const;

/** What a site alarm display says that has nothing to show; the manual has no figure of one. */
export const NO_ALARMS = "No alarms";

/** Columns of the communication status display: its words, the surface's port, the key of its section; none where no such port is. */
export const ports = [
  { column: "Optical", item: "OPTICAL", port: "optical", section: "optical" },
  // Port 2, "N/A" in Appendix A.
  { column: "Serial1", item: "SERIAL 1", port: undefined, section: undefined },
  { column: "Serial2", item: "SERIAL 2", port: "serial 3", section: "port3" },
  { column: "Serial3", item: "SERIAL 3", port: "serial 4", section: "port4" },
  { column: "Modem", item: "MODEM", port: "modem", section: "modem" },
  { column: "Ethernet1", item: "ETHERNET 1", port: "ethernet 1", section: "ethernet1" },
  { column: "Ethernet2", item: "ETHERNET 2", port: "ethernet 2", section: "ethernet2" },
  { column: "WiFi", item: "WIFI", port: undefined, section: undefined },
] as const;

/** Rows of the communication status display, and the surface's protocol; none where the meter has none yet. */
export const protocols = [
  { row: "JEM Binary", protocol: "binary" },
  { row: "Modbus", protocol: "modbus" },
  { row: "DNP", protocol: "dnp3" },
  { row: "DLMS", protocol: "dlms" },
  { row: "ANSI", protocol: undefined },
  { row: "IEC 61850", protocol: "mms" },
  { row: "IEC 870-5-102", protocol: "iec102" },
  { row: "PMU", protocol: undefined },
  { row: "WEB", protocol: undefined },
] as const;

export const states = [
  { state: "Ready", tone: "good" },
  { state: "Active", tone: "active" },
  { state: "Alert", tone: "warning" },
  { state: "Fault", tone: "bad" },
] as const;

/** The greatest ratio of a transformer. */
export const MOST_RATIO = 100_000;

/** Percent by which a gain can be tweaked in test mode. */
export const MOST_GAIN = 2;

/** Protocols that a port has a choice of, as the configuration calls them, and speeds (sections Optical, RS-232/RS-485, Modem). */
export const portChoices = {
  optical: { protocols: ["binary", "dlms"], bauds: [300, 1200, 2400, 9600, 19_200] },
  serial: {
    types: ["RS-232", "RS-485"],
    protocols: ["binary", "modbus", "dnp3", "dlms", "iec102"],
    bauds: [300, 1200, 2400, 9600, 19_200, 38_400, 115_200],
  },
  modem: {
    protocols: ["binary", "modbus", "dnp3"],
    bauds: [300, 1200, 2400, 9600, 14_400, 19_200, 38_400, 56_000],
  },
} as const;

/** Units of registers as the display has them: "038977.37 kW-Hr". */
export const units: Readonly<Record<string, string>> = {
  Wh: "W-Hr",
  varh: "VAR-Hr",
  VAh: "VA-Hr",
  Qh: "Q-Hr",
  Ah: "A-Hr",
  "V²h": "V²-Hr",
  "A²h": "A²-Hr",
  var: "VAR",
};

/** Connections as the Meter ID has them. */
export const connections: Readonly<Record<string, string>> = {
  "4 wire wye": "4 Wire Y",
  "4 wire delta": "4 Wire Delta",
  "3 wire delta": "3 Wire Delta",
  "open delta": "Open Delta",
  "3 wire wye": "3 Wire Y",
  network: "Network",
};

/** Type and function of a channel by its mode, without what its settings add. */
export const channelWords: Readonly<Record<string, readonly [type: string, words: string]>> = {
  none: ["", ""],
  outputEnergyPulse: ["OUTPUT", "ENERGY PULSE"],
  outputAlarm: ["OUTPUT", "TRIGGERED ALARM"],
  outputEndOfInterval: ["OUTPUT", "END OF INTERVAL"],
  outputClockPulse: ["OUTPUT", "CLOCK PULSE OUTPUT"],
  inputStatus: ["INPUT", "STATUS INPUT"],
  inputPulseCounter: ["INPUT", "PULSE COUNTER"],
  inputTouOverride: ["INPUT", "TOU OVERRIDE"],
  inputIntervalSync: ["INPUT", "INTERVAL SYNC"],
};

/** What the diagnostics find, as the table of the status word has it ("which could include …", General Failure). */
export const diagnosticWords: Readonly<Record<string, string>> = {
  serviceComm: "Service Comm Error",
  metrologyComm: "Metrology Comm Error",
  pqComm: "PQ Comm Error",
  serviceFirmware: "Service Firmware CRC Error",
  metrologyFirmware: "Metrology Firmware CRC Error",
  pqFirmware: "PQ Firmware CRC Error",
  class2Calibration: "CRC Error in Calibration Data, Class 2",
  class20Calibration: "CRC Error in Calibration Data, Class 20",
  pqdifStorage: "PQDIF Storage Error",
  configuration: "Config Update Request",
};

/** Months of the alarm display: "11-Aug-2014". */
export const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Zones that the maker's country has names for, by minutes ahead of UTC: as standard time, as daylight saving. */
export const zones: Readonly<Record<number, readonly [standard: string | undefined, saving: string | undefined]>> = {
  0: ["UTC", undefined],
  [-240]: [undefined, "EDT"],
  [-300]: ["EST", "CDT"],
  [-360]: ["CST", "MDT"],
  [-420]: ["MST", "PDT"],
  [-480]: ["PST", undefined],
};

/** The keyboard of the Security Log-in, from left to right; the second of a pair is what Shift makes of it. */
export const keyboard: readonly (readonly string[])[] = [
  ["`~", "1!", "2@", "3#", "4$", "5%", "6^", "7&", "8*", "9(", "0)", "-_", "=+", "<=="],
  ["Tab", "qQ", "wW", "eE", "rR", "tT", "yY", "uU", "iI", "oO", "pP", "[{", "]}", "\\|"],
  ["Caps", "aA", "sS", "dD", "fF", "gG", "hH", "jJ", "kK", "lL", ";:", "'\"", "Enter"],
  ["Shift", "zZ", "xX", "cC", "vV", "bB", "nN", "mM", ",<", ".>", "/?", "Shift"],
  ["Space"],
];

/** The keypad beside numbers. */
export const keypad = [
  ["1", "2", "3", "<"],
  ["4", "5", "6", "-"],
  ["7", "8", "9", "ENTER"],
  ["0", "."],
] as const;
