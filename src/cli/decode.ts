import type { Command } from "commander";
import { hasProblem, type Annotated } from "#headend/decode/annotated.ts";
import type { ApduSettings } from "#headend/decode/dlms-apdus.ts";
import { Decoder, protocols, type Decoded } from "#headend/decode/decoder.ts";
import { bytesOfHex, hex } from "#headend/decode/hex-text.ts";
import { entriesOf, type Entry } from "#headend/decode/messages.ts";
import { readFile, readText } from "#io/file.ts";
import { Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { asJson, write } from "./terminal.ts";

interface Options {
  readonly key?: string;
  readonly authenticationKey?: string;
  readonly systemTitle?: string;
  readonly lengthenedFloats?: true;
  readonly json?: true;
}

/** Bytes that a line shows; of more it shows the first. */
const SHOWN = 8;
/** What is read from another program at most. */
const LONGEST_INPUT = 1 << 26;

export function addDecode(program: Command): void {
  program
    .command("decode")
    .description("say what a message of a meter says, byte by byte")
    .argument(
      "<message...>",
      `hex, with spaces or without; @FILE, or - for what another program writes: one message a line; before it, ${protocols.join(" or ")} where it is not to be found out`,
    )
    .option(
      "--key <hex>",
      "the key of ciphered messages (global encryption key), 16 or 32 bytes; @FILE has it in a file, which no list of processes shows",
    )
    .option("--authentication-key <hex>", "the key that their tags are checked with, or @FILE")
    .option("--system-title <hex>", "of who sent them, where no association among the messages says it: 8 bytes")
    .option("--lengthened-floats", "floats and times have their length before them, as servers on jDLMS 1.7 send them")
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nA line shows where a field begins (counted from 0), its bytes, and what they say. Read are DLMS/COSEM in HDLC frames, in the\n" +
        "wrapper of TCP and UDP, in long frames of M-Bus, and as it is; frames of DNP3, and behind dnp3 its fragments as they are;\n" +
        "IEC 60870-5-102 (decode iec102 ...: its long frames begin as those of M-Bus do); texts of P1 ports and data readouts\n" +
        "(IEC 62056-21); SML; packets of MMS (IEC 61850) as they go over TCP, and behind mms its PDUs as they are; GOOSE in frames of\n" +
        "Ethernet or in sessions over UDP, and behind goose its PDUs; sampled values in frames of Ethernet, and behind sv their PDUs;\n" +
        "behind modbus frames of Modbus/TCP and RTU, and PDUs as they are; behind snmp messages of SNMP. In a file each line\n" +
        "is a message, with a word before it or without, and other lines are remarks; a text of a P1 port and SML may have the file for\n" +
        "themselves.\n\n" +
        "For example:\n" +
        "  npx polyphase decode C401C1000600 12D687\n" +
        "  npx polyphase decode dnp3 C0 01 3C 02 06\n" +
        "  npx polyphase decode iec102 68 09 09 68 53 58 1B BB 00 06 01 00 00 88 16\n" +
        "  npx polyphase decode modbus 01 03 00 6B 00 03 74 17\n" +
        "  npx polyphase decode mms a10e02010ea409a10787050842cbed57\n" +
        "  npx polyphase decode @exchange.txt --key 000102030405060708090A0B0C0D0E0F\n",
    )
    .action(async (words: readonly string[], options: Options) => {
      const protocol = protocols.find((one) => one === words[0]);
      const given = protocol === undefined ? words : words.slice(1);
      const entries = await entriesIn(given);
      const decoder = new Decoder(settingsOf(options));
      const decoded = entries.map((entry) =>
        entry.kind === "message" ? { ...entry, ...decoder.decode(entry.bytes, protocol ?? protocolOf(entry)) } : entry,
      );
      if (options.json) await write(`${asJson(decoded.filter(isDecoded).map(document)).text}\n`);
      else await write(`${decoded.map((one) => (isDecoded(one) ? printed(one) : plain(one.text))).join("\n\n")}\n`);
      if (!decoded.some(isDecoded)) throw new Failure("nothing was decoded: expected messages in hex, a line each", 1);
      const wrong = decoded.filter((one) => isDecoded(one) && one.fields.some(hasProblem)).length;
      if (wrong > 0) throw new Failure(`${wrong} of ${decoded.filter(isDecoded).length} messages are not all right`, 1);
    });
}

/** What the first word before a message says that it is. */
function protocolOf({ label }: { readonly label: string }): (typeof protocols)[number] | undefined {
  const [word] = /^\w+/.exec(label) ?? [];
  return protocols.find((one) => one === word);
}

type Message = Extract<Entry, { kind: "message" }> & Decoded;

function isDecoded(entry: Message | Entry): entry is Message {
  return entry.kind === "message" && "fields" in entry;
}

