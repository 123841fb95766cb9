"""The line protocol between the benchmark and a peer: see tools/bench/contender.ts."""

import json
import os
import sys
import time


def serve(step, version):
    """Does one step, tells it, and then as many steps as each line of standard input asks for."""
    answers = os.fdopen(3, "w")

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    step()
    answer({"version": version})
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e3)
        answer({"ms": times})
