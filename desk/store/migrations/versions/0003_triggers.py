"""Until when a release waits for its trigger"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('waits_until', sa.String(length=20), nullable=False, server_default='')
        )


def downgrade() -> None:
    raise RuntimeError("The log has one direction")
