/** A client of the wrapper on TCP that takes nothing apart but blocks, so that it costs little beside a server. */
import net from "node:net";

export const AARQ = "601DA109060760857405080101BE10040E01000000065F1F040000FE1DFFFF";
export const RLRQ = "6203800100";

export function wrapped(hex: string): Buffer {
  const apdu = Buffer.from(hex, "hex");
  const header = Buffer.from([0, 1, 0, 16, 0, 1, apdu.length >> 8, apdu.length & 0xff]);
  return Buffer.concat([header, apdu]);
}

export class Client {
  readonly #socket: net.Socket;
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #answered: (apdu: Buffer) => void = () => {};

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (piece: Buffer) => this.#take(piece));
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(new Client(socket)));
      socket.once("error", reject);
    });
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < 8) return;
    if ((this.#pieces[0]?.length ?? 0) < 8) this.#pieces.splice(0, Infinity, Buffer.concat(this.#pieces));
    const end = 8 + (this.#pieces[0]?.readUInt16BE(6) ?? 0);
    if (this.#length < end) return;
    const [whole = piece] = this.#pieces.length === 1 ? this.#pieces : [Buffer.concat(this.#pieces)];
    this.#pieces.length = 0;
    this.#length = 0;
    this.#answered(whole.subarray(8));
  }

  ask(message: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.write(message);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.end();
    });
  }

  /** Bytes of an answer, in one APDU or in blocks. */
  async gathered(message: Buffer): Promise<number> {
    let answer = await this.ask(message);
    let bytes = answer.length;
    // Kind 2: a block; the byte behind the invoke id says whether it is the last.
    while (answer[0] === 0xc4 && answer[1] === 2 && answer[3] === 0) {
      answer = await this.ask(wrapped(`C002C1${answer.subarray(4, 8).toString("hex")}`));
      bytes += answer.length;
    }
    return bytes;
  }
}
