/** What a server has: logical devices, logical nodes with what they are made of, data sets. Its model, as it tells it itself. */
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { objectClasses } from "#protocol/iec61850/mms/name-list.ts";
import type { NameListRequest } from "#protocol/iec61850/mms/name-list.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import { isFunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type { MmsClient } from "./client.ts";
import { MmsError } from "./failing.ts";
import type { Reference, Step } from "./references.ts";
import { typeNamed } from "./types.ts";

export interface BrowsedDevice {
  /** The domain. */
  readonly name: string;
  readonly nodes: readonly BrowsedNode[];
  /** Names of data sets: "LLN0$Energy". */
  readonly dataSets: readonly string[];
}

export interface BrowsedNode {
  readonly name: string;
  /** What it has of each constraint. */
  readonly constraints: readonly { readonly fc: FunctionalConstraint; readonly type: TypeDescription }[];
}

/** What a list of names may come to: a million are 60 MB. */
const MOST_NAMES = 1_000_000;

/** All of a class of objects, page by page. */
export async function namesOf(
  client: MmsClient,
  of: Pick<NameListRequest, "objectClass" | "scope" | "domain">,
): Promise<readonly string[]> {
  const all: string[] = [];
  for (let continueAfter: string | undefined; all.length < MOST_NAMES;) {
    const { names, moreFollows } = await client.ask({ service: "getNameList", ...of, continueAfter });
    all.push(...names);
    const last = names.at(-1);
    if (!moreFollows) return all;
    if (last === undefined)
      throw new MmsError(`${client.peer} says that it has more names, and names none`, "nonsense");
    if (last === continueAfter) throw new MmsError(`${client.peer} names "${last}" again and again`, "nonsense");
    continueAfter = last;
  }
  throw new MmsError(`${client.peer} has names without end`, "nonsense");
}

export function domainsOf(client: MmsClient): Promise<readonly string[]> {
  return namesOf(client, { objectClass: objectClasses.domain, scope: "vmd" });
}

export function dataSetsOf(client: MmsClient, domain: string): Promise<readonly string[]> {
  return namesOf(client, { objectClass: objectClasses.namedVariableList, scope: "domain", domain });
}

export async function browse(
  client: MmsClient,
  progress: (nodes: number, of: number) => void = () => {},
): Promise<readonly BrowsedDevice[]> {
  const devices: BrowsedDevice[] = [];
  for (const domain of await domainsOf(client)) devices.push(await browseDevice(client, domain, progress));
  return devices;
}

export async function browseDevice(
  client: MmsClient,
  domain: string,
  progress: (nodes: number, of: number) => void = () => {},
): Promise<BrowsedDevice> {
  const [names, dataSets] = await Promise.all([
    namesOf(client, { objectClass: objectClasses.namedVariable, scope: "domain", domain }),
    dataSetsOf(client, domain),
  ]);
  const constraints = constraintsOf(names);
  let done = 0;
  const nodes = await Promise.all(
    [...constraints].map(async ([name, fcs]): Promise<BrowsedNode> => {
      const node = await browseNode(client, domain, name, [...fcs]);
      progress(++done, constraints.size);
      return node;
    }),
  );
  return { name: domain, nodes, dataSets };
}

/** Of each logical node its constraints. */
function constraintsOf(names: readonly string[]): ReadonlyMap<string, Set<FunctionalConstraint>> {
  const nodes = new Map<string, Set<FunctionalConstraint>>();
  for (const name of names) {
    const [node = "", fc] = name.split("$", 2);
    let own = nodes.get(node);
    if (own === undefined) nodes.set(node, (own = new Set()));
    if (fc !== undefined && isFunctionalConstraint(fc)) own.add(fc);
  }
  return nodes;
}

/** In one question where the answer fits; else constraint by constraint. */
async function browseNode(
  client: MmsClient,
  domain: string,
  name: string,
  fcs: readonly FunctionalConstraint[],
): Promise<BrowsedNode> {
  const typeOf = (item: string): Promise<TypeDescription> => typeNamed(client, { scope: "domain", domain, item });
  try {
    const type = await typeOf(name);
    if (type.kind !== "structure") return { name, constraints: [] };
    return {
      name,
      constraints: type.fields.flatMap((one) =>
        isFunctionalConstraint(one.name) ? [{ fc: one.name, type: one.type }] : [],
      ),
    };
  } catch (error) {
    if (!(error instanceof MmsError) || (error.reason !== "refused" && error.reason !== "rejected")) throw error;
  }
  const constraints: { fc: FunctionalConstraint; type: TypeDescription }[] = [];
  for (const fc of fcs) constraints.push({ fc, type: await typeOf(`${name}$${fc}`) });
  return { name, constraints };
}

/** What a step leads to; undefined where it leads nowhere. */
export function stepInto(type: TypeDescription, { name, index }: Step): TypeDescription | undefined {
  const found = type.kind === "structure" ? type.fields.find((field) => field.name === name)?.type : undefined;
  if (index === undefined) return found;
  return found?.kind === "array" && index < found.count ? found.of : undefined;
}

/** What a reference means in a model, under each constraint that it can have. */
export function findIn(
  devices: readonly BrowsedDevice[],
  { domain, node, fc, path }: Reference,
): readonly { readonly reference: Reference; readonly type: TypeDescription }[] {
  const constraints =
    devices.find((one) => one.name === domain)?.nodes.find((one) => one.name === node)?.constraints ?? [];
  return constraints.flatMap((one) => {
    if (fc !== undefined && one.fc !== fc) return [];
    let type: TypeDescription | undefined = one.type;
    for (const step of path) type = type && stepInto(type, step);
    return type === undefined ? [] : [{ reference: { domain, node, fc: one.fc, path }, type }];
  });
}
