/** Data sets and control blocks of a logical node (IEC 61850-6, 9.3.7 to 9.3.10). */
import type { XmlElement } from "#io/xml.ts";
import { isFunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type { DataSet, EthernetAddress, GooseControl, Member, ReportControl } from "#protocol/iec61850/model/ied.ts";
import { decimalIn } from "./attribute-types.ts";
import { all, count, first, given, isTrue } from "./elements.ts";
import type { Problems } from "./problems.ts";

/** A member, and where it stands. */
export interface PlacedMember {
  readonly member: Member;
  readonly at: XmlElement;
}

export interface PlacedSet {
  readonly set: DataSet;
  readonly members: readonly PlacedMember[];
}

export function dataSetsOf(node: XmlElement, ldInst: string, where: string, problems: Problems): PlacedSet[] {
  return all(node, "DataSet").map((element) => {
    const name = given(element, "name");
    const members = all(element, "FCDA").flatMap((at): PlacedMember[] => {
      const member = memberOf(at, ldInst, `${where}: data set ${name}`, problems);
      return member === undefined ? [] : [{ member, at }];
    });
    return { set: { name, members: members.map(({ member }) => member) }, members };
  });
}

function memberOf(at: XmlElement, ldInst: string, where: string, problems: Problems): Member | undefined {
  const { attributes } = at;
  const fc = given(at, "fc");
  const lnClass = given(at, "lnClass");
  if (!isFunctionalConstraint(fc) || lnClass === "" || attributes.has("ix")) {
    if (attributes.has("ix")) problems.error(at, `${where}: a member of an array (ix) is not taken`);
    else if (lnClass === "") problems.error(at, `${where}: expected the class of a logical node (lnClass)`);
    // A constraint that is none has been told already (./check-structure.ts).
    return undefined;
  }
  const [doName, daName] = [given(at, "doName"), given(at, "daName")];
  return {
    ldInst: given(at, "ldInst", ldInst),
    prefix: given(at, "prefix"),
    lnClass,
    lnInst: given(at, "lnInst"),
    ...(doName === "" ? {} : { doName }),
    ...(daName === "" ? {} : { daName }),
    fc,
  };
}

export function reportsOf(node: XmlElement): ReportControl[] {
  return all(node, "ReportControl").map((element): ReportControl => {
    const [options, fields, enabled] = ["TrgOps", "OptFields", "RptEnabled"].map((name) => first(element, name));
    const buffered = isTrue(element, "buffered");
    return {
      name: given(element, "name"),
      buffered,
      dataSet: given(element, "datSet") || undefined,
      rptId: given(element, "rptID") || undefined,
      configRevision: count(element, "confRev", 0),
      bufferMs: count(element, "bufTime", 0),
      integrityMs: count(element, "intgPd", 0),
      triggers: {
        dataChange: isTrue(options, "dchg"),
        qualityChange: isTrue(options, "qchg"),
        dataUpdate: isTrue(options, "dupd"),
        integrity: isTrue(options, "period"),
        generalInterrogation: isTrue(options, "gi", true),
      },
      fields: {
        sequenceNumber: isTrue(fields, "seqNum"),
        timeStamp: isTrue(fields, "timeStamp"),
        reason: isTrue(fields, "reasonCode"),
        dataSet: isTrue(fields, "dataSet"),
        dataReference: isTrue(fields, "dataRef"),
        // What an unbuffered one never has is there by the schema's own default.
        bufferOverflow: buffered && isTrue(fields, "bufOvfl", true),
        entryId: isTrue(fields, "entryID"),
        configRevision: isTrue(fields, "configRef"),
      },
      instances: count(enabled, "max", 1),
      indexed: isTrue(element, "indexed", true),
    };
  });
}

/** Where control blocks of an IED publish: GSE and SMV of its access points, by logical device and name. */
export class Publishing {
  readonly #found: ReadonlyMap<string, XmlElement>;

  constructor(communication: XmlElement | undefined, ied: string) {
    const points = all(communication, "SubNetwork")
      .flatMap((network) => all(network, "ConnectedAP"))
      .filter((point) => given(point, "iedName") === ied);
    this.#found = new Map(
      points
        .flatMap((point) => [...all(point, "GSE"), ...all(point, "SMV")])
        .map((one) => [`${given(one, "ldInst")}/${given(one, "cbName")}`, one]),
    );
  }

  of(ldInst: string, name: string): XmlElement | undefined {
    return this.#found.get(`${ldInst}/${name}`);
  }
}

/** As libiec61850 has them where nobody says. */
const USUAL_MIN_MS = 4;
const USUAL_MAX_MS = 1000;

export function goosesOf(
  node: XmlElement,
  ldInst: string,
  { publishing, where, problems }: { publishing: Publishing; where: string; problems: Problems },
): GooseControl[] {
  return all(node, "GSEControl").flatMap((element): GooseControl[] => {
    const name = given(element, "name");
    const here = `${where}: GOOSE ${name}`;
    const type = given(element, "type", "GOOSE");
    if (type !== "GOOSE") {
      if (type === "GSSE") problems.warn(element, `${here}: GSSE is not taken`);
      return [];
    }
    const dataSet = given(element, "datSet");
    if (dataSet === "") {
      problems.warn(element, `${here}: it has no data set (datSet), and is left out`);
      return [];
    }
    const configRevision = count(element, "confRev", 0);
    const at = publishing.of(ldInst, name);
    return [
      {
        name,
        goId: given(element, "appID"),
        dataSet,
        configRevision,
        // SCL has no word for it: a control block of revision 0 is not ready (IEC 61850-7-2).
        needsCommissioning: configRevision === 0,
        fixedOffsets: isTrue(element, "fixedOffs"),
        address: at && addressOf(at, here, problems),
        minMs: milliseconds(first(at, "MinTime")) ?? USUAL_MIN_MS,
        maxMs: milliseconds(first(at, "MaxTime")) ?? USUAL_MAX_MS,
      },
    ];
  });
}

function milliseconds(element: XmlElement | undefined): number | undefined {
  return element === undefined ? undefined : decimalIn(element.text);
}

/** Of a GSE or an SMV; undefined where it has none that can be meant, which reading a file tells (./check-structure.ts). */
export function addressOf(at: XmlElement, where: string, problems: Problems): EthernetAddress | undefined {
  const address = first(at, "Address");
  if (address === undefined) return undefined;
  const parts = new Map(all(address, "P").map((one) => [given(one, "type"), one.text.trim()]));
  const mac = parts.get("MAC-Address");
  if (mac === undefined) {
    problems.error(at, `${where}: MAC-Address: expected 01-0C-CD-01-00-00, found none`);
    return undefined;
  }
  if (!/^[0-9a-fA-F]{2}([-:][0-9a-fA-F]{2}){5}$/.test(mac)) return undefined;
  const hexadecimal = (type: string, most: number, unless: number): number => {
    const found = parts.get(type) ?? "";
    const value = /^[0-9a-fA-F]{1,4}$/.test(found) ? Number.parseInt(found, 16) : unless;
    return value <= most ? value : unless;
  };
  const isTagged = parts.has("VLAN-ID") || parts.has("VLAN-PRIORITY");
  return {
    mac: Uint8Array.from(mac.split(/[-:]/), (octet) => Number.parseInt(octet, 16)),
    appId: hexadecimal("APPID", 0xffff, 0),
    // 4 is the usual priority (IEC 61850-8-1, annex C).
    ...(isTagged
      ? { vlan: { id: hexadecimal("VLAN-ID", 0xfff, 0), priority: hexadecimal("VLAN-PRIORITY", 7, 4) } }
      : {}),
  };
}
