"""libiec61850 (of pyiec61850-ng) as a publisher and a subscriber of GOOSE, over Ethernet and in sessions over UDP. Prints a JSON document a line.

goose-peer.py subscribe INTERFACE REFERENCE SECONDS
goose-peer.py publish INTERFACE REFERENCE
goose-peer.py oddly INTERFACE REFERENCE: numbers that go round, commissioning, simulation, a start in between
goose-peer.py subscribe-udp PORT REFERENCE SECONDS KEYID KEY ENCRYPTION SIGNATURE
goose-peer.py publish-udp PORT REFERENCE KEYID KEY ENCRYPTION SIGNATURE
"""

import ctypes as c
import json
import sys
import time

from libiec61850 import CommParameters, function, library, pointer

Listener = c.CFUNCTYPE(None, pointer, pointer)


receiver_create = function("GooseReceiver_create", pointer)
receiver_remote = function("GooseReceiver_createRemote", pointer, pointer)
receiver_interface = function("GooseReceiver_setInterfaceId", None, pointer, c.c_char_p)
receiver_add = function("GooseReceiver_addSubscriber", None, pointer, pointer)
receiver_start = function("GooseReceiver_start", None, pointer)
receiver_running = function("GooseReceiver_isRunning", c.c_bool, pointer)
receiver_stop = function("GooseReceiver_stop", None, pointer)
subscriber_create = function("GooseSubscriber_create", pointer, c.c_char_p, pointer)
subscriber_listener = function("GooseSubscriber_setListener", None, pointer, Listener, pointer)
valid = function("GooseSubscriber_isValid", c.c_bool, pointer)
parse_error = function("GooseSubscriber_getParseError", c.c_int, pointer)
values = function("GooseSubscriber_getDataSetValues", pointer, pointer)
go_id = function("GooseSubscriber_getGoId", c.c_char_p, pointer)
data_set = function("GooseSubscriber_getDataSet", c.c_char_p, pointer)
is_test = function("GooseSubscriber_isTest", c.c_bool, pointer)
numbers = {
    name: function(f"GooseSubscriber_get{name}", c.c_uint32, pointer)
    for name in ["StNum", "SqNum", "ConfRev", "TimeAllowedToLive"]
}
timestamp = function("GooseSubscriber_getTimestamp", c.c_uint64, pointer)
print_to = function("MmsValue_printToBuffer", c.c_char_p, pointer, c.c_char_p, c.c_int)
publisher_create = function("GoosePublisher_create", pointer, c.POINTER(CommParameters), c.c_char_p)
publisher_remote = function("GoosePublisher_createRemote", pointer, pointer, c.c_uint16)
for text in ["GoCbRef", "DataSetRef", "GoID"]:
    function(f"GoosePublisher_set{text}", None, pointer, c.c_char_p)
for number in ["ConfRev", "TimeAllowedToLive", "StNum", "SqNum"]:
    function(f"GoosePublisher_set{number}", None, pointer, c.c_uint32)
for flag in ["NeedsCommission", "Simulation"]:
    function(f"GoosePublisher_set{flag}", None, pointer, c.c_bool)
publisher_destroy = function("GoosePublisher_destroy", None, pointer)
publish_now = function("GoosePublisher_publish", c.c_int, pointer, pointer)
next_state = function("GoosePublisher_increaseStNum", c.c_uint64, pointer)
list_create = function("LinkedList_create", pointer)
list_add = function("LinkedList_add", None, pointer, pointer)
boolean = function("MmsValue_newBoolean", pointer, c.c_bool)
set_boolean = function("MmsValue_setBoolean", None, pointer, c.c_bool)
bits = function("MmsValue_newBitString", pointer, c.c_int)
session_create = function("RSession_create", pointer)
session_local = function("RSession_setLocalAddress", c.c_int, pointer, c.c_char_p, c.c_int)
session_remote = function("RSession_setRemoteAddress", c.c_int, pointer, c.c_char_p, c.c_int)
session_key = function("RSession_addKey", c.c_int, pointer, c.c_uint32, c.c_char_p, c.c_int, c.c_int, c.c_int)
session_active = function("RSession_setActiveKey", c.c_int, pointer, c.c_uint32)
session_start = function("RSession_start", c.c_int, pointer)


