/** How a CID has outputs controlled: all alike, and what is selected for whole seconds. */
import { nodeName, type Ied } from "#protocol/iec61850/model/ied.ts";
import { leavesOf, type LeafPlace } from "#protocol/iec61850/model/references.ts";
import { textOf } from "#protocol/iec61850/scl/value-text.ts";
import { controlModels, MOST_SELECT_SECONDS, type ControlWord, type Iec61850Configuration } from "./configuration.ts";

/** What it says; what it does not say is left out. */
export type SaidControl = Partial<Iec61850Configuration["control"]>;

const SECOND = 1000;

export function controlOf(cid: Ied): { readonly said: SaidControl; readonly problems: readonly string[] } {
  const outputs = [...leavesOf(cid)].filter(
    ({ object, leaf }) => /^SPCSO\d/.test(object.name) && leaf.initial !== undefined,
  );
  const models = outputs.filter(({ leaf }) => leaf.name === "ctlModel");
  const timeouts = outputs.filter(({ leaf }) => leaf.name === "sboTimeout");
  const model = models[0]?.leaf.initial;
  const timeout = timeouts[0]?.leaf.initial;
  const wrong = unkept(timeouts).slice(0, 1);
  const word = Object.entries(controlModels).find(([, ordinal]) => ordinal === model)?.[0] as ControlWord | undefined;
  return {
    said: {
      ...(word === undefined ? {} : { model: word }),
      ...(typeof timeout === "number" ? { selectSeconds: timeout / SECOND } : {}),
    },
    problems: [...unlike(models), ...(wrong.length > 0 ? wrong : unlike(timeouts))],
  };
}

function placed({ node, path, leaf }: LeafPlace): string {
  return `${nodeName(node)}.${path}[${leaf.fc}]`;
}

/** The first of those that are not as the first. */
function unlike([one, ...others]: readonly LeafPlace[]): readonly string[] {
  const other = others.find(({ leaf }) => leaf.initial !== one?.leaf.initial);
  if (one === undefined || other === undefined) return [];
  const [expected, found] = [one, other].map(({ leaf }) => textOf(leaf.initial, leaf));
  return [
    `${placed(other)}: expected one ${one.leaf.name} for all outputs, ${expected} of ${one.object.name}; found ${found}`,
  ];
}

function unkept(timeouts: readonly LeafPlace[]): readonly string[] {
  const most = MOST_SELECT_SECONDS * SECOND;
  return timeouts.flatMap((place) => {
    const { initial } = place.leaf;
    const isKept = typeof initial === "number" && initial >= SECOND && initial <= most && initial % SECOND === 0;
    return isKept ? [] : [`${placed(place)}: expected whole seconds, ${SECOND} to ${most}; found ${String(initial)}`];
  });
}
