"""Any text, file or recording -> messages of the protocol, and where they stand.

exchange     one recorded exchange, as the recordings' readers yield it
"""
