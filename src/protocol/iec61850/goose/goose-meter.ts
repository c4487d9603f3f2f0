/** What one meter does with GOOSE at one place: it publishes its control blocks, and follows those of others. */
import type { Clock } from "#clock/clock.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { DataSets } from "#protocol/iec61850/server/data-sets.ts";
import { gooseSwitchesOf, goosesOf, type NamedGoose } from "#protocol/iec61850/server/goose-control.ts";
import type { IedHost } from "#protocol/iec61850/server/host.ts";
import { VariableTree } from "#protocol/iec61850/server/variable-tree.ts";
import { isOn, isUsable, memberAt, type MemberPath } from "./member-state.ts";
import { GoosePublisher } from "./publisher.ts";
import type { GooseReceiver } from "./receiver.ts";
import { Subscription, type SubscriptionSettings, type SubscriptionState } from "./subscription.ts";
import { ToldStates } from "./told-states.ts";

/** An input of the meter that follows a value of somebody else. */
export interface Driven {
  readonly input: number;
  /** The value that closes it, and the one that is its quality, by their numbers: "3", "0.1" of one in a structure. */
  readonly value: string;
  readonly quality?: string | undefined;
}

export interface Followed extends SubscriptionSettings {
  readonly inputs: readonly Driven[];
  /** What they are when nothing comes in time, or what comes does not count. */
  readonly whenGone: "keep" | "open" | "closed";
}

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

/** What inputs say of themselves: whoever sends could make the log grow. */
const MOST_COMPLAINTS = 100;

export class GooseMeter {
  readonly #parts: GooseMeterParts;
  readonly #receiver: GooseReceiver;
  #publishers: readonly GoosePublisher[] = [];
  #made: { readonly epoch: number; readonly ied: Ied } | undefined;
  #simulation: number | undefined;
  #behaviour: number | undefined;
  readonly #subscriptions: Subscription[] = [];
  readonly #told: ToldStates[] = [];
  #unheard: (() => void) | undefined;
  /** Of who switches control blocks of the model that it has now. */
  #unswitched: () => void = () => {};
  readonly #complaints = new Set<string>();

  constructor(parts: GooseMeterParts, receiver: GooseReceiver) {
    this.#parts = parts;
    this.#receiver = receiver;
  }

  begin(): void {
    if (this.#unheard !== undefined) return;
    const { host, settings } = this.#parts;
    for (const one of settings.subscribe) {
      const subscription = this.#follow(one);
      this.#subscriptions.push(subscription);
      this.#receiver.add(subscription);
    }
    for (const { input } of settings.subscribe.flatMap(({ inputs }) => inputs)) {
      const why = host.whyNoInput?.(input);
      if (why !== undefined) this.#complain(`input ${input}: ${why}`);
    }
    this.#unheard = host.changed(() => this.#look());
    this.#look();
  }

  end(): void {
    this.#unheard?.();
    this.#unheard = undefined;
    this.#unswitched();
    for (const subscription of this.#subscriptions.splice(0)) this.#receiver.remove(subscription);
    for (const told of this.#told.splice(0)) told.end();
    for (const publisher of this.#publishers) publisher.stop();
    this.#publishers = [];
    this.#made = undefined;
  }

  get #values(): readonly unknown[] {
    return this.#parts.host.image().values;
  }

  #look(): void {
    const { host } = this.#parts;
    const { epoch, ied } = host;
    if (this.#made?.epoch !== epoch || this.#made.ied !== ied) this.#make(ied, epoch);
    for (const publisher of this.#publishers) publisher.look();
  }

  /** With another model there are other control blocks; who was published begins anew, as after a start. */
  #make(ied: Ied, epoch: number): void {
    for (const publisher of this.#publishers) publisher.stop();
    this.#made = { epoch, ied };
    const { host, settings, tell } = this.#parts;
    const [device] = ied.devices;
    const leaves = new LeafIndex(ied);
    const leaf = (path: string): number | undefined => leaves.find(device?.inst ?? "", path, "ST")?.leaf.index;
    this.#behaviour = leaf("LLN0.Beh.stVal");
    this.#simulation = leaf("LPHD1.Sim.stVal");
    this.#unswitched();
    this.#unswitched = gooseSwitchesOf(ied).changed(() => this.#look());
    if (!settings.publish) {
      this.#publishers = [];
      if (settings.subscribe.length === 0) tell("GOOSE: nothing is published here, and nothing followed");
      return;
    }
    if (goosesOf(ied).length === 0) tell("GOOSE: nothing is published: the configuration has no control block");
    const sets = new DataSets(host, new VariableTree(ied, []));
    this.#publishers = goosesOf(ied).flatMap((goose) => {
      const send = this.#parts.sendOf(goose);
      if (typeof send === "string") tell(`GOOSE: ${goose.reference} is not published: ${send}`);
      if (typeof send !== "function") return [];
      const publisher = this.#publisher(goose, sets, send);
      if (publisher.trouble !== undefined) tell(`GOOSE: ${publisher.trouble}`);
      return [publisher];
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

  #follow(settings: Followed): Subscription {
    const { clock, tell } = this.#parts;
    const told = new ToldStates(clock, (words) => tell(`GOOSE ${settings.controlBlock} ${words}`));
    this.#told.push(told);
    return new Subscription(settings, {
      clock,
      acceptsSimulation: () => this.#simulation !== undefined && this.#values[this.#simulation] === true,
      changed: (state) => {
        told.become(state);
        this.#drive(settings, state);
      },
    });
  }

  /** Inputs follow what is good; else they are what they are to be then. */
  #drive(
    { inputs, whenGone, controlBlock }: Followed,
    { status, isGone, needsCommissioning, values = [] }: SubscriptionState,
  ): void {
    const { host } = this.#parts;
    // What does not fit changes nothing; what fitted counts for as long as it said.
    if (status === "mismatched" && !isGone) return;
    const isGood = status === "good" && !needsCommissioning;
    for (const { input, value, quality } of inputs) {
      for (const path of status === "good" ? [value, quality] : [])
        if (path !== undefined && memberAt(values, pathOf(path)) === undefined)
          this.#complain(`input ${input}: messages of ${controlBlock} have no value ${path}`);
      const usable = isGood && (quality === undefined || isUsable(memberAt(values, pathOf(quality))));
      const state = usable ? isOn(memberAt(values, pathOf(value))) : undefined;
      const closed = state ?? (whenGone === "keep" ? undefined : whenGone === "closed");
      if (closed === undefined) continue;
      const why = host.drive === undefined ? "the meter has no inputs" : host.drive(input, closed);
      if (why !== undefined) this.#complain(`input ${input}: ${why}`);
    }
  }

  /** Once: whoever sends could say it again and again. */
  #complain(words: string): void {
    if (this.#complaints.has(words) || this.#complaints.size >= MOST_COMPLAINTS) return;
    this.#complaints.add(words);
    this.#parts.tell(`GOOSE: ${words}`);
  }
}

function pathOf(text: string): MemberPath {
  return text.split(".").map(Number);
}
