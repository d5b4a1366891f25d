"""The tables of Desk. No I/O here, and nothing of ours is imported.

The SQLModel classes define them, migrations are made from these; `tables.py` is made from them too
(`python -m desk.store.tabling`) and is what statements use.
"""
