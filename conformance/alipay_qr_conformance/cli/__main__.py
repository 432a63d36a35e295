"""``python -m alipay_qr_conformance.cli`` is the command ``alipay-qr``."""

import sys

from alipay_qr_conformance.cli import main

sys.exit(main())
