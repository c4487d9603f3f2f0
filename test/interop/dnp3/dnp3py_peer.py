"""dnp3py as an outstation that is read, and as a master that reads. What it finds is printed as JSON, a line a step."""
import asyncio
import json
import logging
import sys

from dnp3.application.builder import build_all_objects_request, build_cold_restart_request, build_range_request
from dnp3.core.enums import FunctionCode
from dnp3.database import (
    AnalogInputConfig,
    BinaryInputConfig,
    BinaryOutputConfig,
    CounterConfig,
    Database,
    EventClass,
)
from dnp3.master import DefaultSOEHandler, Master, MasterConfig, MasterTcpRunner
from dnp3.outstation import Outstation, OutstationConfig, OutstationTcpRunner

logging.basicConfig(level=logging.WARNING)


def say(step, **more):
    print(json.dumps({"step": step, **more}), flush=True)


async def outstation(port):
    database = Database()
    for k in range(4):
        database.add_binary_input(k, BinaryInputConfig(event_class=EventClass.CLASS_2))
        database.add_analog_input(k, AnalogInputConfig())
        database.add_counter(k, CounterConfig())
        database.add_frozen_counter(k, CounterConfig())
        database.update_binary_input(k, value=k % 2 == 1)
        database.update_analog_input(k, value=-100000 + 40000 * k)
        database.update_counter(k, value=1000000 + k)
    database.add_binary_output(0, BinaryOutputConfig())
    station = Outstation(database=database, config=OutstationConfig(address=1))
    runner = OutstationTcpRunner(outstation=station, host="127.0.0.1", port=port)
    serving = asyncio.create_task(runner.run())
    await asyncio.sleep(0.3)
    print(json.dumps({"ready": port}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.stop()
    serving.cancel()


def iin_of(infos):
    return [int(info.iin) for info in infos]


async def master(port, station):
    seen = DefaultSOEHandler()
    config = MasterConfig(address=100, outstation_address=station)
    runner = MasterTcpRunner(master=Master(handler=seen, config=config), host="127.0.0.1", port=port)
    async with runner:
        infos = await runner.integrity_poll()
        say(
            "integrity",
            iin=iin_of(infos),
            counters={k: v.value for k, v in seen.counters.items()},
            frozen={k: v.value for k, v in seen.frozen_counters.items()},
            analogs={k: v.value for k, v in seen.analog_inputs.items()},
            binaries={k: v.value for k, v in seen.binary_inputs.items()},
            outputs={k: v.value for k, v in seen.binary_outputs.items()},
        )
        asked = runner.master
        ranged = DefaultSOEHandler()
        asked.handler = ranged
        infos = await runner.request(
            build_range_request(
                FunctionCode.READ, group=30, variation=1, start=0, stop=1, seq=asked.next_request_sequence()
            )
        )
        say("range", iin=iin_of(infos), analogs={k: [v.value, int(v.quality)] for k, v in ranged.analog_inputs.items()})
        infos = await runner.request(asked.build_delay_measure())
        say("delay", iin=iin_of(infos))
        infos = await runner.request(
            build_all_objects_request(FunctionCode.IMMEDIATE_FREEZE, group=20, variation=0, seq=asked.next_request_sequence())
        )
        say("freeze", iin=iin_of(infos))
        await asyncio.sleep(0.5)
        events = DefaultSOEHandler()
        asked.handler = events
        infos = await runner.class_poll(class_1=True, class_2=True, class_3=True)
        say("events", iin=iin_of(infos), frozen={k: v.value for k, v in events.frozen_counters.items()})
        infos = await runner.request(build_cold_restart_request(seq=asked.next_request_sequence()))
        say("restart", iin=iin_of(infos))


if __name__ == "__main__":
    if sys.argv[1] == "outstation":
        asyncio.run(outstation(int(sys.argv[2])))
    else:
        asyncio.run(master(int(sys.argv[2]), int(sys.argv[3])))
