"""Run a shop where ``globalmapi.alipay.com`` leads to the kit's gateway: in namespaces of its own.

    unshare --map-root-user --mount --net python apart.py FOLDER COMMAND ...

What the how-to does with /etc/hosts and a redirection of port 443 happens here, where nobody else sees it.
"""

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

SIOCSIFFLAGS, IFF_UP = 0x8914, 1

folder, command = Path(sys.argv[1]), sys.argv[2:]
with socket.socket() as device:
    fcntl.ioctl(device, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
hosts = folder / "hosts"
hosts.write_text("127.0.0.1 localhost globalmapi.alipay.com\n")
subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
words = ["gateway", "--tls", "--ca-file", str(folder / "ca.pem"), "--port", "443", "--lang", "en"]
gateway = subprocess.Popen(
    [sys.executable, "-m", "alipay_qr_conformance.cli", *words], stdout=subprocess.PIPE, text=True
)
try:
    for line in gateway.stdout:
        if line == "ready\n":
            break
    print(subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout)
finally:
    gateway.terminate()
print(gateway.communicate(timeout=20)[0])
