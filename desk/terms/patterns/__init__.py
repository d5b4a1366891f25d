"""Pattern rules: what pairs of forms cannot hold. Each module is one family of rules.

A pattern is a function from the visible text to spots, registered with `@pattern`. Expressions
have no repeat inside a repeat and bounded looks around, so every pattern is linear in the text.
"""
