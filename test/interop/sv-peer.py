"""libiec61850 (of pyiec61850-ng) as a publisher and a subscriber of sampled values. Prints JSON, a document a line.

sv-peer.py subscribe INTERFACE APPID SECONDS
sv-peer.py publish INTERFACE SVID RATE SECONDS
"""

import ctypes as c
import json
import math
import sys
import time

from libiec61850 import CommParameters, function, pointer

Listener = c.CFUNCTYPE(None, pointer, pointer, pointer)


receiver_create = function("SVReceiver_create", pointer)
receiver_interface = function("SVReceiver_setInterfaceId", None, pointer, c.c_char_p)
receiver_add = function("SVReceiver_addSubscriber", None, pointer, pointer)
receiver_start = function("SVReceiver_start", None, pointer)
receiver_stop = function("SVReceiver_stop", None, pointer)
receiver_running = function("SVReceiver_isRunning", c.c_bool, pointer)
subscriber_create = function("SVSubscriber_create", pointer, pointer, c.c_uint16)
subscriber_listener = function("SVSubscriber_setListener", None, pointer, Listener, pointer)
sample_count = function("SVSubscriber_ASDU_getSmpCnt", c.c_uint16, pointer)
synchronised = function("SVSubscriber_ASDU_getSmpSynch", c.c_uint8, pointer)
revision = function("SVSubscriber_ASDU_getConfRev", c.c_uint32, pointer)
name_of = function("SVSubscriber_ASDU_getSvId", c.c_char_p, pointer)
int32 = function("SVSubscriber_ASDU_getINT32", c.c_int32, pointer, c.c_int)
size_of = function("SVSubscriber_ASDU_getDataSize", c.c_int, pointer)
publisher_create = function("SVPublisher_create", pointer, c.POINTER(CommParameters), c.c_char_p)
add_asdu = function("SVPublisher_addASDU", pointer, pointer, c.c_char_p, c.c_char_p, c.c_uint32)
add_int32 = function("SVPublisher_ASDU_addINT32", c.c_int, pointer)
set_int32 = function("SVPublisher_ASDU_setINT32", None, pointer, c.c_int, c.c_int32)
set_count = function("SVPublisher_ASDU_setSmpCnt", None, pointer, c.c_uint16)
set_synchronised = function("SVPublisher_ASDU_setSmpSynch", None, pointer, c.c_uint16)
complete = function("SVPublisher_setupComplete", None, pointer)
publish = function("SVPublisher_publish", None, pointer)


def subscribe(interface, app_id, seconds):
    came = []

    def heard(_subscriber, _parameter, asdu):
        size = size_of(asdu)
        values = [int32(asdu, 8 * k) for k in range(size // 8)]
        came.append((sample_count(asdu), synchronised(asdu), revision(asdu), size, name_of(asdu).decode(), values))

    listener = Listener(heard)
    receiver = receiver_create()
    receiver_interface(receiver, interface.encode())
    subscriber = subscriber_create(None, int(app_id))
    subscriber_listener(subscriber, listener, None)
    receiver_add(receiver, subscriber)
    receiver_start(receiver)
    print("running" if receiver_running(receiver) else "not running", flush=True)
    time.sleep(float(seconds))
    receiver_stop(receiver)
    time.sleep(0.2)
    print(json.dumps({"came": came[:20_000]}))


def publish_stream(interface, sv_id, rate, seconds):
    rate = int(rate)
    parameters = CommParameters(4, 0, 0x4000, (c.c_uint8 * 6)(1, 0x0C, 0xCD, 4, 0, 1))
    publisher = publisher_create(c.byref(parameters), interface.encode())
    # The library does not copy it.
    name = c.create_string_buffer(sv_id.encode())
    asdu = add_asdu(publisher, c.cast(name, c.c_char_p), None, 1)
    places = [(add_int32(asdu), add_int32(asdu)) for _ in range(8)]
    complete(publisher)
    for _value, quality in places:
        set_int32(asdu, quality, 0)
    set_synchronised(asdu, 2)
    begin = time.time()
    first = math.ceil((begin % 1) * rate)
    for n in range(int(float(seconds) * rate)):
        due = math.floor(begin) + (first + n) / rate
        while time.time() < due:
            time.sleep(0.0005)
        angle = 2 * math.pi * 50 * (first + n) / rate
        for k in range(3):
            set_int32(asdu, places[k][0], round((5 + k) * 1000 * math.sqrt(2) * math.sin(angle - 2 * math.pi * k / 3)))
            volts = (230 + k) * 100 * math.sqrt(2) * math.sin(angle - 2 * math.pi * k / 3)
            set_int32(asdu, places[4 + k][0], round(volts))
        set_count(asdu, (first + n) % rate)
        publish(publisher)


{"subscribe": subscribe, "publish": publish_stream}[sys.argv[1]](*sys.argv[2:])
