"""Runs pqopen-lib over a file of 32-bit floats (va vb vc ia ib ic, one after the other a second at a time) and prints what it measured as JSON.

pqopen-peer.py FILE RATE VOLTAGES AMPS HZ START_US harmonics|flicker|all
"""
import json
import sys
import time

import numpy as np
from daqopen.channelbuffer import AcqBuffer
from pqopen.powersystem import PowerSystem

file, rate, volts, amps, hz, start_us, what = sys.argv[1:]
rate, volts, amps, hz, start_us = int(rate), int(volts), int(amps), int(hz), int(start_us)
samples = np.memmap(file, dtype=np.float32, mode="r").reshape(-1, volts + amps, rate)
if samples.nbytes < 1 << 28:
    # What is timed does not read the file; an hour is not held.
    samples = np.array(samples)
size = 10 * rate
channels = [AcqBuffer(size=size, dtype=np.float64) for _ in range(volts + amps)]
clock = AcqBuffer(size=size, dtype=np.int64)
system = PowerSystem(zcd_channel=channels[0], input_samplerate=rate, nominal_frequency=hz, nper=10 if hz == 50 else 12)
for k in range(volts):
    system.add_phase(u_channel=channels[k], i_channel=channels[volts + k] if amps else None)
if what in ("harmonics", "all"):
    system.enable_harmonic_calculation(50)
system.enable_nper_abs_time_sync(clock)
if what in ("flicker", "all"):
    system.enable_fluctuation_calculation(nominal_voltage=230)
if what == "all":
    system.enable_mains_signaling_calculation(frequency=316.67)
    system.enable_under_over_deviation_calculation(u_din=230)
told = {}
seen = 0
began, used = time.perf_counter(), time.process_time()
for second, block in enumerate(samples):
    for k, channel in enumerate(channels):
        channel.put_data(block[k])
    clock.put_data(start_us + np.round((second * rate + np.arange(rate)) * (1e6 / rate)).astype(np.int64))
    system.process()
seconds, cpu = time.perf_counter() - began, time.process_time() - used
for name, channel in system.output_channels.items():
    if channel.sample_count == 0 or "1p" in name or "hp" in name:
        continue
    count = min(channel.sample_count, len(channel._data))
    told[name] = np.mean(np.asarray(channel._data[:count], dtype=np.float64), axis=0).tolist()
    told[name + ".count"] = count
print(json.dumps({"seconds": seconds, "cpu": cpu, "told": told}))
