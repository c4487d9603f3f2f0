/** Every command of a meter, with its arguments as a person writes them: key=value. */
import type { MeterCommand } from "#quantity/authority.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { Failure } from "./failure.ts";

type Name = MeterCommand["command"];
type Of<N extends Name> = Extract<MeterCommand, { readonly command: N }>;

/** How the text of an argument becomes its value. */
const kinds = {
  number: (text: string): number | undefined => (text.trim() === "" ? undefined : finite(Number(text))),
  yesNo: (text: string): boolean | undefined => oneOf(text, ["true", "yes"], ["false", "no"]),
  text: (text: string): string | undefined => (text === "" ? undefined : text),
};
const expected = { number: "a number", yesNo: "true or false", text: "a text", file: "a file" } as const;
type Kind = keyof typeof expected;

/** True for one of some words, false for one of others. */
function oneOf(text: string, yes: readonly string[], no: readonly string[]): boolean | undefined {
  return yes.includes(text) || (no.includes(text) ? false : undefined);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

interface Argument {
  readonly kind: Kind;
  readonly optional?: true;
  readonly says: string;
}

interface Words<N extends Name> {
  readonly says: string;
  readonly takes: Readonly<Record<Exclude<keyof Of<N>, "command" | "values">, Argument>>;
  /** Instead of arguments of its own any number of pairs: how one is written, and what it is. */
  readonly pairs?: { readonly written: string; readonly one: (key: string, value: string) => object | undefined };
}

/** Registers and channels are counted by whole numbers. */
function whole(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const armed = {
  armed: { kind: "yesNo", optional: true, says: "only when power is removed within 15 seconds" },
} as const;

const words: { readonly [N in Name]: Words<N> } = {
  freeze: { says: "keep all registers as they are now, for whoever reads them later", takes: {} },
  billingReset: { says: "end the billing period: peaks begin anew", takes: {} },
  setTime: {
    says: "set the clock",
    takes: { utc: { kind: "text", says: "an instant, like 2026-08-01T00:00:00Z or with an offset" } },
  },
  preset: {
    says: "give a register a value",
    takes: {
      register: { kind: "number", says: "its number" },
      value: { kind: "number", says: "in the register's own units" },
    },
  },
  word: {
    says: "write a word of the register map of a meter that has one, as its front panel does",
    takes: {
      register: { kind: "number", says: "its number, as the manual prints it" },
      value: { kind: "number", says: "0 to 65535" },
    },
  },
  presets: {
    says: "give several registers their values, all or none",
    takes: {},
    pairs: {
      written: "REGISTER=VALUE",
      one: (key, value) => both({ register: whole(key), value: kinds.number(value) }),
    },
  },
  outputs: {
    says: "close or open outputs, all or none",
    takes: {},
    pairs: {
      written: "CHANNEL=closed|open",
      one: (key, value) => both({ channel: whole(key), closed: oneOf(value, ["closed"], ["open"]) }),
    },
  },
  enterTestMode: {
    says: "leave billing alone and follow a test register",
    takes: {
      register: { kind: "number", optional: true, says: "the test register that the optical port follows" },
      compensate: { kind: "yesNo", optional: true, says: "with loss compensation" },
      pulseWeight: { kind: "number", optional: true, says: "energy of a pulse, at the terminals" },
    },
  },
  leaveTestMode: { says: "go back to normal mode", takes: {} },
  configure: {
    says: "apply a configuration (npx polyphase config apply shows first what it does)",
    takes: {
      configuration: { kind: "file", says: "YAML or JSON" },
      check: { kind: "yesNo", optional: true, says: "only say what it would begin anew" },
    },
  },
  undoConfiguration: {
    says: "take back the last change of the configuration",
    takes: {
      entry: { kind: "number", optional: true, says: "an earlier one of its history, and all since" },
      check: { kind: "yesNo", optional: true, says: "only say what it would begin anew" },
    },
  },
  ratios: {
    says: "set the transformer ratios, as at the front panel",
    takes: {
      pt: { kind: "number", says: "volts on the line over volts at the meter" },
      ct: { kind: "number", says: "amps on the line over amps at the meter" },
      check: { kind: "yesNo", optional: true, says: "only say what it would begin anew" },
    },
  },
  calibrate: {
    says: "tweak the gains, in test mode",
    takes: {
      watts: { kind: "number", optional: true, says: "percent" },
      vars: { kind: "number", optional: true, says: "percent" },
    },
  },
  resetUsers: { says: "bring the factory's users and passwords back", takes: armed },
  resetBattery: { says: "a new battery is in: count its days from now", takes: {} },
  disarm: { says: "forget a reset of users or a cold start that is armed", takes: {} },
  coldStart: { says: "erase measurements and configuration", takes: armed },
  resetButton: { says: "press the button under the front cover", takes: {} },
  powerDown: { says: "take the supply away", takes: {} },
  powerUp: { says: "bring the supply back", takes: {} },
  uploadFirmware: {
    says: "load a file of firmware, which runs once the meter has rebooted",
    takes: {
      image: { kind: "text", says: "the file in base64" },
      reboot: { kind: "yesNo", optional: true, says: "reboot the meter with it" },
      check: { kind: "yesNo", optional: true, says: "only say what it is" },
    },
  },
  optionKey: {
    says: "enable an option of a meter that is ready for it, and reboot it",
    takes: {
      key: { kind: "text", says: "of the option, for this meter's serial number" },
      check: { kind: "yesNo", optional: true, says: "only say what it would enable" },
    },
  },
  reboot: { says: "start the meter anew, on what it has kept", takes: {} },
  firmware: {
    says: "load firmware",
    takes: {
      board: { kind: "text", says: "which of the meter's boards" },
      version: { kind: "text", says: "like 0.0.81" },
    },
  },
  testTransfer: {
    says: "send a file to the server that files are pushed to; the event log says what came of it",
    takes: {},
  },
  removeFile: {
    says: "remove one of its files (npx polyphase pqdif lists them)",
    takes: { name: { kind: "text", says: "with its folder" } },
  },
  auxiliary: {
    says: "switch the auxiliary supply",
    takes: { live: { kind: "yesNo", says: "voltage at its terminals" } },
  },
  input: {
    says: "close or open a contact input",
    takes: { channel: { kind: "number", says: "1 to 8" }, closed: { kind: "yesNo", says: "the contact is closed" } },
  },
  pulses: {
    says: "give pulses to an input",
    takes: {
      channel: { kind: "number", says: "1 to 8" },
      count: { kind: "number", says: "how many" },
      seconds: { kind: "number", optional: true, says: "over which time; as fast as it sees them unless said" },
    },
  },
  key: {
    says: "put a security key in or take it out",
    takes: {
      key: { kind: "text", says: "metering or reset" },
      installed: { kind: "yesNo", says: "it is in" },
    },
  },
  hardware: {
    says: "let a part fail or work again",
    takes: {
      part: { kind: "text", says: "like cover, metrologyComm or operating system" },
      failed: { kind: "yesNo", says: "it fails" },
    },
  },
  battery: { says: "the state of the clock's battery", takes: { state: { kind: "text", says: "good, low or dead" } } },
  password: {
    says: "change the password of the user who asks",
    takes: { password: { kind: "text", says: "the new one" } },
  },
  secret: {
    says: "give the meter a secret that one of its protocols works with; it is never shown again",
    takes: {
      name: { kind: "text", says: "what it is for" },
      value: { kind: "text", says: "the secret" },
      encoding: { kind: "text", says: "text, or hex", optional: true },
      user: { kind: "text", says: "who somebody is who shows it", optional: true },
    },
  },
  timeServer: {
    says: "let its time servers answer or be silent",
    takes: { reached: { kind: "yesNo", says: "they answer" } },
  },
  clearEnergy: { says: "set the energies of a meter of settings to zero", takes: {} },
  newDemandSubInterval: { says: "end the demand sub-interval now", takes: {} },
  resetMaxDemand: { says: "begin the largest demands anew", takes: {} },
  resetLogging: { says: "begin the data log anew", takes: {} },
  clearPulses: { says: "set the pulse counters to zero", takes: {} },
  resetDemand: { says: "begin the demand interval anew", takes: {} },
  restart: { says: "start the meter again", takes: {} },
  resetExtremes: { says: "begin the least and largest readings anew, of both months", takes: {} },
  resetPresentExtremes: { says: "begin those of this month anew", takes: {} },
  resetPreviousExtremes: { says: "forget those of the month before", takes: {} },
  resetAmpsDemand: { says: "begin the demands of the currents anew", takes: {} },
  resetMaxAmpsDemand: { says: "begin the largest demands of the currents anew", takes: {} },
  energizeOutput: { says: "close the digital output", takes: {} },
  deEnergizeOutput: { says: "open the digital output", takes: {} },
  clearOutputCount: { says: "set the count of the digital output to zero", takes: {} },
  clearInputCount: { says: "set the count of the digital input to zero", takes: {} },
  clearUsage: { says: "set the usage timers to zero", takes: {} },
};

const names = Object.keys(words) as Name[];

/** All of a command but absent parts. */
function both(parts: Readonly<Record<string, unknown>>): object | undefined {
  return Object.values(parts).includes(undefined) ? undefined : parts;
}

function argumentsOf(name: Name): [key: string, argument: Argument][] {
  return Object.entries<Argument>(words[name].takes);
}

/** How a command is written: "preset register=… value=…". */
function usageOf(name: Name): string {
  const parts = argumentsOf(name).map(([key, { optional }]) => (optional ? `[${key}=…]` : `${key}=…`));
  const { pairs } = words[name];
  return [name, ...parts, ...(pairs === undefined ? [] : [`${pairs.written} …`])].join(" ");
}

/** The help of all commands: how each is written, what it does, what its arguments are. */
export function commandHelp(): string {
  return names
    .map((name) => {
      const takes = argumentsOf(name).map(([key, { says }]) => `${key}: ${says}`);
      return [`  ${usageOf(name)}`, `      ${[words[name].says, ...takes].join("; ")}`].join("\n");
    })
    .join("\n");
}

/**
 * The command that words say; throws a Failure of status 2 with what was expected. Texts of files come from `readFile`. Whether
 * the meter takes it is the meter's to say.
 */
export function parseCommand(word: string, rest: readonly string[], readFile: (file: string) => string): MeterCommand {
  const name = names.find((one) => one === word);
  if (name === undefined) throw new Failure(`there is no command "${word}"; ${expectedOneOf(names, word)}`, 2);
  const wrong = (why: string): Failure => new Failure(`${name}: ${why}; expected ${usageOf(name)}`, 2);
  const pairs = rest.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw wrong(`"${text}" is no key=value`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const { pairs: list } = words[name];
  if (list !== undefined) {
    const values = pairs.map(([key, text]) => {
      const one = list.one(key, text);
      if (one === undefined) throw wrong(`"${key}=${text}" is no ${list.written}`);
      return one;
    });
    if (values.length === 0) throw wrong("nothing is said");
    return { command: name, values } as MeterCommand;
  }
  const takes = new Map(argumentsOf(name));
  const parts: Record<string, unknown> = { command: name };
  for (const [key, text] of pairs) {
    const argument = takes.get(key);
    if (argument === undefined) throw wrong(`it has no ${key}`);
    if (key in parts) throw wrong(`${key} stands there twice`);
    const value = argument.kind === "file" ? readFile(text) : kinds[argument.kind](text);
    if (value === undefined) throw wrong(`${key} is ${expected[argument.kind]}, not "${text}"`);
    parts[key] = value;
  }
  const missing = [...takes].find(([key, { optional }]) => optional !== true && !(key in parts));
  if (missing !== undefined) throw wrong(`${missing[0]} is missing`);
  return parts as MeterCommand;
}
