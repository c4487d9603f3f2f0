/** Internal indications as people say them (IEEE 1815 clause 4.5). */
import { indicated, indications, type Indication } from "./indications.ts";

export const indicationWords: Readonly<Record<Indication, string>> = {
  broadcast: "a broadcast has come",
  class1: "more events of class 1",
  class2: "more events of class 2",
  class3: "more events of class 3",
  needTime: "needs the time",
  localControl: "outputs are under local control",
  deviceTrouble: "trouble in the device",
  deviceRestart: "has restarted",
  noFunction: "it does not have the function",
  objectUnknown: "it does not have the object",
  parameterError: "it does not have the point, or takes no such range or value",
  overflow: "events were lost",
  alreadyExecuting: "it is doing that already",
  configurationCorrupt: "its configuration is corrupt",
};

/** Those that say that what was asked is not done, or not all of it. */
export const refusals =
  indications.noFunction | indications.objectUnknown | indications.parameterError | indications.alreadyExecuting;

/** "needs the time, has restarted"; empty of none. */
export function indicationText(iin: number): string {
  return indicated(iin)
    .map((one) => indicationWords[one])
    .join(", ");
}
