/**
 * Elements of SCL that describe IEDs, with what is in them, by the schema 2007B4 and what 1.7 has besides (IEC 61850-6, clause 9). Substations,
 * processes and lines are not looked into.
 */
import type { TextTypeName } from "./attribute-types.ts";

export interface Shape {
  /**
   * In their order; those between strokes in any. "A" is there once, "A?" once at most, "A+" at least once, "A*" as often as it likes. Undefined
   * is not looked into.
   */
  readonly children?: string | undefined;
  /** "name!:iedName desc:text": with ! it must be there; with ~ for : it is nothing that is read. */
  readonly attributes: string;
  readonly text?: TextTypeName;
  /** It has neither Text nor Private, nor elements of others. */
  readonly bare?: true;
}

const leaf = { children: "", bare: true } as const;
const time = { ...leaf, attributes: "unit:second multiplier:milli", text: "milliseconds" } as const;
const values = "valKind:valueKind valImport~boolean sAddr~text";
const attribute = `name!:attributeName bType!:basicType desc~text type:text count:count ${values}`;
const triggers = "dchg:boolean qchg:boolean dupd:boolean";

// prettier-ignore
export const shapes: Readonly<Record<string, Shape>> = {
  SCL: {
    children: "Header Substation* Communication? IED* DataTypeTemplates? Line* Process*",
    attributes: "version:version revision:revision release:release desc~text",
  },
  Header: { children: "Text? History?", bare: true, attributes: "id!:text version:text revision:text toolID~text nameStructure~structureOfNames" },
  Communication: { children: "SubNetwork+", attributes: "desc~text" },
  SubNetwork: { children: "BitRate? ConnectedAP+", attributes: "name!:some type~some desc~text" },
  ConnectedAP: {
    children: "Address? GSE* SMV* PhysConn*", attributes: "iedName!:iedName apName!:access redProt~redundancy desc~text",
  },
  Address: { children: "P+", bare: true, attributes: "desc~text" },
  P: { ...leaf, attributes: "type!:addressPart", text: "some" },
  GSE: { children: "Address? MinTime? MaxTime?", attributes: "ldInst!:deviceInst cbName!:blockName desc~text" },
  SMV: { children: "Address?", attributes: "ldInst!:deviceInst cbName!:blockName desc~text" },
  MinTime: time,
  MaxTime: time,
  IED: {
    children: "Services? AccessPoint+ KDC*",
    attributes: "name!:iedName type:text manufacturer:text configVersion:text originalSclVersion:version originalSclRevision:revision " +
      "originalSclRelease:release engRight~right owner~text desc:text",
  },
  AccessPoint: {
    children: "Server? LN* ServerAt? Services? GOOSESecurity* SMVSecurity*",
    attributes: "name!:access router~boolean clock~boolean kdc~boolean desc~text",
  },
  Server: { children: "Authentication LDevice+ Association*", attributes: "timeout~whole desc~text" },
  Authentication: {
    ...leaf, attributes: "none~boolean password~boolean weak~boolean strong~boolean certificate~boolean",
  },
  LDevice: { children: "LN0 LN* AccessControl?", attributes: "inst!:deviceInst ldName:deviceName desc~text" },
  LN0: {
    children: "DataSet* ReportControl* LogControl* DOI* Inputs? Log* GSEControl* SampledValueControl* SettingControl? SCLControl?",
    attributes: "lnClass!:rootClass inst!:none lnType!:some desc~text",
  },
  LN: {
    children: "DataSet* ReportControl* LogControl* DOI* Inputs? Log*",
    attributes: "prefix:prefix lnClass!:nodeClass inst!:nodeInst lnType!:some desc~text",
  },
  DataSet: { children: "FCDA*", attributes: "name!:blockName desc~text" },
  FCDA: {
    ...leaf,
    attributes: "ldInst:deviceInst prefix:prefix lnClass:nodeClass lnInst:nodeInstOrNone doName:objectPath daName:attributePath fc!:constraint ix:whole",
  },
  ReportControl: {
    children: "TrgOps? OptFields RptEnabled?",
    attributes: "name!:blockName confRev!:whole datSet:blockName rptID:messageId buffered:boolean bufTime:whole intgPd:whole indexed:boolean desc~text",
  },
  TrgOps: { ...leaf, attributes: `${triggers} period:boolean gi:boolean` },
  OptFields: {
    ...leaf,
    attributes: "seqNum:boolean timeStamp:boolean dataSet:boolean reasonCode:boolean dataRef:boolean entryID:boolean configRef:boolean bufOvfl:boolean",
  },
  RptEnabled: { children: "ClientLN*", attributes: "max:positive desc~text" },
  ClientLN: { ...leaf, attributes: "iedName!~iedName ldInst!~deviceInst prefix~prefix lnClass!~nodeClass lnInst!~nodeInstOrNone apRef~access desc~text" },
  GSEControl: {
    children: "IEDName* Protocol?",
    attributes: "name!:blockName appID!:messageId datSet:blockName confRev:whole type:gooseType fixedOffs:boolean securityEnable~security desc~text",
  },
  IEDName: { ...leaf, attributes: "apRef~access ldInst~deviceInst prefix~prefix lnClass~nodeClass lnInst~nodeInst", text: "iedName" },
  Inputs: { children: "ExtRef+", attributes: "desc~text" },
  ExtRef: {
    ...leaf,
    attributes: "iedName~text ldInst~deviceInst prefix~prefix lnClass~nodeClass lnInst~nodeInst doName~objectPath daName~attributePath " +
      "intAddr~text serviceType~service srcLDInst~deviceInst srcPrefix~prefix srcLNClass~nodeClass srcLNInst~nodeInst srcCBName~blockName " +
      "pServT~service pLN~nodeClass pDO~objectPath pDA~attributePath desc~text",
  },
  DOI: { children: "|SDI* DAI*|", attributes: "name!:objectName ix:whole accessControl~text desc~text" },
  SDI: { children: "|SDI* DAI*|", attributes: "name!:attributeName ix:whole sAddr~text desc~text" },
  DAI: { children: "Val*", attributes: `name!:attributeName ix:whole desc~text ${values}` },
  Val: { ...leaf, attributes: "sGroup~whole", text: "text" },
  DataTypeTemplates: { children: "LNodeType+ DOType+ DAType* EnumType*", bare: true, attributes: "" },
  LNodeType: { children: "DO+", attributes: "id!:id lnClass!:nodeClass iedType~text desc~text" },
  DO: { children: "", attributes: "name!:objectName type!:some accessControl~text transient~boolean desc~text" },
  DOType: { children: "|SDO* DA*|", attributes: "id!:id cdc!:dataClass iedType~text desc~text" },
  SDO: { children: "", attributes: "name!:innerName type!:some count:count desc~text" },
  DA: { children: "Val* ProtNs*", attributes: `${attribute} fc!:constraint ${triggers}` },
  DAType: { children: "BDA+ ProtNs*", attributes: "id!:id iedType~text desc~text" },
  BDA: { children: "Val*", attributes: attribute },
  EnumType: { children: "EnumVal+", attributes: "id!:id desc~text" },
  EnumVal: { ...leaf, attributes: "ord!:ordinal desc~text", text: "enumerationWord" },
};
