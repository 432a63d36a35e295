"""Recorded traffic -> which messages and trades broke which requirement, and what could not be judged.

inputs     files, folders, archives, standard input -> inputs with a format and a clock
ndjson access log_lines flows     a part -> the judge; HAR is read by the package reading
tables books               the merchant's books and Alipay's statement, as events of trades
accounts   partners and the keys that their messages are verified with
patterns   regular expressions of legal values, made from the catalogue
forms      the names of a form, in their order -> a pattern of all forms like it
learned    lines like one that was read before -> their forms, by one pattern for the whole line
signs      encoded pairs -> the texts that are signed, and whether signs hold, for many messages at once
fast       passes messages of one form that are surely right; finds fault with none
slow       judges what the fast path did not pass, by the rules of live traffic
cohorts    a wrong sign -> the mistake that makes it; found once, then recognised by one hash
messages   what was recorded -> texts for the fast path
judge      a part -> a tally and the events of its trades (phase 1)
events     one line for each event of a trade, in partitions on disk
trades     the events of trades -> what their histories broke (phase 2); dull ones pass
history replay timeline    one trade that is not dull; its money, in `alipay_qr.ledger`; its events as shown
tally      counts of what was judged, broken and not judged; groups with their first places
run        both phases, with processes or with Dask, resumable
plan       inputs -> parts that are judged independently, the same whatever the number of processes
report     the JSON report, the terminal's text, and a run for the kit's other reports
kit        every name of the kit that the auditor imports
"""
