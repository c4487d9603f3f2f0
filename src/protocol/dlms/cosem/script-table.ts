/** Script table: what can be told by a number (Blue Book 4.5.2, class_id 9, version 0). */
import { array, enumerated, integer, longUnsigned, structure, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import { nameData } from "./octet-data.ts";
import type { ActionResult, Asker, CosemObject } from "./object.ts";

const services = { write: 1, execute: 2 } as const;

/** What a script does to another object. */
export interface ScriptAction {
  readonly service: keyof typeof services;
  readonly classId: number;
  readonly logicalName: LogicalName;
  /** Of the attribute or method. */
  readonly index: number;
  readonly parameter: Data;
}

export interface Script {
  /** From 1. */
  readonly id: number;
  readonly actions: readonly ScriptAction[];
  /** Left out of a script that only the meter itself executes. */
  readonly execute?: ((asker: Asker) => ActionResult) | undefined;
  /** Whether an asker may; everybody unless said. */
  readonly may?: ((asker: Asker) => boolean) | undefined;
}

function scriptData({ id, actions }: Script): Data {
  const specifications = actions.map(({ service, classId, logicalName, index, parameter }) =>
    structure(enumerated(services[service]), longUnsigned(classId), nameData(logicalName), integer(index), parameter),
  );
  return structure(longUnsigned(id), array(specifications));
}

export function scriptTable(logicalName: LogicalName, scripts: readonly Script[]): CosemObject {
  const executed = scripts.filter(({ execute }) => execute !== undefined);
  const may = (script: Script, asker: Asker): boolean => script.may?.(asker) ?? true;
  return {
    classId: 9,
    version: 0,
    logicalName,
    attributes: [readAttribute(2, "scripts", () => array(scripts.map(scriptData)))],
    methods: [
      {
        id: 1,
        name: "execute",
        access: (asker) => executed.some((one) => may(one, asker)),
        invoke(asker, parameters) {
          if (parameters.type !== "long-unsigned") return "type-unmatched";
          const script = executed.find(({ id }) => id === parameters.value);
          // "Otherwise it is not there": neither a script without a number, nor one that is the meter's own.
          if (script?.execute === undefined) return "object-unavailable";
          return may(script, asker) ? script.execute(asker) : "read-write-denied";
        },
      },
    ],
  };
}
