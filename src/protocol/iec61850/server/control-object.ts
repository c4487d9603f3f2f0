/**
 * A data object that is controlled (IEC 61850-7-2, 20): directly or after it has been selected, with normal or enhanced security, as its
 * ctlModel says. What it does, and who may, the meter decides.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import type { Leaf } from "#protocol/iec61850/model/ied.ts";
import { isSameValue, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { isOfSame, type Command } from "./command.ts";
import { addCauseOf, refusedPdu, terminationPdu, type ControlName } from "./control-reports.ts";
import { accessErrors, addCauses, type AccessError, type AddCause, type ControlState, type IedHost } from "./host.ts";
import type { Asker } from "./served.ts";

/** Attributes that say how it is controlled, and what it is; undefined where the model has none. */
export interface ControlLeaves {
  readonly ctlModel?: Leaf | undefined;
  readonly sboTimeout?: Leaf | undefined;
  readonly sboClass?: Leaf | undefined;
  readonly operTimeout?: Leaf | undefined;
  readonly stVal?: Leaf | undefined;
}

interface Selected {
  readonly asker: Asker;
  /** With its value, of enhanced security. */
  readonly command: Command | undefined;
  readonly expiry: Cancel;
}

interface Executing {
  readonly asker: Asker;
  readonly command: Command;
  stop(): void;
}

const models = { statusOnly: 0, direct: 1, select: 2, directEnhanced: 3, selectEnhanced: 4 } as const;

/** orCat: from not-supported to process. */
const MOST_CATEGORY = 8;

/** What bars it that is over some time. */
const passing: ReadonlySet<AddCause> = new Set([
  addCauses.commandAlreadyInExecution,
  addCauses.objectAlreadySelected,
  addCauses.lockedByOtherClient,
]);

export class ControlObject {
  /** "JEM01MTR/Out_GGIO2.SPCSO1" */
  readonly reference: string;
  readonly name: ControlName;
  readonly #host: IedHost;
  readonly #clock: Clock;
  readonly #leaves: ControlLeaves;
  /** Of the structures that it has, where it has no ctlModel. */
  readonly #usual: number;
  #selected: Selected | undefined;
  #executing: Executing | undefined;
  #operated: ControlState["operated"];
  #isToShow = false;

  constructor(
    host: IedHost,
    clock: Clock,
    what: {
      readonly reference: string;
      readonly name: ControlName;
      readonly leaves: ControlLeaves;
      readonly usual: number;
    },
  ) {
    this.#host = host;
    this.#clock = clock;
    this.reference = what.reference;
    this.name = what.name;
    this.#leaves = what.leaves;
    this.#usual = what.usual;
  }

