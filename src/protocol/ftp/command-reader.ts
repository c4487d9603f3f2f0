/**
 * Commands of FTP as they come (RFC 959, 5.3): a word, and what stands behind it, on a line of Telnet's. Clients send the bytes by which Telnet
 * interrupts before ABOR, and the last byte of that as urgent data, which is lost here: a CR alone ends a line, too.
 */
import { limits } from "#quantity/limits.ts";

export interface FtpCommand {
  /** In capitals: "RETR"; empty of a line that is no command. */
  readonly verb: string;
  readonly argument: string;
}

const LF = 0x0a;
const CR = 0x0d;
/** RFC 854: interpret as command; WILL to DONT have one more byte; below them stand those that have none, from SE on. */
const IAC = 0xff;
const WILL = 0xfb;
const SE = 0xf0;

export class CommandReader {
  readonly #line = new Uint8Array(limits.ftp.lineBytes);
  #length = 0;
  /** The line is longer than there is room for. */
  #over = false;
  #telnet: "none" | "command" | "option" = "none";

  /** The commands that end in what has come. */
  take(bytes: Uint8Array): readonly FtpCommand[] {
    const commands: FtpCommand[] = [];
    for (const byte of bytes) {
      if (this.#isTelnet(byte)) continue;
      if (byte !== CR && byte !== LF) this.#put(byte);
      else if (this.#length > 0) commands.push(this.#end());
    }
    return commands;
  }

  /** Whether a byte is Telnet's and none of a line. */
  #isTelnet(byte: number): boolean {
    const before = this.#telnet;
    this.#telnet = "none";
    if (before === "option") return true;
    if (before === "command") {
      if (byte >= WILL && byte < IAC) this.#telnet = "option";
      // What follows one whose last byte was urgent is text.
      return byte >= SE && byte < IAC;
    }
    if (byte === IAC) this.#telnet = "command";
    return byte === IAC;
  }

  #put(byte: number): void {
    if (this.#length < this.#line.length) this.#line[this.#length++] = byte;
    else this.#over = true;
  }

  #end(): FtpCommand {
    const text = this.#over ? "" : new TextDecoder().decode(this.#line.subarray(0, this.#length));
    this.#length = 0;
    this.#over = false;
    const [, verb = "", argument = ""] = /^([A-Za-z]{3,4})(?: (.*))?$/s.exec(text) ?? [];
    return { verb: verb.toUpperCase(), argument };
  }
}
