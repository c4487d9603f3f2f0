/** The documents in which the registers of the PowerLogic meters stand, as the rows of their tables name them. */

/** PM800 user guide, 63230-500-225A2 (03/2011), Appendix B, and its billing log (Table 7-6). */
export const guide = "63230-500-225A2";
/** PM800 Register List v12.2xx, as its table of contents, loggers and drivers quote it. */
export const list = "PM800 Register List v12.2xx";
/** The twin that Siemens sold: ACCESS 9340 and 9360 Reference Manual, PMCM-9340D-0208, Appendix A. */
export const twin = "PMCM-9340D-0208";
/** Circuit Monitor Series 4000 Reference Manual, 63230-300-212 (04/2001), Table A-3. */
export const monitor4000 = "63230-300-212";
/** Power Meter register list, 3020IM9503R6/98, Appendix F: the numbering of the Series 2000. */
export const meter600 = "3020IM9503R6/98";
/** Series 2000 register list, as a maker of data loggers publishes it. */
export const monitor2000 = "CM2000 register list (aggsoft)";
/** The PM800 as a driver of EnergyICT reads it. */
export const driver = "PM800 driver (EnergyICT)";
/** Power Meter 750, 63230-507-201A1 (03/2007), Appendix B: the registers from 4000 on, of which the PM800 has some. */
export const meter750 = "63230-507-201A1";
/** Transferring energy readings between PowerLogic meters, Table 1. */
export const transfer = "energy transfer note, Table 1";
/** No document that we could read has it: written down from memory of the register lists. */
export const memory = "memory";
