/** The shape of automatic PQDIF retrieval: Remote Server Setup (section Automatic PQDIF Retrieval). */
import { z } from "zod";

/** Printable, and nothing that a line of a protocol ends with. */
const words = (most: number) =>
  z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]*$/, "expected printable characters")
    .max(most);

export const remoteFileTransfer = z.strictObject({
  protocol: z.enum(["sftp", "scp", "ftp"]),
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,253}$/, "expected a name or an address")
    .describe("of the server"),
  port: z.number().int().min(1).max(65_535).optional().describe("22, of ftp 21, unless said"),
  username: words(64).describe("its password is the meter's secret remoteFileTransfer"),
  folder: words(255).default(".").describe("on the server, where it is there already"),
  tls: z.boolean().default(false).describe("ftp over explicit TLS"),
  deleteFiles: z.boolean().default(false).describe("of the meter, once the server has been found to have them"),
  when: z
    .union([z.literal("afterEach"), z.number().int().min(0).max(23)])
    .default("afterEach")
    .describe("as soon as a file is made, or once a day at this hour of local time"),
});

export type RemoteFileTransfer = z.output<typeof remoteFileTransfer>;
