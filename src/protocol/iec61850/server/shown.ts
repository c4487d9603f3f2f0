/** What a server shows of a meter in one configuration: with another it is made anew. */
import type { Clock } from "#clock/clock.ts";
import { DataSets } from "./data-sets.ts";
import type { IedHost } from "./host.ts";
import { NamedServices } from "./named-services.ts";
import { Reading } from "./reading.ts";
import type { Asker, ServedPart, ServedPlace } from "./served.ts";
import { VariableTree } from "./variable-tree.ts";
import { Writing } from "./writing.ts";

/** What a part is made of. */
export interface PartContext {
  readonly host: IedHost;
  readonly clock: Clock;
  readonly dataSets: DataSets;
}

/** Makes a part of a server: report control blocks, controls. */
export type MakePart = (context: PartContext) => ServedPart;

/** Variables, and the services on them. */
interface Variables {
  readonly reading: Reading;
  readonly writing: Writing;
  readonly named: NamedServices;
}

function variablesOf(host: IedHost, places: readonly ServedPlace[], sets: DataSets): Variables {
  const tree = new VariableTree(host.ied, places);
  return {
    reading: new Reading(host, tree, sets),
    writing: new Writing(tree, sets),
    named: new NamedServices(tree, sets),
  };
}

export class Shown {
  readonly epoch: number;
  readonly sets: DataSets;
  readonly #host: IedHost;
  readonly #parts: readonly ServedPart[];
  #variables: Variables | undefined;

  constructor(host: IedHost, clock: Clock, makers: readonly MakePart[]) {
    this.epoch = host.epoch;
    this.#host = host;
    // Members of data sets are the meter's values: in a tree of their own nothing else is found.
    this.sets = new DataSets(host, new VariableTree(host.ied, []));
    this.#parts = makers.map((make) => make({ host, clock, dataSets: this.sets }));
  }

  get variables(): Variables {
    this.#variables ??= variablesOf(
      this.#host,
      this.#parts.flatMap(({ places }) => places),
      this.sets,
    );
    return this.#variables;
  }

  /** Nobody asks any more: what was made for those who did goes. */
  rest(): void {
    this.#variables = undefined;
  }

  left(asker: Asker): void {
    for (const part of this.#parts) part.left(asker);
    this.sets.left(asker);
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }
}
