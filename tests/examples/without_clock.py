"""Runs an adapter and hides that it can be told the time: ``python without_clock.py COMMAND ...``.

What is behind it reads the clock of its system, as most shops do.
"""

import json
import subprocess
import sys

child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for line in sys.stdin.buffer:
    request = json.loads(line)
    assert "now" not in request
    child.stdin.write(line)
    child.stdin.flush()
    answer = child.stdout.readline()
    if request["op"] == "hello":
        told = json.loads(answer)
        told["result"]["clock"] = False
        answer = json.dumps(told).encode() + b"\n"
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
child.stdin.close()
child.wait()
