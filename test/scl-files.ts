/** SCL for tests: the draft CID of ../shared, a small file by hand, and models by chance. */
import { existsSync, readFileSync } from "node:fs";

const draft = new URL("../../shared/data/jemstar-draft.cid", import.meta.url);

/** Why tests that need it are skipped; false where it is there. */
export const skipDraft = existsSync(draft) ? false : "../shared is not here";

export const draftBytes = (): Uint8Array => readFileSync(draft);

export const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The line and column of an element by its first characters. */
export function placeOf(text: string, start: string): string {
  const before = text.slice(0, text.indexOf(start)).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

/** A feeder's meter, of edition 2: line numbers in tests are those of this text. */
export const small = `<?xml version="1.0" encoding="UTF-8"?>
<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="1">
 <Header id="feeder" version="3" revision="b"/>
 <Communication>
  <SubNetwork name="W1" type="8-MMS">
   <ConnectedAP iedName="F1" apName="P1">
    <Address><P type="IP">192.0.2.7</P><P type="OSI-TSEL">0001</P></Address>
    <GSE ldInst="M" cbName="go1">
     <Address>
      <P type="MAC-Address">01-0C-CD-01-00-2A</P>
      <P type="APPID">3ABC</P>
      <P type="VLAN-ID">00A</P>
      <P type="VLAN-PRIORITY">5</P>
     </Address>
     <MinTime unit="s" multiplier="m">8</MinTime><MaxTime unit="s" multiplier="m">2000</MaxTime>
    </GSE>
   </ConnectedAP>
  </SubNetwork>
 </Communication>
 <IED name="F1" type="T9" manufacturer="Who" configVersion="7" desc="feeder one">
  <AccessPoint name="P1">
   <Server>
    <Authentication/>
    <LDevice inst="M" ldName="FEEDER">
     <LN0 lnClass="LLN0" inst="" lnType="L0">
      <DataSet name="D1">
       <FCDA ldInst="M" prefix="x" lnClass="MMXU" lnInst="1" doName="PhV.phsA" daName="cVal.mag.f" fc="MX"/>
       <FCDA ldInst="M" prefix="x" lnClass="MMXU" lnInst="1" doName="PhV" fc="CF"/>
       <FCDA lnClass="LLN0" doName="Beh" daName="stVal" fc="ST"/>
      </DataSet>
      <ReportControl name="rc" datSet="D1" confRev="4" buffered="true" bufTime="50" intgPd="1000">
       <TrgOps dchg="true" period="true"/><OptFields seqNum="true" entryID="true"/><RptEnabled max="2"/>
      </ReportControl>
      <ReportControl name="rd" rptID="R" confRev="1" indexed="false"><TrgOps gi="false"/><OptFields/></ReportControl>
      <DOI name="Beh"><DAI name="stVal"><Val>test/blocked</Val></DAI></DOI>
      <GSEControl name="go1" datSet="D1" confRev="2" appID="F1/go" fixedOffs="true"/>
     </LN0>
     <LN prefix="x" lnClass="MMXU" inst="1" lnType="X">
      <DOI name="PhV">
       <SDI name="phsA">
        <SDI name="units"><DAI name="SIUnit" sAddr="40001"><Val>V</Val></DAI></SDI>
        <DAI name="db" valKind="Set"><Val>250</Val></DAI>
       </SDI>
      </DOI>
      <DOI name="HA"><SDI name="phsAHar" ix="1"><SDI name="cVal"><DAI name="f"><Val>0.5</Val></DAI></SDI></SDI></DOI>
     </LN>
    </LDevice>
   </Server>
  </AccessPoint>
 </IED>
 <IED name="HMI"><AccessPoint name="P1"/></IED>
 <DataTypeTemplates>
  <LNodeType id="L0" lnClass="LLN0"><DO name="Beh" type="ENS"/></LNodeType>
  <LNodeType id="X" lnClass="MMXU"><DO name="PhV" type="WYE"/><DO name="HA" type="HWYE"/></LNodeType>
  <DOType id="ENS" cdc="ENS"><DA name="stVal" fc="ST" bType="Enum" type="Beh" dchg="true"/></DOType>
  <DOType id="WYE" cdc="WYE"><SDO name="phsA" type="CMV"/><SDO name="phsB" type="CMV"/></DOType>
  <DOType id="HWYE" cdc="HWYE"><SDO name="phsAHar" type="HAR" count="2"/><DA name="numHar" fc="CF" bType="INT16U"><Val>2</Val></DA></DOType>
  <DOType id="CMV" cdc="CMV">
   <DA name="cVal" fc="MX" bType="Struct" type="Vector" dchg="true" dupd="true"/>
   <DA name="q" fc="MX" bType="Quality" qchg="true"/>
   <DA name="units" fc="CF" bType="Struct" type="Unit"/>
   <DA name="db" fc="CF" bType="INT32U"/>
  </DOType>
  <DOType id="HAR" cdc="CMV"><DA name="cVal" fc="MX" bType="Struct" type="Analogue" dchg="true"/><DA name="db" fc="CF" bType="INT32U"/></DOType>
  <DAType id="Vector"><BDA name="mag" bType="Struct" type="Analogue"/></DAType>
  <DAType id="Analogue"><BDA name="f" bType="FLOAT32"/></DAType>
  <DAType id="Unit"><BDA name="SIUnit" bType="Enum" type="SI"/></DAType>
  <EnumType id="Beh"><EnumVal ord="1">on</EnumVal><EnumVal ord="4">test/blocked</EnumVal></EnumType>
  <EnumType id="SI"><EnumVal ord="29">V</EnumVal><EnumVal ord="-1"/></EnumType>
 </DataTypeTemplates>
</SCL>
`;
