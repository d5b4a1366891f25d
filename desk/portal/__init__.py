"""The reference portal: what a channel of the public web does with Desk's sealed bundles."""
