/**
 * Certificates of a security setup (IC 64, attribute 6, methods 6 to 8; Green Book 9.2.6.6): who has the key that a client shows himself by
 * is known by who signed for him. The first is that of an authority, which signs for itself; all others are signed by one that is there.
 * When they begin and end is not looked at: a meter's clock is set by those whom they are of.
 */
import { publicKeyOf } from "#io/curves.ts";
import { WireError } from "#wire/cursor.ts";
import type { ClientSecurity } from "#protocol/dlms/cosem/logical-device.ts";
import type { ActionResult, Asker, Method } from "#protocol/dlms/cosem/object.ts";
import { membersOf } from "#protocol/dlms/cosem/read-data.ts";
import { array, enumerated, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import { isEqual, isIssuedBy, parseCertificate, type Certificate } from "./certificate.ts";
import { resultOf } from "./refused-result.ts";
import { suites } from "./suite.ts";

/** Whose certificates, and of which titles. */
export interface Certified {
  readonly security: ClientSecurity;
  readonly serverTitle: Uint8Array;
  readonly clientTitle: () => Uint8Array | undefined;
}

type Invoked = ReturnType<Method["invoke"]>;

/** certificate_entity and certificate_type. */
const entities = ["server", "client", "authority", "other"] as const;
const types = ["signature", "agreement", "tls", "other"] as const;
type Entity = (typeof entities)[number];
type Type = (typeof types)[number];

/** Certificates that are kept: three of each side, and authorities. */
const MOST = 10;

function titleText(title: Uint8Array | undefined): string {
  return title === undefined ? "" : title.toHex().toUpperCase();
}

function entityOf({ usage, commonName }: Certificate, { serverTitle, clientTitle }: Certified): Entity {
  if (usage === "authority") return "authority";
  const name = commonName.toUpperCase();
  if (name === titleText(serverTitle)) return "server";
  return name !== "" && name === titleText(clientTitle()) ? "client" : "other";
}

function typeOf({ usage }: Certificate): Type {
  // An authority's key signs.
  return usage === "authority" ? "signature" : usage;
}

function kept({ security }: Certified): readonly Certificate[] {
  return (security.certificates ?? []).map(parseCertificate);
}

export function certificatesOf(certified: Certified): Data {
  return array(
    kept(certified).map((one) =>
      structure(
        enumerated(entities.indexOf(entityOf(one, certified))),
        enumerated(types.indexOf(typeOf(one))),
        octets(one.serial),
        octets(one.issuer),
        octets(one.subject),
        octets(one.alternative),
      ),
    ),
  );
}

/** Methods of a meter that keeps certificates. */
export function certificateMethods(certified: Certified, access: NonNullable<Method["access"]>): readonly Method[] {
  if (certified.security.setCertificates === undefined) return [];
  return [
    { id: 6, name: "import_certificate", access, invoke: (asker, data) => take(certified, asker, data) },
    { id: 7, name: "export_certificate", access, invoke: (_, data) => give(certified, data) },
    { id: 8, name: "remove_certificate", access, invoke: (asker, data) => remove(certified, asker, data) },
  ];
}

function take(certified: Certified, { session }: Asker, data: Data): ActionResult {
  if (data.type !== "octet-string") return "type-unmatched";
  const { security } = certified;
  const certificate = read(data.value);
  const before = kept(certified);
  if (certificate === undefined || !isTrusted(certificate, before, certified)) return "other-reason";
  // Another one for the same takes its place.
  const stay = before.filter((one) => one.usage !== certificate.usage || !isEqual(one.subject, certificate.subject));
  if (stay.length >= MOST) return "other-reason";
  const list = [...stay, certificate].map(({ der }) => der);
  const refused = security.setCertificates?.(list, session);
  if (refused !== undefined || entityOf(certificate, certified) !== "client") return resultOf(refused);
  const key = keyFor(certificate);
  return key === undefined ? "success" : resultOf(security.setKey(key, certificate.publicKey, session));
}

/** The client's key that a certificate is of. */
function keyFor({ usage }: Certificate): "clientSigning" | "clientAgreement" | undefined {
  return usage === "signature" ? "clientSigning" : usage === "agreement" ? "clientAgreement" : undefined;
}

function read(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(Uint8Array.from(der));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function isTrusted(certificate: Certificate, before: readonly Certificate[], certified: Certified): boolean {
  const { suite, signing, agreement } = certified.security;
  const { curve } = suites[suite];
  if (curve === undefined || certificate.curve !== curve) return false;
  const authorities = certificate.usage === "authority" ? [certificate, ...before] : before;
  if (!authorities.some((one) => isIssuedBy(certificate, one))) return false;
  if (entityOf(certificate, certified) !== "server") return true;
  // The meter has no use for a certificate of a key that it has not.
  return [signing, agreement].some((own) => {
    const publicKey = own === undefined ? undefined : publicKeyOf(curve, own);
    return publicKey !== undefined && isEqual(publicKey, certificate.publicKey);
  });
}

/** By entity, type and system title, or by serial number and issuer; "nonsense" of what names neither. */
function named(certified: Certified, data: Data): Certificate | undefined | "nonsense" {
  const [by, options] = membersOf(data, 2) ?? [];
  if (by?.type !== "enum" || options === undefined) return "nonsense";
  const list = kept(certified);
  if (by.value === 0) {
    const [entity, type, title] = membersOf(options, 3) ?? [];
    if (entity?.type !== "enum" || type?.type !== "enum" || title?.type !== "octet-string") return "nonsense";
    const [whose, what, name] = [entities[entity.value], types[type.value], titleText(title.value)];
    return list.find(
      (one) =>
        entityOf(one, certified) === whose &&
        typeOf(one) === what &&
        // An authority has no title.
        (whose === "authority" || one.commonName.toUpperCase() === name),
    );
  }
  const [serial, issuer] = by.value === 1 ? (membersOf(options, 2) ?? []) : [];
  if (serial?.type !== "octet-string" || issuer?.type !== "octet-string") return "nonsense";
  return list.find((one) => isEqual(one.serial, serial.value) && isEqual(one.issuer, issuer.value));
}

function give(certified: Certified, data: Data): Invoked {
  const found = named(certified, data);
  if (found === "nonsense") return "type-unmatched";
  return found === undefined ? "object-unavailable" : { result: "success", data: octets(found.der) };
}

/** With the certificate goes the key that was taken from it. */
function remove(certified: Certified, { session }: Asker, data: Data): ActionResult {
  const { security } = certified;
  const found = named(certified, data);
  if (found === "nonsense") return "type-unmatched";
  if (found === undefined) return "object-unavailable";
  const list = (security.certificates ?? []).filter((der) => !isEqual(der, found.der));
  const refused = security.setCertificates?.(list, session);
  const key = refused === undefined && entityOf(found, certified) === "client" ? keyFor(found) : undefined;
  const current = key === undefined ? undefined : security[key];
  if (key === undefined || current === undefined || !isEqual(current, found.publicKey)) return resultOf(refused);
  return resultOf(security.forgetKey?.(key, session));
}
