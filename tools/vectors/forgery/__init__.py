"""Notifications, genuine and forged: what must be accepted, and what must not.

letter    how such a vector is described, and how Alipay's side signs
honest    genuine ones, with everything that makes verifiers refuse them wrongly
changed   genuine ones that were changed on the way, each through the hole that some mistake leaves
signs     the sign is missing, damaged, guessed, or somebody else's
rsa       RSA signatures that only a careless verifier accepts
blocks    the same, where it parses what it should compare
cube      the same under the exponent 3, made without the key
roots     the cube roots for that
forge     what they forge with
"""
