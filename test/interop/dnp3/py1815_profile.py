"""py1815 as a master that holds a device profile against the outstation it is of: profile, port, address."""
import asyncio
import json
import sys

from py1815.master import Master
from py1815.master.profile import compare_plan, run_async
from py1815.master.tasks import Tasks


def point(entry):
    return [entry.type.name, entry.index]


async def compare(file, port, station):
    with open(file, encoding="utf-8") as opened:
        document = opened.read()
    async with Master() as master:
        tasks = Tasks(startup=False, events_when_indicated=False)
        meter = await master.add(
            "meter", host="127.0.0.1", port=port, outstation_address=station, master_address=100, tasks=tasks
        )
        found = await run_async(meter, compare_plan(document))
        for entry in found.declared:
            print(json.dumps({"step": f"{entry.type.name} {entry.index}", "name": entry.name, "class": entry.event_class,
                              "class0": entry.class_0, "deadband": entry.deadband}))
        print(json.dumps({
            "step": "compared",
            "absent": [point(entry) for entry in found.absent],
            "undeclared": [[kind.name, index] for kind, index in found.undeclared],
            "misplaced": [point(entry) for entry, _carried in found.class_0],
            "served": len(found.served),
        }))


asyncio.run(compare(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
