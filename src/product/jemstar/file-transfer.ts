/**
 * Automatic retrieval: PQDIF files go to the server of the configuration, one after another, each until the server has it. A server that
 * fails is tried again after pauses that grow; a file that it refuses is tried behind the others. The log says when either begins and when
 * that is over. The meter waits for none of it.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { openPush } from "#io/push.ts";
import { RefusedFile, type Push, type PushTarget } from "#io/push-target.ts";
import type { FileShelf, ShelvedFile } from "#quantity/file-shelf.ts";
import { limits } from "#quantity/limits.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { MeterStore } from "#store/store.ts";
import type { RemoteFileTransfer } from "./configuration-schema-transfer.ts";

/** The secrets that it works with: the password, and the fingerprint by which the server is known, which people may set beforehand. */
export const PASSWORD = "remoteFileTransfer";
export const HOST_KEY = "remoteFileTransfer.hostKey";

/** "A file will be sent to the server for testing." */
export const TEST_FILE = "test_scp-tftp_server.txt";

/** Before the name of a file that has been sent: a record of each, so that one more costs what one costs. A lost one is sent once more. */
const SENT = "pushed-file ";
const YES = Uint8Array.of(1);

export interface Transferring {
  /** By which people and peers go. */
  readonly real: Clock;
  readonly store: MeterStore;
  /** Undefined where nothing is pushed. */
  readonly settings: () => RemoteFileTransfer | undefined;
  readonly shelf: () => FileShelf;
  readonly remove: (name: string) => void;
  /** Whether its Ethernet port works: it has power, and is not in test mode. */
  readonly works: () => boolean;
  readonly now: () => Stamp;
  readonly secrets: {
    secret(name: string): Uint8Array | undefined;
    setSecret(name: string, secret: Uint8Array): string | undefined;
  };
  /** Something that the log is to have. */
  readonly say: (what: string) => void;
  /** What it serves as; the network unless said. */
  readonly open?: typeof openPush;
}

/** What is shown of it. */
export interface TransferView {
  readonly server: string;
  /** Files that the server has not got yet. */
  readonly waiting: number;
  /** Why it fails, in words. */
  readonly trouble?: string | undefined;
}

export class FileTransfer {
  readonly #with: Transferring;
  /** Names of files that have been sent and are there yet. */
  readonly #sent = new Set<string>();
  /** Names of files that failed, which go behind the others, and not before this elapsed time. */
  readonly #last = new Map<string, number>();
  /** Those of them that the server has refused. */
  readonly #refused = new Map<string, string>();
  #cancel: Cancel = () => {};
  #busy = false;
  #running = false;
  #tests = 0;
  #failures = 0;
  #trouble: string | undefined;
  /** Not before this elapsed time. */
  #notBefore = -Infinity;
  #push: Push | undefined;

  constructor(transferring: Transferring) {
    this.#with = transferring;
    for (const [key] of transferring.store.entries(SENT)) this.#sent.add(key.slice(SENT.length));
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#later();
  }

  stop(): void {
    this.#running = false;
    this.#cancel();
    this.#push?.close();
  }

  /** The server is to be another, or the same anew. */
  changed(): void {
    this.#last.clear();
    this.#refused.clear();
    this.#reached();
    this.#later();
  }

