"""Trust: canonical form, keys, acts, roster, record, judge, seal, checkpoint. No I/O but keys."""
