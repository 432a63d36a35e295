"""The builders of the golden vectors: `python -m tools.vectors` writes ``vectors/``, always the same bytes.

case       how a vector is described, in prose: a function, its docstring, its requirement, its twin
messages   the requests and the notification that nearly every vector is one edit away from
signers    every sign three times: cryptography, pycryptodome, the openssl command
keys       the test keys, in the forms that libraries ask for
steps      from parameters to the sign, with every value on the way
sets       which vectors stand in which file
notes      why each requirement matters, as the files say it
schemas    the JSON Schema of each kind
ledger     the ids that were ever published
external   signatures that others published
text/      the vectors about the signed text: one module a rule
forgery/   the vectors about verifying: genuine and forged notifications
"""
