/** What one meter does with GOOSE at one place: it publishes its control blocks, and follows those of others. */
import type { Clock } from "#clock/clock.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { DataSets } from "#protocol/iec61850/server/data-sets.ts";
import { gooseSwitchesOf, goosesOf, type NamedGoose } from "#protocol/iec61850/server/goose-control.ts";
import type { IedHost } from "#protocol/iec61850/server/host.ts";
import { VariableTree } from "#protocol/iec61850/server/variable-tree.ts";
import { unraised } from "#protocol/iec61850/scl/unraised.ts";
import { Following, type Followed } from "./following.ts";
import { GoosePublisher } from "./publisher.ts";
import type { GooseReceiver } from "./receiver.ts";

export interface GooseSettings {
  readonly publish: boolean;
  /** What is published says that it is a simulation. */
  readonly simulated: boolean;
  readonly subscribe: readonly Followed[];
}

export interface GooseMeterParts {
  readonly host: IedHost;
  readonly settings: GooseSettings;
  readonly clock: Clock;
  /** Whether the meter says anything here now. */
  readonly answers: () => boolean;
  /** Sends a message of a control block; where there is no way for it the reason, undefined where nobody asked for one. */
  readonly sendOf: (goose: NamedGoose) => ((pdu: Uint8Array, simulated: boolean) => void) | string | undefined;
  readonly tell: (words: string) => void;
}

/** Behaviour (7-4): test, and test with its process blocked. */
const TESTS: readonly unknown[] = [3, 4];
const OFF = 5;

/** What is said of what comes and goes: whoever sends could make the log grow. */
const MOST_COMPLAINTS = 100;

export class GooseMeter {
  readonly #parts: GooseMeterParts;
  readonly #receiver: GooseReceiver;
  #publishers: readonly GoosePublisher[] = [];
  #made: { readonly epoch: number; readonly ied: Ied } | undefined;
  #simulation: number | undefined;
  #behaviour: number | undefined;
  readonly #followings: Following[] = [];
  #unheard: (() => void) | undefined;
  /** Of who switches control blocks of the model that it has now. */
  #unswitched: () => void = () => {};
  #said: readonly string[] = [];
  readonly #complaints = new Set<string>();

  constructor(parts: GooseMeterParts, receiver: GooseReceiver) {
    this.#parts = parts;
    this.#receiver = receiver;
  }

