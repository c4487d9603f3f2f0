/** The verbs, in the order of the help. Each is a file of its own, which is read when it is asked for: none pays for another's. */
import type { Command } from "commander";

/** Adds a verb to the command, with its arguments, options and help. */
type Add = (program: Command) => void;

export const verbs: Readonly<Record<string, () => Promise<Add>>> = {
  init: async () => (await import("./init.ts")).addInit,
  check: async () => (await import("./check.ts")).addCheck,
  up: async () => (await import("./up.ts")).addUp,
  read: async () => (await import("./read.ts")).addRead,
  wiring: async () => (await import("./wiring.ts")).addWiring,
  browse: async () => (await import("./browse.ts")).addBrowse,
  watch: async () => (await import("./watch.ts")).addWatch,
  scan: async () => (await import("./scan.ts")).addScan,
  find: async () => (await import("./find.ts")).addFind,
  write: async () => (await import("./write.ts")).addWrite,
  transfer: async () => (await import("./transfer.ts")).addTransfer,
  profile: async () => (await import("./profile.ts")).addProfile,
  logs: async () => (await import("./logs.ts")).addLogs,
  "self-reads": async () => (await import("./self-reads.ts")).addSelfReads,
  pqdif: async () => (await import("./pqdif.ts")).addPqdif,
  fetch: async () => (await import("./fetch.ts")).addFetch,
  command: async () => (await import("./command.ts")).addCommand,
  scenario: async () => (await import("./scenario.ts")).addScenario,
  panel: async () => (await import("./panel.ts")).addPanel,
  config: async () => (await import("./config.ts")).addConfig,
  scl: async () => (await import("./scl.ts")).addScl,
  decode: async () => (await import("./decode.ts")).addDecode,
  inspect: async () => (await import("./inspect.ts")).addInspect,
  analyse: async () => (await import("./analyse.ts")).addAnalyse,
  models: async () => (await import("./models.ts")).addModels,
  user: async () => (await import("./user.ts")).addUser,
  completion: async () => (await import("./completion.ts")).addCompletion,
};
