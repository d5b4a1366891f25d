"""Enquiries of journalists, a projection of their acts; who speaks to a release"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('enquiries',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=35), nullable=False),
    sa.Column('agency', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('contact', sa.String(length=20), nullable=False),
    sa.Column('due', sa.String(length=20), nullable=False),
    sa.Column('opened', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=20), nullable=False),
    sa.Column('closed', sa.String(length=20), nullable=False),
    sa.Column('forgotten', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('enquiries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enquiries_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_agency'), ['agency'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_due'), ['due'], unique=False)
        batch_op.create_index(batch_op.f('ix_enquiries_item'), ['item'], unique=False)

    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speaks', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    raise RuntimeError("The log has one direction")
