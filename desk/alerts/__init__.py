"""Alerts: people are told what waits and what goes wrong, by mail, webhook and terminal bell.

events   what can be told, made of ids, code names, states and times only
sight    what the signed log says, read on from where it was left
status   what the publisher says of itself in its status file
watch    the pure function from both and the time to events
targets  who is told about what, as calendar.yaml says
outbox   each event once for each target, across restarts, with retries
message  the words of a mail and the document of a webhook
mail, webhook, courier, service: the delivery, in a process of its own
bell     the same events for the desk on the terminal

Nothing here can hold up a release: the publisher knows nothing of it, and around an instant it
keeps still. Nothing here can give text away: no sealed text is ever opened.
"""
