/** AMETEK JEMStar II, IEC: a revenue and power-quality meter that is set up by a configuration, not by registers. */
export interface RevenueModel {
  readonly name: string;
  readonly title: string;
  readonly manual: string;
  readonly manufacturer: string;
  /** What is ordered unless the site says otherwise. */
  readonly modelNumber: string;
  /** Versions of the firmware: register, metrology, service. */
  readonly firmware: Readonly<Record<"register" | "metrology" | "service", string>>;
  /** Modbus TCP peers at once on an Ethernet port. */
  readonly modbusConnections: number;
}

export const ametekJemstarIi: RevenueModel = {
  name: "ametek-jemstar-ii",
  title: "AMETEK JEMStar II (IEC)",
  manual: "JEMStar II Digital Multifunction IEC Electricity Meter, 1079-694, October 2022",
  manufacturer: "AMETEK",
  modelNumber: "JSII-09I6020-1B/2A-DIO-DLP-NTP",
  firmware: { register: "0.0.80", metrology: "0.0.41", service: "0.0.70" },
  modbusConnections: 2,
};
