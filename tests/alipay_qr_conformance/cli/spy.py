"""An adapter that tells its key in part, and notes what it sees: command lines, and temporary files."""

import json
import os
import sys
from pathlib import Path

HELLO = {
    "protocol": "1",
    "name": "spy",
    "version": "1",
    "language": "python",
    "operations": ["configure", "reset", "sign"],
    "sign_types": ["MD5"],
    "charsets": ["UTF-8"],
    "clock": False,
    "parallel": False,
}


def seen():
    """Yield the command lines of all processes, and all files of the folder of temporary ones."""
    for path in (*Path("/proc").glob("[0-9]*/cmdline"), *Path(os.environ["TMPDIR"]).rglob("*")):
        try:
            if path.is_file():
                yield str(path).encode() + b"\n" + path.read_bytes() + b"\n"
        except OSError:
            continue


def main():
    notes, key = Path(sys.argv[1]), ""
    for number, line in enumerate(sys.stdin):
        request = json.loads(line)
        op, args = request["op"], request["args"]
        key = args.get("md5_key", key)
        if number % 8 == 2:
            with notes.open("ab") as file:
                file.writelines(seen())
        sys.stderr.write(f"the key begins with {key[:20]}\n")
        sys.stderr.flush()
        result = {"hello": HELLO, "sign": {"sign": key[2:]}}.get(op, {})
        sys.stdout.write(json.dumps({"id": request["id"], "result": result}) + "\n")
        sys.stdout.flush()


main()
