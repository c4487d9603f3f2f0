import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from "node:crypto";

const LENGTH = 32;
/** Work of one hash: some ten milliseconds. */
const COST = { N: 4096, r: 8, p: 1 };

/** A hash with its own salt: "scrypt$salt$hash", hexadecimal. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString("hex")}$${scryptSync(password, salt, LENGTH, COST).toString("hex")}`;
}

/** The same beside the event loop, at the desk of peers elsewhere; undefined when too many ask at once. */
export function hashPasswordLater(password: string): Promise<string | undefined> {
  const salt = randomBytes(16);
  return desks.far.take(
    async () => `scrypt$${salt.toString("hex")}$${Buffer.from(await worked(password, salt)).toString("hex")}`,
  );
}

function worked(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, LENGTH, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

export function passwordMatches(password: string, hash: string): boolean {
  const { salt, expected } = partsOf(hash);
  return expected !== undefined && timingSafeEqual(scryptSync(password, salt, LENGTH, COST), expected);
}

/** What is no hash has a salt all the same, so that as much work can be done on it. */
function partsOf(hash: string): { readonly salt: Uint8Array; readonly expected: Uint8Array | undefined } {
  const [kind, salt = "", expected = ""] = hash.split("$");
  const known = kind === "scrypt" && expected.length === 2 * LENGTH;
  return { salt: Buffer.from(salt, "hex"), expected: known ? Buffer.from(expected, "hex") : undefined };
}

/** Log-ins that work at once, and how many more may wait. */
interface Room {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Works off log-ins beside the event loop, a few at once. */
class Desk {
  readonly #room: Room;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Undefined when too many wait already. */
  async take<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#working >= this.#room.atOnce) {
      if (this.#waiting.length >= this.#room.waiting) return undefined;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    } else this.#working++;
    try {
      return await work();
    } finally {
      // Whoever waits next takes over this place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#working--;
      else next();
    }
  }
}

/** Peers elsewhere cannot keep those on this machine waiting. */
const desks = { near: new Desk({ atOnce: 2, waiting: 500 }), far: new Desk({ atOnce: 1, waiting: 100 }) };

/**
 * Whether a password is the one of a hash; undefined when too many are being asked at once. Without a hash it takes as
 * long, and is false: nobody can tell from the time whether there is one.
 */
export function checkPassword(
  password: string,
  hash: string | undefined,
  where: "near" | "far",
): Promise<boolean | undefined> {
  const { salt, expected } = partsOf(hash ?? "");
  return desks[where].take(async () => {
    const made = await worked(password, salt);
    return expected !== undefined && timingSafeEqual(made, expected);
  });
}

/** What nobody can guess: a session's token. */
export function randomToken(): string {
  return randomBytes(24).toString("hex");
}

/** A token's hash, hexadecimal: nobody guesses a token, so that one round of work is enough. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Takes as long whatever the token is. */
export function isTokenOf(token: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hash));
}

/** Eight bytes that nobody can guess: what a question over UDP is known by. */
export function randomNonce(): Uint8Array {
  return randomBytes(8);
}
