/** What the SCL file of somebody else says of a control block that is followed: what its messages have to have, and which value is which. */
import {
  publishedGooses,
  type PublishedGoose,
  type PublishedMember,
  type PublishedShape,
} from "#protocol/iec61850/scl/published.ts";
import type { Leaf } from "#protocol/iec61850/model/ied.ts";
import { errorsOfBlock } from "#protocol/iec61850/scl/block-errors.ts";
import type { Problem } from "#protocol/iec61850/scl/problems.ts";
import type { SclFile } from "#protocol/iec61850/scl/read.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { Driven, Followed } from "./following.ts";

/** What a file does not explain, and why: by its key in what was given. */
export interface Unexplained {
  readonly key: string;
  readonly words: string;
}

/** What is not said by hand is as the file has it. */
export function describedBy(file: Pick<SclFile, "ieds">, given: Followed): Followed | Unexplained {
  const all = instancesIn(file, given.controlBlock);
  const goose = all.find(({ reference }) => reference === given.controlBlock);
  if (goose === undefined) {
    const names = all.map(({ reference }) => reference);
    const others = didYouMean(given.controlBlock, names) || `; it has ${names.join(", ") || "no GOOSE"}`;
    return { key: "scl", words: `no IED of it publishes ${given.controlBlock}${others}` };
  }
  const inputs: Driven[] = [];
  for (const [k, one] of given.inputs.entries()) {
    const driven = drivenBy(goose, one);
    if ("words" in driven) return { ...driven, key: `inputs[${k}].${driven.key}` };
    inputs.push(driven);
  }
  const { address, goId, dataSet, configRevision, members } = goose;
  return {
    ...given,
    appId: given.appId ?? address?.appId,
    goId: given.goId ?? goId,
    dataSet: given.dataSet ?? dataSet,
    configRevision: given.configRevision ?? configRevision,
    entries: members.length,
    inputs,
  };
}

/** Errors of the file in what a subscription takes of it: the control block, its data set, its address. What is wrong elsewhere does not matter. */
export function wrongIn(file: SclFile, controlBlock: string): readonly Problem[] {
  const goose = instancesIn(file, controlBlock).find(({ reference }) => reference === controlBlock);
  return goose === undefined ? [] : errorsOfBlock(file, goose.block);
}

function instancesIn({ ieds }: Pick<SclFile, "ieds">, controlBlock: string): readonly PublishedGoose[] {
  return ieds.flatMap(({ ied }) => publishedGooses(ied)).map((goose) => instanceOf(goose, controlBlock));
}

/** The IED of an ICD, which is of every device of its kind (IEC 61850-6, 7.2). */
const TEMPLATE = "TEMPLATE";

/** What an ICD says of its IED, as the one publishes it whose control block is followed. */
function instanceOf(goose: PublishedGoose, controlBlock: string): PublishedGoose {
  const { ied, reference, dataSet, goId } = goose;
  if (ied !== TEMPLATE || !reference.startsWith(TEMPLATE)) return goose;
  const rest = reference.slice(TEMPLATE.length);
  const name = controlBlock.slice(0, -rest.length);
  if (!controlBlock.endsWith(rest) || !/^[A-Za-z]\w{0,63}$/.test(name)) return goose;
  const named = (text: string): string => text.replace(new RegExp(`^${TEMPLATE}`), name);
  return { ...goose, ied: name, reference: controlBlock, dataSet: named(dataSet), goId: named(goId) };
}

/** A value by its reference becomes its number, and the quality of its data object is looked at, too, where the message has it. */
function drivenBy({ dataSet, members }: PublishedGoose, { input, value, quality }: Driven): Driven | Unexplained {
  const places = placesOf(members);
  const find = (text: string): Place | string =>
    (isReference(text) ? placeNamed(places, text) : places.find(({ path }) => path === text)) ??
    `${text} is no member of ${dataSet}; it has ${members.map(({ reference }) => reference).join(", ")}`;
  const told = quality === undefined ? undefined : find(quality);
  if (typeof told === "string") return { key: "quality", words: told };
  if (told?.shape !== undefined && !isQuality(told.shape))
    return { key: "quality", words: `${quality} is ${typeOf(told.shape)}, and no quality` };
  const found = find(value);
  if (typeof found === "string") return { key: "value", words: found };
  const { path, shape } = statusIn(found);
  if (shape !== undefined && !(shape.kind === "leaf" && isState(shape.leaf)))
    return { key: "value", words: `${value} is ${typeOf(shape)}: neither on nor off` };
  const beside = told?.path ?? qualityOf(places, found);
  return { input, value: path, ...(beside === undefined ? {} : { quality: beside }) };
}

/** Numbers are digits and points; a reference has a stroke behind its logical device. */
export function isReference(text: string): boolean {
  return text.includes("/");
}

/** A member, or what is in one. */
interface Place {
  /** "3", or "0.1" of one in a structure. */
  readonly path: string;
  /** Its reference, "M/GGIO1.Ind1.stVal", and its functional constraint. */
  readonly name: string;
  readonly constraint: string | undefined;
  /** The data object that it is, or is of. */
  readonly object: string | undefined;
  readonly shape: PublishedShape | undefined;
}

/** All that a message has: its members, then what is in them. */
function placesOf(members: readonly PublishedMember[]): readonly Place[] {
  const whole = members.map(({ reference, object, shape }, k) => ({
    path: String(k),
    ...partsOf(reference),
    object,
    shape,
  }));
  return [...whole, ...whole.flatMap((one) => within(one))];
}

function within({ path, name, constraint, object, shape }: Place): readonly Place[] {
  if (shape === undefined || shape.kind === "leaf") return [];
  return shape.items.flatMap((item, k) => {
    const reference = `${name}${shape.kind === "array" ? "" : "."}${item.name}`;
    const own = item.kind === "structure" && item.isObject ? reference : object;
    const place = { path: `${path}.${k}`, name: reference, constraint, object: own, shape: item };
    return [place, ...within(place)];
  });
}

/** With its functional constraint, "M/GGIO1.Ind1.stVal[ST]", or without. */
function placeNamed(places: readonly Place[], text: string): Place | undefined {
  const { name, constraint } = partsOf(text);
  return places.find((one) => one.name === name && (constraint === undefined || one.constraint === constraint));
}

function partsOf(text: string): { readonly name: string; readonly constraint: string | undefined } {
  const [, name = text, constraint] = /^(.*?)(?:\[(\w+)\])?$/.exec(text) ?? [];
  return { name, constraint };
}

/** What of a data object says whether it is on: its status, or a protection's; else the whole. */
function statusIn(place: Place): Place {
  const { path, shape } = place;
  if (shape?.kind !== "structure" || !shape.isObject) return place;
  const at = shape.items.findIndex(({ name }) => name === "stVal" || name === "general");
  return at < 0 ? place : { ...place, path: `${path}.${at}`, shape: shape.items[at] };
}

function isState({ type }: Leaf): boolean {
  return type === "BOOLEAN" || type === "Dbpos";
}

function isQuality(shape: PublishedShape): boolean {
  return shape.kind === "leaf" && shape.leaf.type === "Quality";
}

function typeOf(shape: PublishedShape): string {
  return shape.kind === "leaf" ? shape.leaf.type : shape.kind === "array" ? "an array" : "a structure";
}

/** The quality of the data object that a value is of, wherever it stands in the message. */
function qualityOf(places: readonly Place[], { object }: Place): string | undefined {
  const found = object === undefined ? undefined : placeNamed(places, `${object}.q`);
  return found?.shape !== undefined && isQuality(found.shape) ? found.path : undefined;
}
