"""The line protocol between the benchmark and a peer: see tools/bench/contender.ts."""

import json
import os
import sys
import time


def forget_peak():
    """Has Linux forget how much memory this process has held: its peak is counted from here on. Elsewhere it stays as it is."""
    try:
        with open("/proc/self/clear_refs", "w") as references:
            references.write("5")
    except OSError:
        pass


def resident_megabytes():
    """What this process holds; None where the system doesn't tell."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return None


def serve(step, version):
    """Does one step, tells it, and then as many steps as each line of standard input asks for."""
    answers = os.fdopen(3, "w")

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    memory = resident_megabytes()
    value = step()
    answer({"version": version, "memory": memory, "value": value if isinstance(value, float) else None})
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e3)
        answer({"ms": times})
