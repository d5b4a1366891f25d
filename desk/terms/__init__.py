"""The terminology checker: a termbase that editors own, and findings that are exact.

It needs no newsroom, no database and no network. `desk.terms.check.check` is the one entry point;
`desk.terms.live.Live` gives the same findings while somebody types.
"""
