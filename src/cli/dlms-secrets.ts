/** Passwords and keys for meters over DLMS/COSEM: from the environment, so that no list of processes shows them; a password is asked for, too. */
import type { DlmsKey, DlmsSecrets } from "#headend/dlms-secrets.ts";
import { hexBytes, passwordBytes } from "#headend/secret-bytes.ts";
import { askSecret } from "./credentials.ts";
import { Failure } from "./failure.ts";

const variables: Readonly<Record<DlmsKey, string>> = {
  encryption: "POLYPHASE_DLMS_KEY",
  authentication: "POLYPHASE_DLMS_AUTHENTICATION_KEY",
  signing: "POLYPHASE_DLMS_SIGNING_KEY",
  meter: "POLYPHASE_DLMS_METER_KEY",
};

export const KEYS_HELP =
  "A password of DLMS/COSEM is the one in POLYPHASE_PASSWORD; its keys, in hexadecimal digits, are those in POLYPHASE_DLMS_KEY (encryption)\n" +
  "and POLYPHASE_DLMS_AUTHENTICATION_KEY. auth=none, low, gmac, … in the URL says what to show. The key of a meter\n" +
  "over IEC 60870-5-102 is a number, in POLYPHASE_PASSWORD, too; auth=none shows none.\n";

export const dlmsSecrets: DlmsSecrets = {
  async password() {
    const password = await askSecret("Password of the meter: ");
    if (password === "") throw new Failure("the password is empty", 2);
    return passwordBytes(password);
  },
  nameOf: (name) => variables[name],
  key(name) {
    const variable = variables[name];
    const given = process.env[variable];
    if (given === undefined || given === "") return undefined;
    const key = hexBytes(given);
    // What was given is never printed.
    if (key === undefined) throw new Failure(`${variable}: expected hexadecimal digits, two a byte`, 2);
    return key;
  },
};