  /** SBO is read: the reference of what is selected now; "" where it is not (IEC 61850-8-1, 20.5.5). */
  select(asker: Asker): string {
    if (this.#model() !== models.select || this.#whyNotSelect(asker) !== undefined) return "";
    this.#hold(asker, undefined);
    return `${this.name.domain}/${this.name.item}$SBO`;
  }

  /** SBOw is written. */
  selectWithValue(command: Command, asker: Asker): AccessError | undefined {
    const why =
      this.#model() === models.selectEnhanced
        ? (this.#whyNotSelect(asker) ?? whyNever(command))
        : addCauses.notSupported;
    if (why !== undefined) return this.#refuse(asker, command, why);
    this.#hold(asker, command);
    return undefined;
  }

  operate(command: Command, asker: Asker): AccessError | undefined {
    const model = this.#model();
    const why = this.#whyNotOperate(command, asker, model);
    if (why !== undefined) {
      // A command that is refused has used up what was selected for it.
      if (this.#selected?.asker === asker) this.#deselect();
      return this.#refuse(asker, command, why);
    }
    if (model === models.direct || model === models.select) {
      const failed = asker.session.control(this.reference, command.value);
      this.#used();
      if (failed !== undefined) return this.#refuse(asker, command, failed);
      this.#did(command);
      return undefined;
    }
    this.#execute(command, asker);
    return undefined;
  }

  cancel(command: Command, asker: Asker): AccessError | undefined {
    const { asker: whose, command: what } = this.#executing ?? this.#selected ?? {};
    if (whose !== asker) {
      const why = whose === undefined ? addCauses.objectNotSelected : addCauses.lockedByOtherClient;
      return this.#refuse(asker, command, why);
    }
    if (what !== undefined && !isOfSame(what, command))
      return this.#refuse(asker, command, addCauses.inconsistentParameters);
    if (this.#executing !== undefined) this.#end(addCauses.abortionByCancel);
    this.#deselect();
    return undefined;
  }

  /** An association is over, and with it what it had selected. */
  left(asker: Asker): void {
    if (this.#executing?.asker === asker) {
      this.#executing.stop();
      this.#executing = undefined;
    }
    if (this.#selected?.asker === asker) this.#deselect();
  }

  close(): void {
    this.#executing?.stop();
    this.#executing = undefined;
    this.#deselect();
  }

  #whyNotSelect(asker: Asker): AddCause | undefined {
    if (this.#executing !== undefined) return addCauses.commandAlreadyInExecution;
    // Who has selected it may again: its time begins anew.
    if (this.#selected !== undefined && this.#selected.asker !== asker) return addCauses.objectAlreadySelected;
    return asker.session.mayControl(this.reference);
  }

  #whyNotOperate(command: Command, asker: Asker, model: number): AddCause | undefined {
    if (model === models.statusOnly) return addCauses.notSupported;
    if (this.#executing !== undefined) return addCauses.commandAlreadyInExecution;
    if (model === models.select || model === models.selectEnhanced) {
      const selected = this.#selected;
      if (selected === undefined) return addCauses.objectNotSelected;
      if (selected.asker !== asker) return addCauses.lockedByOtherClient;
      const { command: chosen } = selected;
      if (chosen !== undefined && !(isOfSame(chosen, command) && isSameValue(chosen.value, command.value)))
        return addCauses.inconsistentParameters;
    }
    return whyNever(command) ?? asker.session.mayControl(this.reference);
  }

  /** Enhanced security: the answer says that it begins, its termination that it is where it was to be, or why not. */
  #execute(command: Command, asker: Asker): void {
    const stops: Cancel[] = [];
    this.#executing = { asker, command, stop: () => stops.splice(0).forEach((stop) => stop()) };
    stops.push(
      this.#clock.after(0, () => {
        const failed = asker.session.control(this.reference, command.value);
        if (failed !== undefined) return this.#end(failed);
        this.#did(command);
        if (this.#isThere(command)) return this.#end(undefined);
        stops.push(
          this.#host.changed(() => {
            if (this.#isThere(command)) this.#end(undefined);
          }),
          this.#clock.after(this.#milliseconds("operTimeout", limits.controls.operateMs), () =>
            this.#end(addCauses.timeLimitOver),
          ),
        );
      }),
    );
  }

  #isThere({ value }: Command): boolean {
    const { stVal } = this.#leaves;
    return stVal === undefined || isSameValue(this.#host.image().values[stVal.index], value);
  }

  #end(why: AddCause | undefined): void {
    const executing = this.#executing;
    if (executing === undefined) return;
    this.#executing = undefined;
    executing.stop();
    this.#used();
    const cause = why === undefined ? undefined : addCauseOf(why, this.#host.ied.edition);
    executing.asker.tell(terminationPdu(this.name, executing.command, cause));
  }

  #hold(asker: Asker, command: Command | undefined): void {
    this.#selected?.expiry();
    const ms = this.#milliseconds("sboTimeout", this.#host.settings.selectMs);
    const expiry = this.#clock.after(ms, () => this.#deselect());
    this.#selected = { asker, command, expiry };
    this.#show();
  }

  #deselect(): void {
    if (this.#selected === undefined) return;
    this.#selected.expiry();
    this.#selected = undefined;
    this.#show();
  }

  /** Operated once, it is no longer selected; operated many, its time begins anew. */
  #used(): void {
    const selected = this.#selected;
    if (selected === undefined) return;
    if (this.#number("sboClass") === 1) this.#hold(selected.asker, selected.command);
    else this.#deselect();
  }

  #did({ category, identification, number }: Command): void {
    this.#operated = { category, identification, number };
    this.#show();
  }

  /** Soon, and once for all of it: what the meter makes of it is not done within what led to it. */
  #show(): void {
    if (this.#isToShow) return;
    this.#isToShow = true;
    this.#clock.after(0, () => {
      this.#isToShow = false;
      this.#host.controlled?.(this.reference, { selected: this.#selected !== undefined, operated: this.#operated });
    });
  }

  #refuse(asker: Asker, command: Command, why: AddCause): AccessError {
    asker.tell(refusedPdu(this.name, command, addCauseOf(why, this.#host.ied.edition)));
    return passing.has(why) ? accessErrors.temporarilyUnavailable : accessErrors.accessDenied;
  }

  #model(): number {
    return this.#number("ctlModel") ?? this.#usual;
  }

  #milliseconds(name: "sboTimeout" | "operTimeout", usual: number): number {
    const ms = this.#number(name) ?? 0;
    return Math.min(ms > 0 ? ms : usual, limits.controls.mostMs);
  }

  #number(name: keyof ControlLeaves): number | undefined {
    const leaf = this.#leaves[name];
    const value: LeafValue = leaf === undefined ? undefined : (this.#host.image().values[leaf.index] ?? leaf.initial);
    return typeof value === "number" ? value : undefined;
  }
}

/** What is wrong with a command whoever sends it, and whenever. Nothing here is in test mode: a test is not operated (IEC 61850-7-2, 20.5.2.7). */
function whyNever({ category, isTest }: Command): AddCause | undefined {
  if (category < 0 || category > MOST_CATEGORY) return addCauses.inconsistentParameters;
  return isTest ? addCauses.blockedByMode : undefined;
}
