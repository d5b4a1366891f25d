"""The publisher: follow the log, stage ahead, commit at the instant, compare afterwards.

home      its own directory: key, secret, lock, copy of the log, last wall time
follower  reads the newsroom's log, verifies, pins, and answers what the record says
ledger    what it claimed, called and was told, in its own database
timer     waits that never end early, on either clock
bundles   the sealed bundle of a release for one channel
channel   one channel's driver with its epoch, clock and state
instant   the commit: from T - 2 s to the receipts
loop      the reconcile loop: what is due, do the next step
outbox    acts of the publisher on their way into the log
readback  what the public sees, compared with what was signed
"""
