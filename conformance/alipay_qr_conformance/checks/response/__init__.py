"""Level 3: what the subject makes of the gateway's answers.

Calls meet answers that are genuine, unproved, negative, doubtful, broken, or made to confuse their reader.
The subject must report what is proved and nothing more: ``success``, ``accepted``, ``failed``, ``unknown`` as
the adapter protocol defines them. A subject that takes a plain unproved or broken answer for more is
accused of that alone.
"""
