"""The publisher: follow the log, stage ahead, commit at the instant, compare afterwards.

home      its own directory: key, secret, lock, copy of the log, last wall time
follower  reads the newsroom's log, verifies, pins, and answers what the record says
archive   acts that count, by subject; agenda: releases that are not over, by instant
ledger    what it claimed, called and was told, in its own database
timer     waits that never end early, on either clock; clocks: whether the time may be believed
bundles   the sealed bundle of a release for one channel
channel   one channel's driver with its epoch, clock and state
duties    what runs in the background, at most one of each kind
stager    gets bundles there, takes them back, asks what became of them
instant   the commit: from T - 2 s to the receipts
due       which releases are to be staged, opened, given up, missed
triggers  releases that open when a script says so
loop      the reconcile loop: what is due, do the next step
after     acknowledgements, alarms, what opened, checkpoints
tending   what each channel needs between releases: withdrawals, comparisons, the calendar
rehearsal everything that a release needs but its commit, tried once
outbox    acts of the publisher on their way into the log
readback  what the public sees, compared with what was signed
joiners   wraps sealed keys for people who join
status    the file that monitors read
leader    who leads among several publishers on one machine; feed: what a standby copies
succession  what a standby does, and how it takes over
"""
