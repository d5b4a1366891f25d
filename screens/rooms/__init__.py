"""The rooms of the desk: one screen per workspace, each decides what its keys do."""
