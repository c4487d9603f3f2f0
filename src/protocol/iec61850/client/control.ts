/** Controls (IEC 61850-7-2, 20; 8-1, 20): an output is selected, operated and cancelled, by whatever model it has. */
import type { Clock } from "#clock/clock.ts";
import type { Data, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { InformationReport } from "#protocol/iec61850/mms/information-report.ts";
import type { MmsClient } from "./client.ts";
import { addCauseText } from "./control-words.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { MmsError } from "./failing.ts";
import type { Reference } from "./references.ts";
import { nothingOf, utcData } from "./typed-text.ts";
import { readOne, typeOf, writeOne } from "./values.ts";

/** ctlModel, by its number. */
export const controlModels = [
  "status only",
  "direct, normal security",
  "select before operate, normal security",
  "direct, enhanced security",
  "select before operate, enhanced security",
] as const;

export interface ControlOptions {
  /** Whether it is a test, which operates nothing. */
  readonly test?: boolean | undefined;
  readonly synchroCheck?: boolean | undefined;
  readonly interlockCheck?: boolean | undefined;
  /** Who asks (orIdent). */
  readonly identity?: string | undefined;
  /** How long the end of a command of enhanced security is waited for. */
  readonly terminationMs?: number | undefined;
}

/** Why a command was not done. */
export interface ControlRefused {
  readonly step: "select" | "operate" | "cancel" | "termination";
  readonly words: string;
  /** AddCause, where the server says it. */
  readonly addCause?: number | undefined;
}

/** Remote control, from a station (orCat). */
const STATION = 2;
const TERMINATION_MS = 10_000;

type Structure = Extract<TypeDescription, { readonly kind: "structure" }>;

export class Control {
  /** Of controlModels. */
  readonly model: number;
  /** The type of what it is set to. */
  readonly valueType: TypeDescription;
  readonly #client: MmsClient;
  readonly #clock: Clock;
  readonly #object: Reference;
  readonly #oper: Structure;
  #number = 0;

  private constructor(
    client: MmsClient,
    clock: Clock,
    object: Reference,
    { model, oper }: { model: number; oper: Structure },
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#object = object;
    this.model = model;
    this.#oper = oper;
    const value = oper.fields.find(({ name }) => name === "ctlVal")?.type;
    if (value === undefined) throw new MmsError("its Oper has no ctlVal", "nonsense");
    this.valueType = value;
  }

  /** Of a data object, "JEM01MTR/Out_GGIO2.SPCSO1". Rejects with MmsError where it cannot be controlled. */
  static async of(client: MmsClient, clock: Clock, object: Reference): Promise<Control> {
    const model = await readOne(client, { ...object, fc: "CF", path: [...object.path, { name: "ctlModel" }] });
    const type = await typeOf(client, { ...object, fc: "CO" });
    const oper = type.kind === "structure" ? type.fields.find(({ name }) => name === "Oper")?.type : undefined;
    if (oper?.kind !== "structure") throw new MmsError("it has no Oper: it cannot be controlled", "refused");
    // Without ctlModel it is operated directly: what else it wants, it says.
    const number = model.kind === "integer" || model.kind === "unsigned" ? Number(model.value) : 1;
    return new Control(client, clock, object, { model: number, oper });
  }

  /** Undefined where it was done; with enhanced security where it has been done to the end. */
  async operate(value: Data, options: ControlOptions = {}): Promise<ControlRefused | undefined> {
    if (this.model === 0) return { step: "operate", words: "it shows its status only: it cannot be controlled" };
    this.#number = (this.#number + 1) % 256;
    const asked = this.#asked(value, options);
    if (this.model === 2 || this.model === 4) {
      const refused = this.model === 2 ? await this.#select() : await this.#write("select", "SBOw", asked);
      if (refused !== undefined) return refused;
    }
    if (this.model < 3) return this.#write("operate", "Oper", asked);
    const termination = this.#termination(options.terminationMs ?? TERMINATION_MS);
    const refused = await this.#write("operate", "Oper", asked);
    if (refused === undefined) return termination.ended;
    termination.forget();
    return refused;
  }

  async cancel(value: Data, options: ControlOptions = {}): Promise<ControlRefused | undefined> {
    return this.#write("cancel", "Cancel", this.#asked(value, options, true));
  }

  #asked(value: Data, options: ControlOptions, isCancel = false): Data {
    const { test = false, synchroCheck = false, interlockCheck = false, identity = "polyphase" } = options;
    const own: Readonly<Record<string, Data>> = {
      ctlVal: value,
      origin: {
        kind: "structure",
        items: [
          { kind: "integer", value: STATION },
          { kind: "octets", value: new TextEncoder().encode(identity).subarray(0, 64) },
        ],
      },
      ctlNum: { kind: "unsigned", value: this.#number },
      T: utcData(this.#clock.utc()),
      Test: { kind: "boolean", value: test },
      Check: {
        kind: "bits",
        octets: Uint8Array.of((synchroCheck ? 0x80 : 0) | (interlockCheck ? 0x40 : 0)),
        length: 2,
      },
    };
    // Cancel has all of Oper but Check.
    const fields = this.#oper.fields.filter(({ name }) => !isCancel || name !== "Check");
    return { kind: "structure", items: fields.map(({ name, type }) => own[name] ?? nothingOf(type)) };
  }

  /** Normal security: the reference of what was selected is the answer, nothing where it was not. */
  async #select(): Promise<ControlRefused | undefined> {
    const told = this.#listen();
    const answer = await readOne(this.#client, this.#part("SBO"));
    told.stop();
    if (answer.kind === "visible" && answer.value !== "") return undefined;
    const why = answer.kind === "failure" ? accessErrorText(answer.error) : "it cannot be selected now";
    return { step: "select", words: why, ...told.said() };
  }

  async #write(step: ControlRefused["step"], part: string, asked: Data): Promise<ControlRefused | undefined> {
    const told = this.#listen();
    const error = await writeOne(this.#client, this.#part(part), asked);
    told.stop();
    return error === undefined ? undefined : { step, words: accessErrorText(error), ...told.said() };
  }

  #part(name: string): Reference {
    return { ...this.#object, fc: "CO", path: [...this.#object.path, { name }] };
  }

  #item(part: string): string {
    return [this.#object.node, "CO", ...this.#object.path.map(({ name }) => name), part].join("$");
  }

  /** What the server says of this object beside its answers (LastApplError). */
  #listen(): { readonly stop: () => void; readonly said: () => { words?: string; addCause?: number } } {
    let cause: number | undefined;
    const object = `${this.#object.domain}/${this.#item("")}`;
    const stop = this.#client.onReport((report) => {
      const error = lastApplError(report);
      if (error !== undefined && error.object.startsWith(object)) cause = error.addCause;
    });
    return { stop, said: () => (cause === undefined ? {} : { words: addCauseText(cause), addCause: cause }) };
  }

  /** The end of a command of enhanced security (CommandTermination). */
  #termination(withinMs: number): { readonly ended: Promise<ControlRefused | undefined>; readonly forget: () => void } {
    let forget = (): void => {};
    const item = this.#item("Oper");
    const ended = new Promise<ControlRefused | undefined>((resolve) => {
      const tooLate = this.#clock.after(withinMs, () => end(termination(`it has not ended within ${withinMs} ms`)));
      const stop = this.#client.onReport((report) => {
        const { access } = report;
        if (access.kind !== "variables") return;
        const isOwn = access.variables.some(
          (one) => one.kind === "name" && one.name.domain === this.#object.domain && one.name.item === item,
        );
        const error = lastApplError(report);
        if (isOwn) end(error && termination(addCauseText(error.addCause), error.addCause));
      });
      const forgetEnd = this.#client.onEnd(() => end(termination("the association ended before it")));
      const end = (outcome: ControlRefused | undefined): void => {
        tooLate();
        stop();
        forgetEnd();
        resolve(outcome);
      };
      forget = () => end(undefined);
    });
    return { ended, forget };
  }
}

function termination(words: string, addCause?: number): ControlRefused {
  return { step: "termination", words, ...(addCause === undefined ? {} : { addCause }) };
}

/** What LastApplError says, where a report has it: the object, and why. */
export function lastApplError({
  access,
  results,
}: InformationReport): { readonly object: string; readonly error: number; readonly addCause: number } | undefined {
  if (access.kind !== "variables") return undefined;
  const at = access.variables.findIndex((one) => one.kind === "name" && one.name.item === "LastApplError");
  const value = results[at];
  if (value?.kind !== "structure") return undefined;
  const [object, error, , , addCause] = value.items;
  if (object?.kind !== "visible" || error?.kind !== "integer" || addCause?.kind !== "integer") return undefined;
  return { object: object.value, error: Number(error.value), addCause: Number(addCause.value) };
}
