/** A CID that somebody writes by hand, for tests of what becomes of one that is sent. */

/** What somebody writes by hand for a meter of edition 2: fewer nodes than it has. */
export const CID = `<?xml version="1.0" encoding="UTF-8"?>
<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="1">
 <Header id="feeder 9"/>
 <Communication>
  <SubNetwork name="W1">
   <ConnectedAP iedName="FEEDER9" apName="P1">
    <GSE ldInst="MTR" cbName="gcbDI">
     <Address>
      <P type="MAC-Address">01-0C-CD-01-00-2A</P><P type="APPID">3ABC</P><P type="VLAN-ID">00A</P><P type="VLAN-PRIORITY">5</P>
     </Address>
     <MinTime unit="s" multiplier="m">8</MinTime><MaxTime unit="s" multiplier="m">2000</MaxTime>
    </GSE>
   </ConnectedAP>
  </SubNetwork>
 </Communication>
 <IED name="FEEDER9" type="JEMStar II" manufacturer="AMETEK" configVersion="4">
  <AccessPoint name="P1"><Server><Authentication/>
   <LDevice inst="MTR">
    <LN0 lnClass="LLN0" inst="" lnType="L0">
     <DataSet name="Mine">
      <FCDA ldInst="MTR" lnClass="MMXU" lnInst="1" doName="TotW" daName="mag.f" fc="MX"/>
      <FCDA ldInst="MTR" lnClass="MMXU" lnInst="1" doName="Hz" fc="MX"/>
     </DataSet>
     <ReportControl name="brcbMine" datSet="Mine" confRev="3" buffered="true" bufTime="50" intgPd="60000">
      <TrgOps dchg="true" qchg="true" period="true"/>
      <OptFields seqNum="true" entryID="true"/>
      <RptEnabled max="2"/>
     </ReportControl>
     <GSEControl name="gcbDI" datSet="Mine" confRev="2" appID="feeder 9"/>
    </LN0>
    <LN lnClass="LPHD" inst="1" lnType="P1"><DOI name="PhyNam"><DAI name="location"><Val>Substation Nord</Val></DAI></DOI></LN>
    <LN lnClass="MMXU" inst="1" lnType="M1"><DOI name="TotW"><DAI name="db"><Val>2500</Val></DAI></DOI></LN>
   </LDevice>
  </Server></AccessPoint>
 </IED>
 <DataTypeTemplates>
  <LNodeType id="L0" lnClass="LLN0"><DO name="Beh" type="BEH"/></LNodeType>
  <LNodeType id="P1" lnClass="LPHD"><DO name="PhyNam" type="DPL"/></LNodeType>
  <LNodeType id="M1" lnClass="MMXU"><DO name="TotW" type="MV"/><DO name="Hz" type="MV"/></LNodeType>
  <DOType id="BEH" cdc="ENS">
   <DA name="stVal" fc="ST" bType="Enum" type="B" dchg="true"/><DA name="q" fc="ST" bType="Quality" qchg="true"/>
   <DA name="t" fc="ST" bType="Timestamp"/>
  </DOType>
  <DOType id="DPL" cdc="DPL">
   <DA name="vendor" fc="DC" bType="VisString255"/><DA name="location" fc="DC" bType="VisString255"/>
  </DOType>
  <DOType id="MV" cdc="MV">
   <DA name="mag" fc="MX" bType="Struct" type="AV" dchg="true" dupd="true"/><DA name="q" fc="MX" bType="Quality" qchg="true"/>
   <DA name="t" fc="MX" bType="Timestamp"/><DA name="db" fc="CF" bType="INT32U"/>
  </DOType>
  <DAType id="AV"><BDA name="f" bType="FLOAT32"/></DAType>
  <EnumType id="B"><EnumVal ord="1">on</EnumVal><EnumVal ord="5">off</EnumVal></EnumType>
 </DataTypeTemplates>
</SCL>
`;