def say(**what):
    print(json.dumps(what), flush=True)


def subscribe(receiver, reference, seconds):
    def came(subscriber, _):
        buffer = c.create_string_buffer(2000)
        print_to(values(subscriber), buffer, 2000)
        say(
            valid=valid(subscriber),
            error=parse_error(subscriber),
            goId=go_id(subscriber).decode(),
            dataSet=data_set(subscriber).decode(),
            test=is_test(subscriber),
            t=timestamp(subscriber),
            values=buffer.value.decode(),
            **{name: get(subscriber) for name, get in numbers.items()},
        )

    subscriber = subscriber_create(reference.encode(), None)
    listener = Listener(came)
    subscriber_listener(subscriber, listener, None)
    receiver_add(receiver, subscriber)
    receiver_start(receiver)
    say(running=receiver_running(receiver))
    time.sleep(seconds)
    receiver_stop(receiver)


def described(publisher, reference, live):
    library.GoosePublisher_setGoCbRef(publisher, reference.encode())
    library.GoosePublisher_setDataSetRef(publisher, b"GEN/LLN0$d")
    library.GoosePublisher_setGoID(publisher, b"gen")
    library.GoosePublisher_setConfRev(publisher, 2)
    library.GoosePublisher_setTimeAllowedToLive(publisher, live)
    members = list_create()
    value = boolean(False)
    list_add(members, value)
    list_add(members, bits(-13))
    return members, value


def publish(publisher, reference):
    members, value = described(publisher, reference, 1000)
    for state in range(4):
        if state > 0:
            set_boolean(value, state % 2 == 1)
            next_state(publisher)
        for _ in range(3):
            publish_now(publisher, members)
            time.sleep(0.05)
        say(state=state)


def oddly(create, reference):
    publisher = create()
    members, value = described(publisher, reference, 3000)

    def send(on, times=2):
        set_boolean(value, on)
        for _ in range(times):
            publish_now(publisher, members)
            time.sleep(0.05)

    send(False)
    next_state(publisher)
    library.GoosePublisher_setStNum(publisher, 0xFFFFFFFF)
    send(True)
    next_state(publisher)
    send(False)
    next_state(publisher)
    send(True)
    library.GoosePublisher_setSqNum(publisher, 0xFFFFFFFE)
    send(True, 4)
    library.GoosePublisher_setNeedsCommission(publisher, True)
    send(True)
    library.GoosePublisher_setNeedsCommission(publisher, False)
    send(True)
    library.GoosePublisher_setSimulation(publisher, True)
    send(False)
    library.GoosePublisher_setSimulation(publisher, False)
    next_state(publisher)
    send(False)
    # What comes back has the numbers of a start, and another time.
    publisher_destroy(publisher)
    publisher = create()
    members, value = described(publisher, reference, 3000)
    send(True)
    publisher_destroy(publisher)
    publisher = create()
    members, value = described(publisher, reference, 3000)
    send(False)


def session(key_id, key, encryption, signature):
    made = session_create()
    if int(key_id) > 0:
        octets = bytes.fromhex(key)
        session_key(made, int(key_id), octets, len(octets), int(encryption), int(signature))
        session_active(made, int(key_id))
    return made


what, where, reference, *more = sys.argv[1:]
if what == "subscribe":
    receiver = receiver_create()
    receiver_interface(receiver, where.encode())
    subscribe(receiver, reference, float(more[0]))
elif what in ("publish", "oddly"):
    address = (c.c_uint8 * 6)(0x01, 0x0C, 0xCD, 0x01, 0x00, 0x09)

    def create():
        return publisher_create(c.byref(CommParameters(4, 7, 0x1009, address)), where.encode())

    if what == "publish":
        publish(create(), reference)
    else:
        oddly(create, reference)
elif what == "subscribe-udp":
    made = session(*more[1:])
    session_local(made, b"127.0.0.1", int(where))
    subscribe(receiver_remote(made), reference, float(more[0]))
else:
    made = session(*more)
    session_local(made, b"127.0.0.1", 0)
    session_remote(made, b"127.0.0.1", int(where))
    publisher = publisher_remote(made, 0x1009)
    session_start(made)
    publish(publisher, reference)