  #reached(): void {
    this.#failures = 0;
    this.#trouble = undefined;
    this.#notBefore = -Infinity;
  }

  /** Sends the file that tests the server; why not, in words. */
  test(): string | undefined {
    if (this.#with.settings() === undefined) return "communications.remoteFileTransfer names no server";
    this.#tests++;
    this.#notBefore = -Infinity;
    for (const name of this.#last.keys()) this.#last.set(name, -Infinity);
    void this.#look();
    return undefined;
  }

  get view(): TransferView | undefined {
    const settings = this.#with.settings();
    if (settings === undefined) return undefined;
    const { protocol } = settings;
    const server = `${protocol}://${settings.host}:${portOf(settings)}`;
    return { server, waiting: this.#unsent().length, trouble: this.#trouble ?? [...this.#refused.values()][0] };
  }

  #later(): void {
    this.#cancel();
    // Of thousands of meters few push anything: the others ask for no time.
    if (!this.#running || this.#with.settings() === undefined) return;
    this.#cancel = this.#with.real.after(limits.push.lookMs, () => void this.#look());
  }

  #keep(name: string): void {
    this.#sent.add(name);
    this.#with.store.put(SENT + name, YES);
  }

  /** What is there no more is neither sent nor refused. */
  #forget(): void {
    const there = new Set(
      this.#with
        .shelf()
        .list()
        .map(({ name }) => name),
    );
    for (const name of this.#sent)
      if (!there.has(name)) {
        this.#sent.delete(name);
        this.#with.store.remove(SENT + name);
      }
    for (const name of this.#last.keys())
      if (!there.has(name)) {
        this.#last.delete(name);
        this.#refused.delete(name);
      }
  }

  /** PQDIF files of the shelf itself: what its folders have is in them. */
  #unsent(): readonly ShelvedFile[] {
    return this.#with
      .shelf()
      .list()
      .filter(({ name }) => !name.includes("/") && name.endsWith(".pqd") && !this.#sent.has(name));
  }

  /** Those that are due: all that there are, or what there was when the hour began last. */
  #due({ when }: RemoteFileTransfer): readonly ShelvedFile[] {
    const now = this.#with.real.elapsed();
    const tried = this.#unsent().filter(({ name }) => (this.#last.get(name) ?? now) <= now);
    const unsent = [
      ...tried.filter(({ name }) => !this.#last.has(name)),
      ...tried.filter(({ name }) => this.#last.has(name)),
    ];
    if (when === "afterEach" || unsent.length === 0) return unsent;
    const local = localOf(this.#with.now());
    const today = Math.floor(local / DAY_MS) * DAY_MS + when * HOUR_MS;
    const began = today <= local ? today : today - DAY_MS;
    return unsent.filter(({ at }) => localOf(at) < began);
  }

  async #look(): Promise<void> {
    const { settings, works, real } = this.#with;
    if (this.#busy) return;
    const found = settings();
    this.#forget();
    if (found === undefined || !works() || real.elapsed() < this.#notBefore) return this.#later();
    const due = this.#due(found);
    if (due.length === 0 && this.#tests === 0) return this.#later();
    this.#busy = true;
    try {
      await this.#send(found, due);
    } finally {
      this.#busy = false;
      // Who asked for a test meanwhile waits for no look.
      if (this.#tests > 0) void this.#look();
      else this.#later();
    }
  }

  async #send(settings: RemoteFileTransfer, due: readonly ShelvedFile[]): Promise<void> {
    const server = `${settings.host}:${portOf(settings)}`;
    let tests = this.#tests;
    this.#tests = 0;
    try {
      this.#push = await this.#open(settings, server);
      if (tests > 0) {
        await this.#sendTest(this.#push, server);
        tests = 0;
      }
      for (const { name } of due) {
        // What has been configured otherwise, or gone, meanwhile is not sent.
        if (!this.#with.works() || this.#with.settings() !== settings) break;
        await this.#sendOne(this.#push, settings, name);
      }
      if (this.#with.settings() !== settings) return;
      if (this.#trouble !== undefined) this.#with.say(`file transfer to ${server} works again`);
      this.#reached();
    } catch (error) {
      if (this.#with.settings() === settings) this.#failed(server, tests > 0, error);
    } finally {
      this.#push?.close();
      this.#push = undefined;
    }
  }

  async #sendTest(push: Push, server: string): Promise<void> {
    const { now, say } = this.#with;
    const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(now().utc)).toString();
    try {
      await push.put(TEST_FILE, new TextEncoder().encode(`A file that was sent for testing.\r\n${at}\r\n`));
      say(`file transfer to ${server} tested: ${TEST_FILE} is there`);
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      say(`file transfer to ${server} tested, and fails: ${error.message}`);
    }
  }

  async #sendOne(push: Push, settings: RemoteFileTransfer, name: string): Promise<void> {
    const { shelf, remove, say, real } = this.#with;
    const bytes = shelf().read(name);
    if (bytes === undefined) return;
    const server = `${settings.host}:${portOf(settings)}`;
    try {
      const how = await push.put(name, bytes);
      this.#keep(name);
      this.#last.delete(name);
      if (this.#refused.delete(name) && this.#refused.size === 0)
        say(`file transfer to ${server} takes every file again`);
      if (settings.deleteFiles && how === "kept") remove(name);
    } catch (error) {
      if (this.#with.settings() !== settings) throw error;
      const isRefused = error instanceof RefusedFile;
      // Whatever it was: next time the others go first.
      this.#last.set(name, isRefused ? real.elapsed() + limits.push.refusedMs : -Infinity);
      if (!isRefused) throw error;
      if (this.#refused.size === 0)
        say(`file transfer to ${server}: ${name} is refused, others go on: ${error.message}`);
      this.#refused.set(name, error.message);
    }
  }

  #failed(server: string, tested: boolean, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const { firstPauseMs, mostPauseMs } = limits.push;
    if (tested) this.#with.say(`file transfer to ${server} tested, and fails: ${why}`);
    // Once, for as long as it fails, whatever else may be wrong with it meanwhile.
    else if (this.#trouble === undefined) this.#with.say(`file transfer to ${server} fails: ${why}`);
    this.#trouble = why;
    this.#notBefore = this.#with.real.elapsed() + Math.min(mostPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures++;
  }

  #open(settings: RemoteFileTransfer, server: string): Promise<Push> {
    const { secrets, real, open = openPush } = this.#with;
    const text = (name: string): string | undefined => {
      const secret = secrets.secret(name);
      return secret && new TextDecoder().decode(secret);
    };
    const password = text(PASSWORD);
    if (password === undefined) throw new Error(`the meter has no secret ${PASSWORD}, the password of the server`);
    const { protocol, host, username, folder, tls } = settings;
    const target: PushTarget = { protocol, host, port: portOf(settings), user: username, password, folder, tls };
    const isKnown = (fingerprint: string): boolean => {
      const known = text(HOST_KEY);
      // That of another server is none of this one; one that people have set has no server.
      const of = known !== undefined && known.includes(" ") && !known.startsWith(`${server} `) ? undefined : known;
      if (of !== undefined) return of === fingerprint || of === `${server} ${fingerprint}`;
      const trouble = secrets.setSecret(HOST_KEY, new TextEncoder().encode(`${server} ${fingerprint}`));
      if (trouble !== undefined) return false;
      this.#with.say(`file transfer to ${server}: its key is ${fingerprint} from now on`);
      return true;
    };
    return open(target, { clock: real, stepMs: limits.push.stepMs, isKnown });
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function portOf({ port, protocol }: RemoteFileTransfer): number {
  return port ?? (protocol === "ftp" ? 21 : 22);
}
