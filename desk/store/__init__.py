"""The store: one place that opens a transaction, the log, projections, sealed bytes, migrations."""
