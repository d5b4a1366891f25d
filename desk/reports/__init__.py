"""Reports: how punctual releases were and how long work took, from the signed acts alone.

`facts` reads the log once and keeps what can be counted; `outings` and `steps` are pure functions
over that; `report` sums them up by month and agency; `tables` writes them as CSV.
"""
