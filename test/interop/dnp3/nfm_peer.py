"""nfm-dnp3 as a master that reads. What it finds is printed as JSON, a line a step."""
import json
import sys

from dnp3py import DNP3Config, DNP3Master


def say(step, **more):
    print(json.dumps({"step": step, **more}), flush=True)


def polled(result):
    return {
        "success": result.success,
        "error": result.error,
        "restart": bool(result.iin and result.iin.device_restart),
        "counters": {one.index: one.value for one in result.counters},
        "analogs": {one.index: one.value for one in result.analog_inputs},
        "binaries": {one.index: one.value for one in result.binary_inputs},
    }


config = DNP3Config(
    host="127.0.0.1",
    port=int(sys.argv[2]),
    master_address=100,
    outstation_address=int(sys.argv[3]),
    response_timeout=3.0,
    # Confirmed it sends without ever resetting the link, which an outstation has to refuse.
    confirm_required=False,
    log_level="ERROR",
)
master = DNP3Master(config)
with master.connect():
    say("integrity", **polled(master.integrity_poll()))
    for number in (1, 2, 3):
        say(f"class {number}", **polled(master.read_class(number)))
    say("counters", counters={one.index: one.value for one in master.read_counters(0, 2)})
    say("analogs", analogs={one.index: one.value for one in master.read_analog_inputs(3, 5)})
    say("binaries", binaries={one.index: one.value for one in master.read_binary_inputs(0, 3)})
    say("restart", done=master.warm_restart())
