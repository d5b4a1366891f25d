"""Signatures of a release are counted as the judge counts them

No table changes its shape. What a release's row says of its signatures follows from acts and
rules, which SQL does not know: `desk newsroom migrate` makes every projection again from the log
after an upgrade. The number only sees to it that this is done before anybody reads the old count.
"""

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("The log has one direction")
