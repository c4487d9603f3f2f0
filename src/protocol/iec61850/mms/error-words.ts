/** Errors of services and rejects, in words. */
import { requestRejects } from "./reject.ts";
import {
  accessClassErrors,
  definitionErrors,
  fileErrors,
  resourceErrors,
  serviceErrors,
  type ServiceError,
} from "./service-error.ts";

const codes: Partial<Record<ServiceError["class"], Readonly<Record<string, number>>>> = {
  definition: definitionErrors,
  resource: resourceErrors,
  service: serviceErrors,
  access: accessClassErrors,
  file: fileErrors,
};

function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** "file: file non existent". */
export function serviceErrorText({ class: of, code, description }: ServiceError): string {
  const name = Object.entries(codes[of] ?? {}).find(([, number]) => number === code)?.[0];
  const words = `${spaced(of)}: ${name === undefined ? `code ${code}` : spaced(name)}`;
  return description === undefined || description === "" ? words : `${words} ("${description}")`;
}

export function rejectText(of: string, code: number): string {
  const name = Object.entries(requestRejects).find(([, number]) => number === code)?.[0];
  return of === "confirmedRequest" && name !== undefined ? spaced(name) : `${spaced(of)}, code ${code}`;
}
