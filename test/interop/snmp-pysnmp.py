"""pysnmp reads a meter: snmp-pysnmp.py PORT, with what a meter of test/interop/snmp.test.ts knows of its users; prints JSON."""
import asyncio
import json
import sys

from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    USM_AUTH_HMAC96_SHA,
    USM_AUTH_HMAC128_SHA224,
    USM_AUTH_HMAC192_SHA256,
    USM_AUTH_HMAC256_SHA384,
    USM_AUTH_HMAC384_SHA512,
    USM_PRIV_CFB128_AES,
    UsmUserData,
    bulk_walk_cmd,
    get_cmd,
    set_cmd,
)
from pysnmp.proto.rfc1902 import OctetString

NAME = "1.3.6.1.2.1.1.5.0"
AUTHENTICATIONS = {
    "sha": USM_AUTH_HMAC96_SHA,
    "sha-224": USM_AUTH_HMAC128_SHA224,
    "sha-256": USM_AUTH_HMAC192_SHA256,
    "sha-384": USM_AUTH_HMAC256_SHA384,
    "sha-512": USM_AUTH_HMAC384_SHA512,
}


async def main(port: int) -> None:
    engine = SnmpEngine()
    target = await UdpTransportTarget.create(("127.0.0.1", port), timeout=5, retries=2)
    said = {}

    async def get(who):
        indication, status, _, binds = await get_cmd(engine, who, target, ContextData(), ObjectType(ObjectIdentity(NAME)))
        return str(indication or status.prettyPrint() if indication or status else binds[0][1])

    v2c = CommunityData("site reader", mpModel=1)
    said["v2c"] = await get(v2c)
    for name, protocol in AUTHENTICATIONS.items():
        user = UsmUserData(
            f"user-{name}",
            authKey="authentic passphrase",
            privKey="private passphrase",
            authProtocol=protocol,
            privProtocol=USM_PRIV_CFB128_AES,
        )
        said[name] = await get(user)
    said["bob"] = await get(UsmUserData("bob", authKey="authentic passphrase", authProtocol=USM_AUTH_HMAC192_SHA256))
    said["eve"] = await get(UsmUserData("eve", authKey="authentic passphrase", authProtocol=USM_AUTH_HMAC192_SHA256))
    _, status, index, _ = await set_cmd(
        engine, v2c, target, ContextData(), ObjectType(ObjectIdentity(NAME), OctetString("other"))
    )
    said["set"] = [status.prettyPrint(), int(index)]
    rows = []
    walk = bulk_walk_cmd(
        engine, v2c, target, ContextData(), 0, 25, ObjectType(ObjectIdentity("1.3.6.1.4.1.32473.7659")), lexicographicMode=False
    )
    async for indication, status, _, binds in walk:
        if indication or status:
            rows.append([str(indication or status), ""])
            break
        rows.extend([[str(name.getOid()), value.__class__.__name__] for name, value in binds])
    said["walk"] = rows
    print(json.dumps(said))


asyncio.run(main(int(sys.argv[1])))
