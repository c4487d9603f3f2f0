"""Clients of MMS from the Python index, each in its own way: what py61850 and iec61850 find in a server, as JSON, line by line."""

import asyncio
import json
import os
import sys

which, port = sys.argv[1], int(sys.argv[2])
DOMAIN = "JEM01MTR"


def say(what, found):
    print(json.dumps({"what": what, "is": found}, default=list), flush=True)


def py61850():
    from py61850 import FileTransfer

    client = FileTransfer("127.0.0.1", port)
    client.connect()
    say("domains", client.get_server_directory())
    names = client.get_logical_device_directory(DOMAIN)
    say("names", len(names))
    say("nodes", [str(node).split()[0].split("/")[1] for node in client.get_logical_nodes(DOMAIN)])
    say("sets", client.get_data_set_directory(DOMAIN))
    say("float", client.read_value(DOMAIN, "MMXU1$MX$TotW$mag$f"))
    say("structure", client.read_value(DOMAIN, "MMXU1$MX$TotW"))
    say("set", client.read_data_set(DOMAIN, "LLN0$Inst")[::2])
    say("file", list(client.get_file("meter.cid")))
    client.close()


async def iec61850():
    from iec61850 import FC, IedConnection

    client = await IedConnection.connect(f"127.0.0.1:{port}")
    say("domains", await client.get_server_directory())
    model = await client.get_device_model()
    say("names", len(model["logical_devices"][0]["variables"]))
    say("nodes", await client.get_logical_device_directory(DOMAIN))
    say("float", await client.read_float(f"{DOMAIN}/MMXU1.TotW.mag.f", FC.MX))
    say("element", await client.read(f"{DOMAIN}/MHAI1.HA.phsAHar", FC.MX, array_index=7, component="cVal.mag.f"))
    say("set", (await client.get_data_set_values(f"{DOMAIN}/LLN0.Inst"))[::2])
    await client.write_uint32(f"{DOMAIN}/MMXU1.TotW.db", FC.CF, 250)
    await client.disconnect()


if which == "py61850":
    py61850()
else:
    asyncio.run(iec61850())
    # One process in ten dies of a signal afterwards: the package's own threads meet an interpreter that is being taken down. All is said and closed by then.
    os._exit(0)
