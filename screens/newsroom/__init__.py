"""The newsroom as a source of the rooms: an adapter over the verbs, safe to call from threads."""
