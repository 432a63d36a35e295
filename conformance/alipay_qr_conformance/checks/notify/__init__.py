"""Level 3: what the subject makes of notifications, genuine ones and forged ones.

What counts is the reply, and what is recorded afterwards (operation ``trade``, where the subject has one),
never that it claims to refuse. Every forgery is one that a careful verifier never believes; a subject that
believes any change at all is accused of that alone. Where the protocol itself is weak (a moved boundary
keeps the signature valid), the finding says so.
"""