async function entriesIn(words: readonly string[]): Promise<readonly Entry[]> {
  const [first = ""] = words;
  if (words.length === 1 && first.startsWith("@")) return entriesInFile(first.slice(1));
  if (words.length === 1 && first === "-") return entriesOf(await standardInput());
  const bytes = bytesOfHex(words.join(" "));
  if (bytes !== undefined) return [{ kind: "message", line: 1, label: "", bytes }];
  throw new Failure(
    words.length === 0
      ? "expected a message in hex, @FILE or -"
      : `expected pairs of hex digits, @FILE or -, found ${oddIn(words)}"${plain(words.join(" ").slice(0, 60))}"`,
    2,
  );
}

/** How files of captures begin: pcap of either order of bytes, by micro- or nanoseconds, and pcapng. */
const captures = ["d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a"];

function entriesInFile(file: string): readonly Entry[] {
  const bytes = orFail(2, () => readFile(file));
  if (!captures.includes(bytes.subarray(0, 4).toHex())) return entriesOf(bytes);
  throw new Failure(
    `${file} is a capture (pcap): expected messages in hex, as tshark -r ${file} -T fields -e tcp.payload prints what goes over TCP, -e udp.payload over UDP;\n` +
      `of frames of Ethernet (GOOSE, sampled values): tshark -r ${file} -T jsonraw | grep -A1 '"frame_raw"' | grep -oE '[0-9a-f]{28,}'`,
    2,
  );
}

/** Of digits that are hex, and one of which has no other. */
function oddIn(words: readonly string[]): string {
  const digits = words.join("").replaceAll(/\s/g, "");
  return /^[0-9A-Fa-f]+$/.test(digits) && digits.length % 2 === 1 ? `${digits.length} digits, an odd number, in ` : "";
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > LONGEST_INPUT) throw new Failure(`more than ${LONGEST_INPUT} bytes to decode`, 2);
  }
  return Buffer.concat(chunks);
}

function settingsOf({ key, authenticationKey, systemTitle, lengthenedFloats }: Options): ApduSettings {
  const encryption = key === undefined ? undefined : secret("--key", key, [16, 32]);
  const authentication =
    authenticationKey === undefined ? undefined : secret("--authentication-key", authenticationKey, [16, 32]);
  if (authentication !== undefined && encryption === undefined)
    throw new Failure("--authentication-key: expected --key as well, which the texts are read with", 2);
  return {
    keys: encryption && { encryption, authentication },
    systemTitle: systemTitle === undefined ? undefined : secret("--system-title", systemTitle, [8]),
    manner: { lengthened: lengthenedFloats },
  };
}

/** Hex, or @FILE with it. What is wrong is said without what may be a secret. */
function secret(option: string, given: string, lengths: readonly number[]): Uint8Array {
  const text = given.startsWith("@") ? orFail(2, () => readText(given.slice(1))) : given;
  const bytes = bytesOfHex(text);
  if (bytes === undefined || !lengths.includes(bytes.length))
    throw new Failure(
      `${option}: expected ${lengths.join(" or ")} bytes in hex, found ${bytes === undefined ? "something else" : bytes.length}`,
      2,
    );
  return bytes;
}

interface Document {
  readonly at: number;
  readonly length: number;
  readonly name: string;
  readonly text?: string | undefined;
  readonly problem?: true;
  readonly bytes?: string;
  readonly inside?: readonly Document[];
}

function documentOf({ at, length, name, text, isProblem, bytes, inside }: Annotated): Document {
  return {
    at,
    length,
    name,
    ...(text === undefined ? {} : { text }),
    ...(isProblem === true ? { problem: isProblem } : {}),
    ...(bytes === undefined ? {} : { bytes: hex(bytes) }),
    ...(inside === undefined ? {} : { inside: inside.map(documentOf) }),
  };
}

function document({ line, label, bytes, protocol, fields }: Message): object {
  return { line, ...(label === "" ? {} : { label }), protocol, bytes: hex(bytes), fields: fields.map(documentOf) };
}

function printed({ label, bytes, fields, protocol }: Message): string {
  const head = `${label === "" ? protocol : plain(label)}, ${bytes.length} bytes`;
  return [head, ...fields.flatMap((field) => linesOf(field, bytes, 0))].join("\n");
}

/** A field on its line, and below it those that are in it. */
function linesOf(field: Annotated, message: Uint8Array, depth: number): readonly string[] {
  const { at, length, name, text, isProblem, inside, bytes = message } = field;
  const shown = inside === undefined ? hex(bytes.subarray(at, at + Math.min(length, SHOWN))) : "";
  const more = inside === undefined && length > SHOWN ? "..." : "";
  const words = plain(text === undefined || text === "" ? name : `${name}: ${text}`);
  const mark = isProblem === true ? "! " : "";
  const own = `${String(at).padStart(5)}  ${`${shown}${more}`.padEnd(2 * SHOWN + 3)}  ${"  ".repeat(depth)}${mark}${words}`;
  return [own, ...(inside ?? []).flatMap((one) => linesOf(one, bytes, depth + 1))];
}