  begin(): void {
    if (this.#unheard !== undefined) return;
    const { host, settings } = this.#parts;
    for (const one of settings.subscribe) {
      const following = this.#follow(one);
      this.#followings.push(following);
      this.#receiver.add(following.subscription);
    }
    this.#unheard = host.changed(() => this.#look());
    this.#look();
  }

  end(): void {
    this.#unheard?.();
    this.#unheard = undefined;
    this.#unswitched();
    for (const following of this.#followings.splice(0)) {
      this.#receiver.remove(following.subscription);
      following.end();
    }
    for (const publisher of this.#publishers) publisher.stop();
    this.#publishers = [];
    this.#made = undefined;
  }

  /** What it cannot do of what is asked of it, as the meter is set up now, in words. */
  get shortcomings(): readonly string[] {
    const { host, settings } = this.#parts;
    const inputs = settings.subscribe.flatMap((one) => one.inputs.map(({ input }) => input));
    const unfit = inputs.flatMap((input) => {
      const why = host.whyNoInput?.(input);
      return why === undefined ? [] : [`input ${input}: ${why}`];
    });
    return [...unfit, ...this.#unpublished(host.ied)].map((words) => `GOOSE: ${words}`);
  }

  #unpublished(ied: Ied): readonly string[] {
    const { settings, sendOf } = this.#parts;
    const isIdle = settings.subscribe.length === 0;
    if (!settings.publish) return isIdle ? ["nothing is published here, and nothing followed"] : [];
    const gooses = goosesOf(ied);
    if (gooses.length === 0) return ["nothing is published: the configuration has no control block"];
    return gooses.flatMap((goose) => {
      const send = sendOf(goose);
      const { reference, control } = goose;
      if (typeof send === "string") return [`${reference} is not published: ${send}`];
      const isFixed = typeof send === "function" && control.fixedOffsets;
      return isFixed ? [`${reference} is published without the fixed offsets that it is to have`] : [];
    });
  }

  get #values(): readonly unknown[] {
    return this.#parts.host.image().values;
  }

  #look(): void {
    const { host } = this.#parts;
    const { epoch, ied } = host;
    if (this.#made?.epoch !== epoch || this.#made.ied !== ied) this.#make(ied, epoch);
    for (const publisher of this.#publishers) {
      publisher.look();
      if (publisher.trouble !== undefined) this.#complain(publisher.trouble);
    }
  }

  /** With another model there are other control blocks; who was published begins anew, as after a start. */
  #make(ied: Ied, epoch: number): void {
    for (const publisher of this.#publishers) publisher.stop();
    const before = this.#made?.ied;
    this.#made = { epoch, ied };
    const { host, settings, tell } = this.#parts;
    const [device] = ied.devices;
    const leaves = new LeafIndex(ied);
    const leaf = (path: string): number | undefined => leaves.find(device?.inst ?? "", path, "ST")?.leaf.index;
    this.#behaviour = leaf("LLN0.Beh.stVal");
    this.#simulation = leaf("LPHD1.Sim.stVal");
    this.#unswitched();
    this.#unswitched = gooseSwitchesOf(ied).changed(() => this.#look());
    const { shortcomings } = this;
    // What was so before has been said: a meter that only starts again has no other ones.
    for (const words of shortcomings) if (!this.#said.includes(words)) tell(words);
    this.#said = shortcomings;
    this.#publishers = [];
    if (!settings.publish) return;
    if (before !== undefined) for (const line of unraised(before, ied)) tell(line);
    const sets = new DataSets(host, new VariableTree(ied, []));
    this.#publishers = goosesOf(ied).flatMap((goose) => {
      const send = this.#parts.sendOf(goose);
      return typeof send === "function" ? [this.#publisher(goose, sets, send)] : [];
    });
  }

  #publisher(
    { control, reference, dataSetReference }: NamedGoose,
    sets: DataSets,
    send: (pdu: Uint8Array, simulated: boolean) => void,
  ): GoosePublisher {
    const { host, settings, clock, answers } = this.#parts;
    const { ied } = host;
    const switches = gooseSwitchesOf(ied);
    return new GoosePublisher(
      {
        control,
        reference,
        dataSetReference,
        set: { members: sets.find(dataSetReference)?.members ?? [] },
        simulated: settings.simulated,
      },
      {
        clock,
        send,
        host: {
          image: () => host.image(),
          now: () => host.now(),
          isOn: () => answers() && switches.isOn(reference) && this.#behave() !== OFF,
          // From edition 2 on the quality of each value says it.
          isInTest: () => ied.edition === "1" && TESTS.includes(this.#behave()),
        },
      },
    );
  }

  #behave(): unknown {
    return this.#behaviour === undefined ? undefined : this.#values[this.#behaviour];
  }

  #follow(settings: Followed): Following {
    const { host, clock, tell } = this.#parts;
    return new Following(settings, {
      clock,
      tell,
      complain: (what) => this.#complain(what),
      acceptsSimulation: () => this.#simulation !== undefined && this.#values[this.#simulation] === true,
      drive: (input, closed) => (host.drive === undefined ? "the meter has no inputs" : host.drive(input, closed)),
    });
  }

  /** Once: whoever sends could say it again and again. */
  #complain(what: string): void {
    const words = `GOOSE: ${what}`;
    if (this.#complaints.has(words) || this.#said.includes(words) || this.#complaints.size >= MOST_COMPLAINTS) return;
    this.#complaints.add(words);
    this.#parts.tell(words);
  }
}
