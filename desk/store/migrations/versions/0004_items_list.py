"""When an item was written last, and the indexes that its list and the agency's days are read by

The column is filled from the revisions, which say it already; both are projections, which
`desk newsroom rebuild` compares with the signed log.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('at', sa.String(length=20), nullable=False, server_default='')
        )
        batch_op.drop_index(batch_op.f('ix_items_agency'))
    op.execute(
        'UPDATE items SET at = COALESCE('
        '(SELECT time FROM revisions WHERE revisions.digest = items.latest), \'\')'
    )
    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.create_index('ix_items_agency_id', ['agency', 'id'], unique=False)
        batch_op.create_index(
            'ix_items_list', ['at', 'id', 'agency', 'kind', 'language', 'state'], unique=False
        )


def downgrade() -> None:
    raise RuntimeError("The log has one direction")
